using System.Security.Cryptography;
using Jpki.ControlRoom;
using Jpki.ControlRoom.Officers;
using Jpki.Cps;
using Xunit;

namespace Jpki.Tests.Rooms.ControlRoom;

/// <summary>How somebody becomes an officer, and ceases to be one. (CPS 5-2-1, 5-2-2)</summary>
public sealed class OfficerTests
{
    [Fact, Cps("5-2-2③")]
    public async Task Two_senior_operators_register_somebody_as_instructed_and_he_comes_with_both_halves_of_the_code()
    {
        await using var house = await ConsoleHouse.Open("manager", "senior-1", "senior-2");

        var (_, code) = await house.Register(ConsoleHouse.Person("newcomer", Role.RepositoryOperator));
        ConsoleHouse.Done(await house.Enrol("newcomer", code));

        Assert.Equal([Role.RepositoryOperator], (await house.OnDuty("newcomer")).Roles);
        Assert.DoesNotContain("検証　太郎", house.Log());
    }

    [Fact, Cps("5-2-2③")]
    public async Task Neither_of_the_two_can_come_in_his_place_with_half_of_the_code()
    {
        await using var house = await ConsoleHouse.Open("manager", "senior-1", "senior-2");
        var (_, code) = await house.Register(ConsoleHouse.Person("newcomer", Role.RepositoryOperator));
        var (one, two) = EnrolmentCode.Split(code);

        Assert.Equal("5-2-3", ConsoleHouse.Clause(await house.Enrol("newcomer", EnrolmentCode.Join(one, one))));
        Assert.Equal("5-2-3", ConsoleHouse.Clause(await house.Enrol("newcomer", EnrolmentCode.Join(two, two))));
    }

    [Fact, Cps("5-2-3")]
    public async Task A_code_is_for_one_key_and_ends_with_the_first_log_in()
    {
        await using var house = await ConsoleHouse.Open("manager", "senior-1", "senior-2");
        var (_, code) = await house.Register(ConsoleHouse.Person("newcomer", Role.RepositoryOperator));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var first = ConsoleHouse.Done(await house.Enrol("newcomer", code, key));

        Assert.Equal(first.Certificate, ConsoleHouse.Done(await house.Enrol("newcomer", code, key)).Certificate);
        Assert.Equal("5-2-3", ConsoleHouse.Clause(await house.Enrol("newcomer", code)));
        await house.OnDuty("newcomer");
        Assert.Equal("5-2-3", ConsoleHouse.Clause(await house.Enrol("newcomer", code, key)));
    }

    [Fact, Cps("5-2-3")]
    public async Task Guessing_codes_ends_after_five_and_with_time()
    {
        await using var house = await ConsoleHouse.Open("manager", "senior-1", "senior-2");
        var (_, code) = await house.Register(ConsoleHouse.Person("newcomer", Role.RepositoryOperator));
        for (var i = 0; i < 5; i++)
            await house.Enrol("newcomer", "AAAAAAAAAA-BBBBBBBBBB");

        Assert.Equal("5-2-3", ConsoleHouse.Clause(await house.Enrol("newcomer", code)));
        house.Restart();
        Assert.Equal("5-2-3", ConsoleHouse.Clause(await house.Enrol("newcomer", code)));
        house.Clock.Advance(TimeSpan.FromMinutes(31));
        ConsoleHouse.Done(await house.Enrol("newcomer", code));
    }

    [Fact, Cps("5-2-2①")]
    public async Task One_card_is_one_persons()
    {
        await using var house = await ConsoleHouse.Open("manager", "senior-1", "senior-2");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (_, one) = await house.Register(ConsoleHouse.Person("person-1", Role.RepositoryOperator));
        var (_, two) = await house.Register(ConsoleHouse.Person("person-2", Role.GeneralOperator));
        ConsoleHouse.Done(await house.Enrol("person-1", one, key));

        Assert.Equal("5-2-2①", ConsoleHouse.Clause(await house.Enrol("person-2", two, key)));
    }

    [Fact, Cps("5-2-2①")]
    public async Task One_person_is_one_officer()
    {
        await using var house = await ConsoleHouse.Open("manager", "senior-1", "senior-2");
        var instruction = await house.Instructed(Duties.RegisterOfficers);
        var again = ConsoleHouse.Person("another-id", Role.KeyCustodian) with { StaffNumber = "S-senior-1" };
        var proposed = ConsoleHouse.Done(await house.Propose("senior-1", "registration", again, instruction));

        Assert.Equal("5-2-2①", ConsoleHouse.Clause(await house.Consent("senior-2", proposed.Act)));
        Assert.DoesNotContain(house.Console.Officers, o => o.Id == "another-id");
    }

    [Theory, Cps("5-2-2①")]
    [InlineData(Role.KeyCustodian, Role.SeniorOperator)]
    [InlineData(Role.InternalAuditor, Role.GeneralOperator)]
    [InlineData(Role.CaManager, Role.KeyCustodian)]
    [InlineData(Role.Receptionist, Role.Approver)]
    public async Task Roles_that_exclude_each_other_are_not_given_to_one_person(Role one, Role other)
    {
        await using var house = await ConsoleHouse.Open("manager", "senior-1", "senior-2");
        var instruction = await house.Instructed(Duties.RegisterOfficers);

        var proposed = await house.Propose(
            "senior-1", "registration", ConsoleHouse.Person("newcomer", one, other), instruction);

        Assert.Equal("5-2-2①", ConsoleHouse.Clause(proposed));
    }

    [Fact, Cps("5-2-2①")]
    public async Task Roles_that_do_not_exclude_each_other_are_given_together()
    {
        await using var house = await ConsoleHouse.Open("manager", "senior-1", "senior-2");

        var (_, code) = await house.Register(
            ConsoleHouse.Person("newcomer", Role.RepositoryOperator, Role.GeneralOperator));
        ConsoleHouse.Done(await house.Enrol("newcomer", code));

        Assert.Equal(2, (await house.OnDuty("newcomer")).Roles.Length);
    }

    [Fact, Cps("5-2-1-1")]
    public async Task First_officers_are_named_without_others_only_until_others_register_somebody()
    {
        await using var house = await ConsoleHouse.Open("manager", "senior-1", "senior-2");
        ConsoleHouse.Done(
            await house.Console.Enrolment.Bootstrap([ConsoleHouse.Person("late-1", Role.KeyCustodian)]));
        await house.Register(ConsoleHouse.Person("newcomer", Role.RepositoryOperator));

        var refused = await house.Console.Enrolment.Bootstrap([ConsoleHouse.Person("late-2", Role.KeyCustodian)]);

        Assert.Equal("5-2-2③", ConsoleHouse.Clause(refused));
    }

    [Fact, Cps("5-2-3")]
    public async Task A_withdrawn_officer_is_out_at_once()
    {
        await using var house = await ConsoleHouse.Open("manager", "senior-1", "senior-2", "general");
        var token = ConsoleHouse.Done(
            await house.Console.LogIns.LogIn(house.Card("general"), ConsoleHouse.Password)).Token;
        var instruction = await house.Instructed(Duties.RegisterOfficers);
        var proposed = ConsoleHouse.Done(await house.Propose(
            "senior-1", "withdrawal", new { id = "general", why = "異動" }, instruction));

        ConsoleHouse.Done(await house.Consent("senior-2", proposed.Act));

        Assert.Equal("5-2-3", ConsoleHouse.Clause(await house.Console.LogIns.Find(house.Card("general"), token)));
        Assert.Equal("5-2-3", ConsoleHouse.Clause(
            await house.Console.LogIns.LogIn(house.Card("general"), ConsoleHouse.Password)));
    }

    [Fact, Cps("5-2-3")]
    public async Task Who_gets_other_roles_comes_with_a_new_card_and_the_old_one_is_worth_nothing()
    {
        await using var house = await ConsoleHouse.Open("manager", "senior-1", "senior-2", "general");
        var old = house.Card("general");
        var (_, code) = await house.Register(ConsoleHouse.Person("general", Role.RepositoryOperator));

        Assert.Equal("5-2-3", ConsoleHouse.Clause(await house.Console.LogIns.LogIn(old, ConsoleHouse.Password)));
        ConsoleHouse.Done(await house.Enrol("general", code));
        Assert.Equal([Role.RepositoryOperator], (await house.OnDuty("general")).Roles);
        Assert.Equal("5-2-3", ConsoleHouse.Clause(await house.Console.LogIns.LogIn(old, ConsoleHouse.Password)));
    }

    [Fact]
    public void Every_duty_has_a_name_that_people_read() =>
        Assert.All(Duties.All, duty => Assert.NotEqual(duty.Name, Words.Of(duty)));
}
