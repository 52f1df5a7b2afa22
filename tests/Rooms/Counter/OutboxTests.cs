using Jpki.Card;
using Jpki.Counter;
using Jpki.Forms;
using Xunit;

namespace Jpki.Tests.Rooms.Counter;

/// <summary>Store and forward: nothing is lost, nothing happens twice.</summary>
public sealed class OutboxTests
{
    [Fact, Cps("4-2-1")]
    public async Task A_notice_waits_while_the_Authority_is_away_and_is_answered_when_it_is_back()
    {
        await using var house = await CounterHouse.Open(authorityIsUp: false);
        var waiting = await house.UpTo(ApplicationState.Waiting);
        Assert.Equal(ApplicationState.Waiting, waiting.State);
        Assert.Equal((1, house.Clock.GetUtcNow()), (house.Room.Waiting, house.Room.WaitingSince));

        await house.Authority.Start();
        await house.RunOutbox();

        Assert.Equal(ApplicationState.Issued, house.Now(waiting).State);
        Assert.Equal(1, house.Authority.Issued);
    }

    [Fact]
    public async Task A_notice_survives_the_end_of_the_process()
    {
        await using var house = await CounterHouse.Open(authorityIsUp: false);
        var waiting = await house.UpTo(ApplicationState.Waiting);

        house.Restart();
        await house.Authority.Start();
        await house.RunOutbox();

        var issued = house.Now(waiting);
        Assert.Equal(ApplicationState.Issued, issued.State);
        Assert.Equal(issued.Certificate, CardImage.Read(Assert.Single(house.CardFiles)).SignCertificate);
    }

    [Fact]
    public async Task An_answer_that_got_lost_is_asked_for_again_and_recorded_once()
    {
        await using var house = await CounterHouse.Open();
        house.Authority.LosesAnswers = true;
        var waiting = await house.UpTo(ApplicationState.Waiting);
        Assert.Equal(ApplicationState.Waiting, waiting.State);

        house.Restart();
        house.Authority.LosesAnswers = false;
        await house.RunOutbox();

        var issued = house.Now(waiting);
        Assert.Equal(ApplicationState.Issued, issued.State);
        Assert.Equal(1, house.Authority.Issued);
        Assert.True(house.Authority.Arrived.Count >= 2);
        Assert.Single(house.Authority.Arrived.Cast<IssuanceNotice>().Select(n => n.NoticeId).Distinct());
        Assert.Single(house.Room.Revocations.CertificatesOf(house.Officer, issued.ResidentId!));
    }

    [Theory]
    [InlineData(ApplicationState.Received)]
    [InlineData(ApplicationState.Matched)]
    [InlineData(ApplicationState.Proven)]
    [InlineData(ApplicationState.KeyPairMade)]
    [InlineData(ApplicationState.Issued)]
    public async Task Work_goes_on_after_a_restart_at_any_step(ApplicationState reached)
    {
        await using var house = await CounterHouse.Open();
        var application = await house.UpTo(reached);

        house.Restart();
        var desk = house.Room.Issuance;

        if (reached <= ApplicationState.Received)
            CounterHouse.Done(await desk.Match(house.Officer, application.Id));
        if (reached <= ApplicationState.Matched)
            CounterHouse.Done(await desk.Prove(house.Officer, application.Id, CounterHouse.Licence));
        if (reached <= ApplicationState.Proven)
            CounterHouse.Done(await house.MakeKeyPair(application.Id, KeyKind.Rsa2048));
        if (reached <= ApplicationState.KeyPairMade)
            CounterHouse.Done(await desk.Notify(house.Officer, application.Id));
        Assert.Equal(application.Id, CounterHouse.Done(await house.Deliver(application.Id)).ApplicationId);
        Assert.Equal(1, house.Authority.Issued);
    }

    [Fact]
    public async Task Who_waits_is_told_the_place_in_the_line_until_it_is_done()
    {
        await using var house = await CounterHouse.Open(authorityIsUp: false);
        var first = await house.UpTo(ApplicationState.Waiting);
        house.Clock.Advance(TimeSpan.FromMilliseconds(5));
        var second = await house.UpTo(ApplicationState.Waiting, house.Somebody(1));

        var places = (house.Room.PlaceOf(first.Id)?.Position, house.Room.PlaceOf(second.Id)?.Position);
        var told = house.Room.PlaceOf(second.Id)!.Text;
        await house.Authority.Start();
        await house.RunOutbox();

        Assert.Equal((1, 2), places);
        Assert.Contains("2番目", told, StringComparison.Ordinal);
        Assert.Null(house.Room.PlaceOf(first.Id));
        Assert.Equal(2, house.Authority.Issued);
    }

    [Fact]
    public async Task A_busy_Authority_is_asked_again_when_it_says_so_and_nothing_is_refused()
    {
        await using var house = await CounterHouse.Open();
        house.Authority.IsBusy = true;
        var waiting = await house.UpTo(ApplicationState.Waiting);

        var place = house.Room.PlaceOf(waiting.Id)!;
        var told = house.Clock.GetUtcNow().AddSeconds(7);
        house.Authority.IsBusy = false;
        await house.RunOutbox();

        Assert.Equal((1, told), (place.Attempts, place.NextAt));
        Assert.Contains("the Authority has a line", house.Log(), StringComparison.Ordinal);
        Assert.Equal(1, house.Authority.Issued);
    }

    [Fact]
    public async Task A_step_is_done_once_however_often_it_is_asked_for()
    {
        await using var house = await CounterHouse.Open();
        var application = await house.UpTo(ApplicationState.KeyPairMade);

        var tries = await Task.WhenAll(Enumerable.Range(0, 5)
            .Select(_ => house.Room.Issuance.Notify(house.Officer, application.Id)));

        Assert.Single(tries, t => t.Refusal is null);
        Assert.Equal(1, house.Authority.Issued);
    }

    [Fact]
    public async Task A_certificate_for_another_key_never_reaches_the_card()
    {
        await using var house = await CounterHouse.Open();
        house.Authority.MixesUpKeys = true;

        var application = await house.UpTo(ApplicationState.Waiting);

        Assert.Equal(ApplicationState.Waiting, application.State);
        Assert.Null(CardImage.Read(Assert.Single(house.CardFiles)).SignCertificate);
    }

    [Fact]
    public async Task A_serial_number_that_the_books_have_is_no_answer_and_holds_up_nobody_else()
    {
        await using var house = await CounterHouse.Open();
        await house.UpTo(ApplicationState.Issued);
        house.Authority.RepeatsSerials = true;
        var doubled = await house.UpTo(ApplicationState.Waiting, house.Somebody(1));

        house.Authority.RepeatsSerials = false;
        var next = await house.UpTo(ApplicationState.Issued, house.Somebody(2));

        Assert.Equal(ApplicationState.Waiting, doubled.State);
        Assert.Equal(ApplicationState.Issued, next.State);
        Assert.Contains("unusable", house.Log(), StringComparison.Ordinal);
    }
}
