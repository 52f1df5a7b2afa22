using Jpki.Counter;
using Jpki.Cps;
using Xunit;

namespace Jpki.Tests.Rooms.Counter;

/// <summary>
/// Revocations and requests that agents bring: nothing happens before the one they come for has answered a letter.
/// </summary>
public sealed class AgentsTests
{
    [Fact, Cps("3-4-1"), Cps("3-1-10①"), Cps("3-1-10②")]
    public async Task An_agents_revocation_waits_for_the_holders_answer_whatever_is_ticked()
    {
        await using var house = await CounterHouse.Open();
        var issued = await house.UpTo(ApplicationState.Delivered);
        var ticked = CounterHouse.Licence with { Agent = new(true, true, HasReplyToInquiry: true) };

        var receipt = CounterHouse.Done(await house.Room.Revocations.Take(house.Officer, Paper(house)));
        var same = CounterHouse.Done(await house.Room.Revocations.Take(house.Officer, Paper(house)));
        var early = await house.Room.Revocations.Prove(house.Officer, receipt.Id, ticked);
        await house.Inquire(receipt.Id);
        var withoutPapers = await house.Room.Revocations.Prove(
            house.Officer, receipt.Id, ticked with { Agent = new(false, true, true) });
        Assert.True(Held(house, issued).IsLiveAt(house.Clock.GetUtcNow()));
        var done = CounterHouse.Done(await house.Room.Revocations.Prove(
            house.Officer, receipt.Id, DeviceTests.AgentsPapers));
        var twice = await house.Room.Revocations.Prove(house.Officer, receipt.Id, DeviceTests.AgentsPapers);

        Assert.Equal((ReceiptState.Inquiring, receipt.Id), (receipt.State, same.Id));
        Assert.Equal("3-1-10", early.Refusal?.Clause.Number);
        Assert.Equal("3-1-10", withoutPapers.Refusal?.Clause.Number);
        Assert.Equal((receipt.Id, ReceiptState.Completed), (done.Id, done.State));
        Assert.Equal(RevocationReason.CessationOfOperation, Held(house, issued).Reason);
        Assert.Equal("4-4-2", twice.Refusal?.Clause.Number);
    }

    [Theory, Cps("4-1-1(2)"), Cps("3-1-9")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_holder_who_knows_nothing_of_it_or_a_doubt_ends_an_agents_revocation(bool denies)
    {
        await using var house = await CounterHouse.Open();
        var issued = await house.UpTo(ApplicationState.Delivered);
        var receipt = CounterHouse.Done(await house.Room.Revocations.Take(house.Officer, Paper(house)));

        await house.Inquire(receipt.Id, denies ? LetterState.Denied : LetterState.Confirmed);
        var refused = await house.Room.Revocations.Prove(
            house.Officer, receipt.Id, DeviceTests.AgentsPapers with { HasDoubt = true });

        Assert.NotNull(refused.Refusal);
        var ended = CounterHouse.Done(house.Room.Revocations.Find(house.Officer, receipt.Id));
        Assert.Equal(ReceiptState.Refused, ended.State);
        Assert.Contains("失効処理は行われませんでした", ended.Text, StringComparison.Ordinal);
        Assert.True(Held(house, issued).IsLiveAt(house.Clock.GetUtcNow()));
        Assert.Empty(house.Authority.Arrived.OfType<Jpki.Forms.RevocationNotice>());
    }

    [Theory, Cps("2-8-6"), Cps("2-8-8"), Cps("3-1-10")]
    [InlineData(RequestKind.Disclosure)]
    [InlineData(RequestKind.Correction)]
    public async Task An_agent_may_ask_for_a_disclosure_or_a_correction_as_for_an_issue(RequestKind kind)
    {
        await using var house = await CounterHouse.Open(authorityIsUp: false);
        var desk = house.Room.Requests;

        var request = CounterHouse.Done(await desk.Take(house.Officer, Request(house, kind)));
        var early = await desk.Answer(house.Officer, request.Id, new(true, "応じます。"));
        await house.Inquire(request.Id);
        var received = CounterHouse.Done(await desk.Prove(house.Officer, request.Id, DeviceTests.AgentsPapers));
        var answered = CounterHouse.Done(await desk.Answer(house.Officer, request.Id, new(true, "応じます。")));

        Assert.Equal(RequestState.Inquiring, request.State);
        Assert.Equal(kind == RequestKind.Disclosure ? "2-8-6" : "2-8-8", early.Refusal?.Clause.Number);
        Assert.Equal(RequestState.Received, received.State);
        Assert.Equal(kind == RequestKind.Disclosure, await desk.Disclose(house.Officer, answered) is not null);
    }

    [Fact, Cps("2-1-3(16)")]
    public async Task What_touches_a_card_wants_its_holder()
    {
        await using var house = await CounterHouse.Open(authorityIsUp: false);

        var refused = await house.Room.Requests.Take(house.Officer, Request(house, RequestKind.ResetPassword));

        Assert.Equal(("2-1-3(16)", "agentName"), (refused.Refusal?.Clause.Number, refused.Refusal?.Field));
    }

    [Fact, Cps("4-1-1(2)")]
    public async Task A_request_that_its_person_disowns_is_declined_with_the_reason()
    {
        await using var house = await CounterHouse.Open(authorityIsUp: false);
        var request = CounterHouse.Done(
            await house.Room.Requests.Take(house.Officer, Request(house, RequestKind.Disclosure)));

        await house.Inquire(request.Id, LetterState.Denied);

        var declined = CounterHouse.Done(house.Room.Requests.Find(house.Officer, request.Id));
        Assert.Equal(RequestState.Declined, declined.State);
        Assert.Contains("本人の意思によるものでない", declined.Answer, StringComparison.Ordinal);
    }

    [Fact, Cps("4-1-1(2)"), Cps("5-1-2-2")]
    public async Task A_letter_is_about_an_agents_paper_of_the_own_municipality()
    {
        await using var house = await CounterHouse.Open();
        await house.UpTo(ApplicationState.Delivered);
        var own = CounterHouse.Done(await house.Room.Revocations.Take(
            house.Officer,
            Paper(house) with { Person = CounterHouse.FormOf(house.Somebody()), Identity = CounterHouse.Licence }));
        var request = CounterHouse.Done(
            await house.Room.Requests.Take(house.Officer, Request(house, RequestKind.Disclosure)));

        Assert.Equal("4-1-1(2)", (await house.Room.Letters.Make(house.Officer, own.Id)).Refusal?.Clause.Number);
        Assert.Equal("4-1-1(2)", (await house.Room.Letters.Make(house.Officer, "X1")).Refusal?.Clause.Number);
        Assert.Equal("5-1-2-2", (await house.Room.Letters.Make(house.Elsewhere, request.Id)).Refusal?.Clause.Number);
        CounterHouse.Done(await house.Room.Letters.Make(house.Officer, request.Id));
        Assert.Single(house.Room.Letters.Open(house.Officer));
        Assert.Empty(house.Room.Letters.About(house.Elsewhere, request.Id));
    }

    private static RevocationForm Paper(CounterHouse house) => new()
    {
        Person = DeviceTests.WithAgent(CounterHouse.FormOf(house.Somebody())),
        Reason = RevocationReason.CessationOfOperation,
    };

    private static RequestForm Request(CounterHouse house, RequestKind kind) => new()
    {
        Kind = kind,
        Person = DeviceTests.WithAgent(CounterHouse.FormOf(house.Somebody())),
        Text = kind == RequestKind.Correction ? "ふりがなを訂正してください。" : null,
    };

    private static HeldCertificate Held(CounterHouse house, IssuanceApplication issued) =>
        CounterHouse.Done(house.Room.Revocations.FindCertificate(house.Officer, issued.Serial!));
}
