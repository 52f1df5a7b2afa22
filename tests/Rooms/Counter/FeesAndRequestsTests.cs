using System.Security.Cryptography;
using Jpki.Card;
using Jpki.Card.Readers;
using Jpki.Counter;
using Xunit;

namespace Jpki.Tests.Rooms.Counter;

/// <summary>Fees with receipt and closing; requests from the paper to the answer.</summary>
public sealed class FeesAndRequestsTests
{
    [Fact, Cps("2-1-3(14)"), Cps("2-1-5(6)")]
    public async Task Nobody_gets_the_card_before_the_fee_is_paid_and_nobody_pays_twice()
    {
        await using var house = await CounterHouse.Open();
        var application = await house.UpTo(ApplicationState.Issued);

        var unpaid = await house.Room.Issuance.Deliver(house.Officer, application.Id);
        var payment = CounterHouse.Done(await house.Room.Fees.Take(house.Officer, application.Id));
        var again = CounterHouse.Done(await house.Room.Fees.Take(house.Officer, application.Id));

        Assert.Equal("2-1-3(14)", unpaid.Refusal?.Clause.Number);
        Assert.Equal((500, payment.Id), (payment.Amount, again.Id));
        CounterHouse.Done(await house.Room.Issuance.Deliver(house.Officer, application.Id));
        Assert.Equal("5-1-2-2", house.Room.Fees.Find(house.Elsewhere, payment.Id).Refusal?.Clause.Number);
    }

    [Fact, Cps("2-1-3(14)")]
    public async Task A_day_is_closed_once_and_a_difference_wants_a_word()
    {
        await using var house = await CounterHouse.Open();
        await house.UpTo(ApplicationState.Delivered);

        var silent = await house.Room.Fees.Close(house.Officer, new(400));
        var closed = CounterHouse.Done(await house.Room.Fees.Close(house.Officer, new(400, "釣銭の誤り")));
        var twice = await house.Room.Fees.Close(house.Officer, new(500));
        await house.UpTo(ApplicationState.Delivered, house.Somebody(1));

        Assert.Equal("note", silent.Refusal?.Field);
        Assert.Equal((1, 500, 400), (closed.Count, closed.Total, closed.Counted));
        Assert.Equal("counted", twice.Refusal?.Field);
        Assert.Single(house.Room.Fees.Day(house.Officer, closed.Day).Payments);
        Assert.Single(house.Room.Fees.Day(house.Officer, closed.Day.AddDays(1)).Payments);
        Assert.Empty(house.Room.Fees.Day(house.Elsewhere, closed.Day).Payments);
    }

    [Theory]
    [InlineData(0, "0円")]
    [InlineData(500, "500円")]
    [InlineData(1_500, "1,500円")]
    [InlineData(1_234_500, "1,234,500円")]
    public void An_amount_is_written_with_its_thousands_apart(int amount, string text) =>
        Assert.Equal(text, Wording.Yen(amount));

    [Fact, Cps("2-1-3(16)")]
    public async Task A_locked_card_is_unlocked_given_a_new_password_and_emptied()
    {
        await using var house = await CounterHouse.Open();
        await house.UpTo(ApplicationState.Delivered);
        Assert.Equal(0, Lock(house));

        var unlocked = await OnCard(house, RequestKind.Unlock);
        Assert.Equal((RequestState.Done, 5), (unlocked.State, Read(house, s => s.TriesLeft(KeyPurpose.Sign))));
        var reset = CounterHouse.Done(
            await house.Room.Requests.Take(house.Officer, Paper(house, RequestKind.ResetPassword)));
        var handOver = CounterHouse.Done(await house.Room.Requests.SendToDevice(house.Officer, reset.Id));
        var visit = await house.AtDevice(handOver);
        CounterHouse.Done(await house.Room.Requests.ResetPassword(visit, "NEW2PASS", "NEW2PASS"));
        Assert.Null(Read(house, s => s.Verify(KeyPurpose.Sign, "NEW2PASS")));
        await OnCard(house, RequestKind.EraseKey);

        var image = CardImage.Read(house.CardFiles.Single());
        Assert.Null(image.Sign.PrivateKey);
        Assert.Null(image.SignCertificate);
    }

    [Fact, Cps("2-1-3(16)")]
    public async Task Who_has_no_card_of_ours_has_none_unlocked()
    {
        await using var house = await CounterHouse.Open(authorityIsUp: false);

        var refused = await house.Room.Requests.Take(house.Officer, Paper(house, RequestKind.Unlock));

        Assert.Equal("2-1-3(16)", refused.Refusal?.Clause.Number);
    }

    [Fact, Cps("2-8-6"), Cps("2-1-3(15)")]
    public async Task A_disclosure_shows_all_that_is_kept_to_whom_it_is_about()
    {
        await using var house = await CounterHouse.Open();
        var issued = await house.UpTo(ApplicationState.Delivered);
        var paper = Paper(house, RequestKind.Disclosure);

        var request = CounterHouse.Done(await house.Room.Requests.Take(house.Officer, paper));
        var same = CounterHouse.Done(await house.Room.Requests.Take(house.Officer, paper));
        var answered = CounterHouse.Done(
            await house.Room.Requests.Answer(house.Officer, request.Id, new(true, "開示します。")));
        var disclosure = await house.Room.Requests.Disclose(house.Officer, answered);

        Assert.Equal(request.Id, same.Id);
        Assert.Contains(disclosure!.Parts.SelectMany(p => p.Lines), l => l.Text == issued.Serial);
        Assert.Contains(disclosure.Parts.SelectMany(p => p.Lines), l => l.Text == house.Somebody().Attributes.Address);
        Assert.Contains("disclosure", house.Log(), StringComparison.Ordinal);
        var doubtful = paper with { Identity = CounterHouse.Licence with { FaceMatches = false } };
        Assert.Equal("3-1-9", (await house.Room.Requests.Take(house.Officer, doubtful)).Refusal?.Clause.Number);
    }

    [Fact, Cps("2-8-8")]
    public async Task A_correction_says_what_is_wrong_and_is_answered_with_a_reason()
    {
        await using var house = await CounterHouse.Open(authorityIsUp: false);
        var paper = Paper(house, RequestKind.Correction);

        var empty = await house.Room.Requests.Take(house.Officer, paper);
        var request = CounterHouse.Done(
            await house.Room.Requests.Take(house.Officer, paper with { Text = "ふりがなを訂正してください。" }));
        var silent = await house.Room.Requests.Answer(house.Officer, request.Id, new(false, " "));
        var answered = CounterHouse.Done(
            await house.Room.Requests.Answer(house.Officer, request.Id, new(false, "住民票の記載のとおりです。")));

        Assert.Equal(("text", "2-8-8"), (empty.Refusal?.Field, empty.Refusal?.Clause.Number));
        Assert.Equal("answer", silent.Refusal?.Field);
        Assert.Equal(RequestState.Declined, answered.State);
        Assert.Equal("2-8-8", (await house.Room.Requests.Answer(house.Officer, request.Id, new(true, "x")))
            .Refusal?.Clause.Number);
    }

    [Fact, Cps("4-15"), Cps("5-1-2-2")]
    public async Task Anybody_may_complain_and_only_the_own_municipality_reads_it()
    {
        await using var house = await CounterHouse.Open(authorityIsUp: false);

        var complaint = CounterHouse.Done(await house.Room.Requests.Take(
            house.Officer, new() { Kind = RequestKind.Complaint, Text = "待ち時間が長い。" }));
        CounterHouse.Done(await house.Room.Requests.Answer(house.Officer, complaint.Id, new(true, "窓口を増やします。")));

        Assert.Equal("5-1-2-2", house.Room.Requests.Find(house.Elsewhere, complaint.Id).Refusal?.Clause.Number);
        Assert.Equal(1, (await house.Room.History.Search(house.Officer, complaint.Id)).Count);
        Assert.Equal(0, (await house.Room.History.Search(house.Elsewhere, complaint.Id)).Count);
        var month = house.Room.History.Month(house.Officer, new(2026, 11, 1));
        Assert.Equal(("苦情", 1), (Assert.Single(month).What, Assert.Single(month).Count));
    }

    private static RequestForm Paper(CounterHouse house, RequestKind kind) => new()
    {
        Kind = kind,
        Person = CounterHouse.FormOf(house.Somebody()),
        Identity = CounterHouse.Licence,
    };

    private static async Task<CounterRequest> OnCard(CounterHouse house, RequestKind kind)
    {
        var request = CounterHouse.Done(await house.Room.Requests.Take(house.Officer, Paper(house, kind)));
        return CounterHouse.Done(await house.Room.Requests.ActOnCard(house.Officer, request.Id));
    }

    private static int Lock(CounterHouse house) => Read(house, session =>
    {
        for (var i = 0; i < CardPassword.TriesOf(KeyPurpose.Sign); i++)
            session.Verify(KeyPurpose.Sign, "WRONG1");
        return session.TriesLeft(KeyPurpose.Sign);
    });

    private static T Read<T>(CounterHouse house, Func<CardSession, T> read)
    {
        using var random = RandomNumberGenerator.Create();
        using VirtualReader reader = new(house.CardFiles.Single(), random);
        return read(CardSession.Open(reader));
    }
}
