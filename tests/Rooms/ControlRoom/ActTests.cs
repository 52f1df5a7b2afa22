using Jpki.ControlRoom.Acts;
using Jpki.Cps;
using Jpki.Forms;
using Xunit;

namespace Jpki.Tests.Rooms.ControlRoom;

/// <summary>Work that takes several people. (CPS 5-2-1-1(6), 5-2-2)</summary>
public sealed class ActTests : IAsyncLifetime
{
    private ConsoleHouse house = null!;

    public async ValueTask InitializeAsync() =>
        house = await ConsoleHouse.Open("manager", "senior-1", "senior-2", "general");

    public ValueTask DisposeAsync() => house.DisposeAsync();

    [Fact, Cps("5-2-1-1(6)"), Cps("5-2-2①")]
    public async Task Two_senior_operators_issue_the_CRLs()
    {
        var proposed = ConsoleHouse.Done(await house.Propose("senior-1", "publication", new PublishOrder("試験")));
        Assert.Equal(ActState.Waiting, proposed.Act.State);
        Assert.Null(house.Authority.Room.Crls.LastRun);

        var done = ConsoleHouse.Done(await house.Consent("senior-2", proposed.Act));

        Assert.Equal(ActState.Done, done.Act.State);
        Assert.Equal("試験", house.Authority.Room.Crls.LastRun?.Why);
        Assert.Contains("senior-1+senior-2", house.Authority.Log());
    }

    [Fact, Cps("5-2-2①")]
    public async Task The_same_person_twice_is_one_person()
    {
        var proposed = ConsoleHouse.Done(await house.Propose("senior-1", "publication", new PublishOrder("試験")));

        Assert.Equal("5-2-2①", ConsoleHouse.Clause(await house.Consent("senior-1", proposed.Act)));
        NothingHappened(proposed.Act);
    }

    [Theory, Cps("5-2-1-1(6)")]
    [InlineData("manager")]
    [InlineData("general")]
    public async Task Nobody_else_proposes_or_agrees(string officer)
    {
        var proposed = ConsoleHouse.Done(await house.Propose("senior-1", "publication", new PublishOrder("試験")));

        Assert.Equal(
            "5-2-1-1(6)", ConsoleHouse.Clause(await house.Propose(officer, "publication", new PublishOrder("試験"))));
        Assert.Equal("5-2-1-1(6)", ConsoleHouse.Clause(await house.Consent(officer, proposed.Act)));
        NothingHappened(proposed.Act);
    }

    [Fact, Cps("5-2-2①")]
    public async Task What_was_shown_is_what_is_agreed_on()
    {
        var proposed = ConsoleHouse.Done(await house.Propose("senior-1", "publication", new PublishOrder("試験")));

        Assert.Equal(
            "5-2-2①", ConsoleHouse.Clause(await house.Consent("senior-2", proposed.Act, new string('0', 64))));
        NothingHappened(proposed.Act);
    }

    [Fact, Cps("5-2-2①")]
    public async Task After_a_day_it_is_too_late_to_agree()
    {
        var proposed = ConsoleHouse.Done(await house.Propose("senior-1", "publication", new PublishOrder("試験")));
        house.Clock.Advance(TimeSpan.FromHours(24));

        Assert.Equal("5-2-2①", ConsoleHouse.Clause(await house.Consent("senior-2", proposed.Act)));
        NothingHappened(proposed.Act);
    }

    [Fact, Cps("5-2-2①")]
    public async Task What_was_agreed_on_once_is_not_agreed_on_again()
    {
        var proposed = ConsoleHouse.Done(await house.Propose("senior-1", "publication", new PublishOrder("試験")));
        ConsoleHouse.Done(await house.Consent("senior-2", proposed.Act));

        Assert.Equal("5-2-2①", ConsoleHouse.Clause(await house.Consent("senior-2", proposed.Act)));
        Assert.Equal(1, house.Authority.Room.Crls.LastRun?.Number);
    }

    [Fact]
    public async Task What_one_of_them_is_against_is_not_done()
    {
        var proposed = ConsoleHouse.Done(await house.Propose("senior-1", "publication", new PublishOrder("試験")));
        ConsoleHouse.Done(await house.Console.Acts.Drop(await house.OnDuty("senior-2"), proposed.Act.Id, "不要"));

        Assert.Equal("5-2-2①", ConsoleHouse.Clause(await house.Consent("senior-2", proposed.Act)));
        Assert.Null(house.Authority.Room.Crls.LastRun);
    }

    [Fact, Cps("5-2-2②")]
    public async Task Important_work_is_done_once_for_each_instruction_and_its_result_confirmed()
    {
        var certificate = await house.Authority.Issued();
        var instruction = await house.Instructed(Duties.RevokeExOfficio);
        var order = Order(certificate);
        var proposed = ConsoleHouse.Done(await house.Propose("senior-1", "revocation", order, instruction));
        ConsoleHouse.Done(await house.Consent("senior-2", proposed.Act));
        var instructions = house.Console.Instructions;

        Assert.Equal(InstructionState.Reported, instructions.Find(instruction)?.State);
        Assert.Equal("5-2-2②", ConsoleHouse.Clause(
            await house.Propose("senior-1", "revocation", Order(certificate), instruction)));
        ConsoleHouse.Done(await instructions.Confirm(await house.OnDuty("manager"), instruction));
        Assert.Equal("manager", instructions.Find(instruction)?.ConfirmedBy);
    }

    [Fact, Cps("5-2-2②")]
    public async Task Important_work_is_not_done_without_an_instruction_or_with_one_for_other_work()
    {
        var certificate = await house.Authority.Issued();
        var other = await house.Instructed(Duties.RegisterOfficers);

        Assert.Equal("5-2-2②", ConsoleHouse.Clause(
            await house.Propose("senior-1", "revocation", Order(certificate))));
        Assert.Equal("5-2-2②", ConsoleHouse.Clause(
            await house.Propose("senior-1", "revocation", Order(certificate), other)));
    }

    [Fact, Cps("5-2-2③")]
    public async Task A_senior_operator_instructs_the_general_operator_and_nobody_confirms_his_own_work()
    {
        var instructions = house.Console.Instructions;
        var senior = await house.OnDuty("senior-1");

        var given = ConsoleHouse.Done(await instructions.Give(senior, new(Duties.MaintainNetwork.Name, "交換", null)));
        var refused = await instructions.Give(senior, new(Duties.RevokeExOfficio.Name, "失効", null));
        ConsoleHouse.Done(await instructions.Report(await house.OnDuty("general"), given.Id, "交換した"));

        Assert.Equal("5-2-2③", ConsoleHouse.Clause(refused));
        Assert.Equal("5-2-2②", ConsoleHouse.Clause(
            await instructions.Confirm(await house.OnDuty("general"), given.Id)));
        Assert.Equal(
            InstructionState.Confirmed, ConsoleHouse.Done(await instructions.Confirm(senior, given.Id)).State);
    }

    [Fact]
    public async Task An_act_whose_end_nobody_saw_is_done_once_when_the_Authority_is_back()
    {
        var proposed = ConsoleHouse.Done(await house.Propose("senior-1", "publication", new PublishOrder("試験")));
        await house.CloseAuthority();
        await Assert.ThrowsAsync<HttpRequestException>(() => house.Consent("senior-2", proposed.Act));
        house.Restart();
        Assert.Equal(ActState.Doing, house.Console.Acts.Find(proposed.Act.Id)?.State);
        await house.OpenAuthority();

        var done = ConsoleHouse.Done(
            await house.Console.Acts.Retry(await house.OnDuty("senior-1"), proposed.Act.Id));

        Assert.Equal(ActState.Done, done.Act.State);
        Assert.Equal(1, house.Authority.Room.Crls.LastRun?.Number);
    }

    [Fact]
    public async Task An_act_whose_answer_was_lost_is_found_to_be_done_and_not_done_again()
    {
        var proposed = ConsoleHouse.Done(await house.Propose("senior-1", "publication", new PublishOrder("試験")));
        house.LosesAnswers = true;
        await Assert.ThrowsAsync<HttpRequestException>(() => house.Consent("senior-2", proposed.Act));
        house.LosesAnswers = false;

        var done = ConsoleHouse.Done(
            await house.Console.Acts.Retry(await house.OnDuty("senior-1"), proposed.Act.Id));

        Assert.Equal(ActState.Done, done.Act.State);
        Assert.Equal(1, house.Authority.Room.Crls.LastRun?.Number);
    }

    [Fact]
    public async Task The_same_paper_twice_is_one_act()
    {
        var officer = await house.OnDuty("senior-1");
        var (acts, json) = (house.Console.Acts, """{"why":"試験"}""");
        var kind = acts.Kinds.Single(k => k.Name == "publication");

        var first = ConsoleHouse.Done(await acts.Propose(officer, kind, "0123456789abcdef", json, null));
        var again = ConsoleHouse.Done(await acts.Propose(officer, kind, "0123456789abcdef", json, null));
        var other = await acts.Propose(officer, kind, "0123456789abcdef", """{"why":"別"}""", null);

        Assert.Equal(first.Act.Digest, again.Act.Digest);
        Assert.Single(acts.Open);
        Assert.Equal("5-2-2①", ConsoleHouse.Clause(other));
        Assert.Contains("refused CPS 5-2-2", house.Log());
    }

    [Fact, Cps("4-4-9"), Cps("4-11-2")]
    public async Task A_paper_that_says_no_reason_is_refused_and_logged()
    {
        var refused = await house.Propose("senior-1", "publication", new PublishOrder(" "));

        Assert.Equal("4-4-9", ConsoleHouse.Clause(refused));
        Assert.Empty(house.Console.Acts.Open);
        Assert.Contains("refused CPS 4-4-9", house.Log());
    }

    private static ExOfficioRevocation Order(Jpki.X509.Certificate certificate) => new()
    {
        NoticeId = "X1",
        Serial = certificate.Serial.ToString(),
        Reason = RevocationReason.Superseded,
    };

    private void NothingHappened(Act act)
    {
        Assert.Equal(ActState.Waiting, house.Console.Acts.Find(act.Id)?.State);
        Assert.Null(house.Authority.Room.Crls.LastRun);
        Assert.Contains("refused CPS 5-2-", house.Log());
    }
}
