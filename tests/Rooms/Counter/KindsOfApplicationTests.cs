using Jpki.Card;
using Jpki.Counter;
using Jpki.Cps;
using Jpki.Forms;
using Xunit;

namespace Jpki.Tests.Rooms.Counter;

/// <summary>New, renewal, after a revocation, by an agent: which is open to whom.</summary>
public sealed class KindsOfApplicationTests
{
    [Fact, Cps("4-1-2")]
    public async Task The_same_paper_twice_is_one_application()
    {
        await using var house = await CounterHouse.Open(authorityIsUp: false);
        var form = CounterHouse.FormOf(house.Somebody());

        var both = await Task.WhenAll(
            house.Room.Issuance.Receive(house.Officer, form), house.Room.Issuance.Receive(house.Officer, form));
        var other = await house.Room.Issuance.Receive(house.Officer, CounterHouse.FormOf(house.Somebody(1)));

        Assert.Equal(CounterHouse.Done(both[0]).Id, CounterHouse.Done(both[1]).Id);
        Assert.NotEqual(CounterHouse.Done(both[0]).Id, CounterHouse.Done(other).Id);
        Assert.Equal(2, house.Room.Issuance.Recent(house.Officer).Count);
    }

    [Fact, Cps("3-2"), Cps("4-1-1①")]
    public async Task A_renewal_in_the_last_three_months_ends_the_old_certificate_and_keeps_the_card()
    {
        await using var house = await CounterHouse.Open();
        var old = await house.UpTo(ApplicationState.Delivered);
        var card = CardImage.Read(Assert.Single(house.CardFiles)).Number;
        house.Clock.Advance(TimeSpan.FromDays(365 * 3 - 60));

        var renewed = await Issue(house, ApplicationKind.Renewal);

        Assert.Equal((ApplicationState.Issued, old.Serial), (renewed.State, renewed.Renews));
        Assert.Equal(old.Serial, house.Authority.Arrived.OfType<IssuanceNotice>().Last().Renews);
        var image = CardImage.Read(Assert.Single(house.CardFiles));
        Assert.Equal(card, image.Number);
        Assert.Equal(renewed.Certificate, image.SignCertificate);
        var held = house.Room.Revocations.CertificatesOf(house.Officer, old.ResidentId!);
        Assert.Equal(RevocationReason.Superseded, held.Single(c => c.Serial == old.Serial).Reason);
        Assert.Null(held.Single(c => c.Serial == renewed.Serial).Reason);
    }

    [Theory, Cps("3-2"), Cps("3-3"), Cps("4-2-3")]
    [InlineData(ApplicationKind.New, "live", "4-2-3")]
    [InlineData(ApplicationKind.Reissue, "live", "4-2-3")]
    [InlineData(ApplicationKind.Renewal, "live", "3-2")]
    [InlineData(ApplicationKind.Renewal, "none", "3-2")]
    [InlineData(ApplicationKind.Reissue, "none", "3-3")]
    [InlineData(ApplicationKind.Renewal, "revoked", "3-2")]
    [InlineData(ApplicationKind.Reissue, "revoked", null)]
    [InlineData(ApplicationKind.New, "revoked", null)]
    public async Task What_is_held_decides_what_may_be_asked_for_before_the_card_is_touched(
        ApplicationKind kind, string held, string? clause)
    {
        await using var house = await CounterHouse.Open();
        if (held != "none")
            await house.UpTo(ApplicationState.Delivered);
        if (held == "revoked")
        {
            CounterHouse.Done(await house.Room.Revocations.Take(house.Officer, new()
            {
                Person = CounterHouse.FormOf(house.Somebody()),
                Reason = RevocationReason.KeyCompromise,
                Identity = CounterHouse.Licence,
            }));
        }
        var application = CounterHouse.Done(await house.Room.Issuance.Receive(house.Officer, FormOf(house, kind)));

        var matched = await house.Room.Issuance.Match(house.Officer, application.Id);

        Assert.Equal(clause, matched.Refusal?.Clause.Number);
        var now = house.Now(application).State;
        Assert.Equal(clause is null ? ApplicationState.Matched : ApplicationState.Received, now);
    }

    [Theory, Cps("4-1-1(2)")]
    [InlineData(LetterState.Confirmed, ApplicationState.Matched)]
    [InlineData(LetterState.Returned, ApplicationState.Matched)]
    [InlineData(LetterState.Denied, ApplicationState.Refused)]
    public async Task An_applicant_who_knows_of_no_application_ends_it(LetterState reply, ApplicationState then)
    {
        await using var house = await CounterHouse.Open(authorityIsUp: false);
        var application = await DeviceTests.ByAgent(house);

        var letter = await house.Inquire(application.Id, reply);

        Assert.Equal(reply, letter.State);
        Assert.Equal(then, house.Now(application).State);
        var again = await house.Room.Letters.Make(house.Officer, application.Id);
        Assert.Equal(reply == LetterState.Returned, again.Value is not null);
    }

    [Fact, Cps("4-1-1(2)")]
    public async Task A_letter_is_sent_before_it_is_answered_and_answered_in_time()
    {
        await using var house = await CounterHouse.Open(authorityIsUp: false);
        var desk = house.Room.Letters;
        var application = await DeviceTests.ByAgent(house);
        var letter = CounterHouse.Done(await desk.Make(house.Officer, application.Id));
        DateOnly today = new(2026, 11, 24);

        var early = await desk.Answer(house.Officer, letter.Id, new(LetterState.Confirmed, today));
        var tomorrow = await desk.Send(house.Officer, letter.Id, new(today.AddDays(1)));
        var sent = CounterHouse.Done(await desk.Send(house.Officer, letter.Id, new(today)));
        house.Clock.Advance(TimeSpan.FromDays(40));
        var late = await desk.Answer(house.Officer, letter.Id, new(LetterState.Confirmed, today.AddDays(40)));
        var elsewhere = desk.Find(house.Elsewhere, letter.Id);

        Assert.Equal("4-1-1(2)", early.Refusal?.Clause.Number);
        Assert.Equal("sentOn", tomorrow.Refusal?.Field);
        Assert.Equal(today.AddDays(30), sent.ReplyBy);
        Assert.Equal("cameOn", late.Refusal?.Field);
        Assert.Equal("5-1-2-2", elsewhere.Refusal?.Clause.Number);
    }

    private static ApplicationForm FormOf(CounterHouse house, ApplicationKind kind) =>
        CounterHouse.FormOf(house.Somebody()) with
        {
            Kind = kind,
            AppliedOn = JapanTime.DayOf(house.Clock.GetUtcNow()),
        };

    private static async Task<IssuanceApplication> Issue(CounterHouse house, ApplicationKind kind)
    {
        var desk = house.Room.Issuance;
        var licence = CounterHouse.Licence with { ExpiresOn = null };
        var id = CounterHouse.Done(await desk.Receive(house.Officer, FormOf(house, kind))).Id;
        CounterHouse.Done(await desk.Match(house.Officer, id));
        CounterHouse.Done(await desk.Prove(house.Officer, id, licence));
        CounterHouse.Done(await house.MakeKeyPair(id));
        return CounterHouse.Done(await desk.Notify(house.Officer, id));
    }
}
