using Jpki.Cps;
using Jpki.Forms;
using Xunit;

namespace Jpki.Tests.Rooms.ControlRoom;

/// <summary>Certificate and password, and what keeps strangers out. (CPS 5-2-3)</summary>
[Cps("5-2-3")]
public sealed class ConsoleLogInTests
{
    private const string Right = ConsoleHouse.Password;

    [Fact]
    public async Task The_right_password_with_the_own_certificate_lets_an_officer_in_until_he_leaves()
    {
        await using var house = await ConsoleHouse.Open("manager");
        var logIns = house.Console.LogIns;

        var token = ConsoleHouse.Done(await logIns.LogIn(house.Card("manager"), Right)).Token;
        var officer = ConsoleHouse.Done(await logIns.Find(house.Card("manager"), token));

        Assert.Equal([Role.CaManager], officer.Roles);
        await logIns.LogOut(officer, token);
        Assert.Equal("5-2-3", ConsoleHouse.Clause(await logIns.Find(house.Card("manager"), token)));
    }

    [Fact]
    public async Task A_strangers_certificate_a_wrong_and_a_locked_password_get_the_same_answer()
    {
        await using var house = await ConsoleHouse.Open("manager", "general");
        using var key = System.Security.Cryptography.ECDsa.Create();
        var stranger = ConsoleHouse.NewCaller(CallerRole.Officer, "manager", key);
        for (var i = 0; i < 5; i++)
            await house.Console.LogIns.LogIn(house.Card("general"), "wrong");

        var locked = await house.Console.LogIns.LogIn(house.Card("general"), Right);
        var wrong = await house.Console.LogIns.LogIn(house.Card("manager"), "wrong");
        var unknown = await house.Console.LogIns.LogIn(stranger, Right);

        Assert.NotNull(locked.Refusal);
        Assert.Equal(locked.Refusal, wrong.Refusal);
        Assert.Equal(locked.Refusal, unknown.Refusal);
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_out_through_a_restart_and_for_a_while()
    {
        await using var house = await ConsoleHouse.Open("manager");
        for (var i = 0; i < 5; i++)
        {
            await house.Console.LogIns.LogIn(house.Card("manager"), "wrong");
            house.Restart();
        }

        Assert.NotNull((await house.Console.LogIns.LogIn(house.Card("manager"), Right)).Refusal);
        house.Clock.Advance(TimeSpan.FromMinutes(31));
        ConsoleHouse.Done(await house.Console.LogIns.LogIn(house.Card("manager"), Right));
        Assert.Contains("refused, locked", house.Log());
    }

    [Fact]
    public async Task Many_guesses_at_once_are_no_more_than_five()
    {
        await using var house = await ConsoleHouse.Open("manager");

        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ =>
            house.Console.LogIns.LogIn(house.Card("manager"), "wrong")));

        Assert.NotNull((await house.Console.LogIns.LogIn(house.Card("manager"), Right)).Refusal);
    }

    [Fact]
    public async Task A_session_is_worth_nothing_with_another_certificate()
    {
        await using var house = await ConsoleHouse.Open("manager", "general");

        var token = ConsoleHouse.Done(await house.Console.LogIns.LogIn(house.Card("manager"), Right)).Token;

        Assert.Equal("5-2-3", ConsoleHouse.Clause(await house.Console.LogIns.Find(house.Card("general"), token)));
    }

    [Fact]
    public async Task A_session_ends_after_fifteen_minutes_without_a_sign_and_after_eight_hours()
    {
        await using var house = await ConsoleHouse.Open("manager");
        var (logIns, card) = (house.Console.LogIns, house.Card("manager"));
        var token = ConsoleHouse.Done(await logIns.LogIn(card, Right)).Token;

        for (var i = 0; i < 34; i++)
        {
            Assert.Null((await logIns.Find(card, token)).Refusal);
            house.Clock.Advance(TimeSpan.FromMinutes(14.5));
        }
        Assert.Equal("5-2-3", ConsoleHouse.Clause(await logIns.Find(card, token)));

        var idle = ConsoleHouse.Done(await logIns.LogIn(card, Right)).Token;
        house.Clock.Advance(TimeSpan.FromMinutes(16));
        Assert.Equal("5-2-3", ConsoleHouse.Clause(await logIns.Find(card, idle)));
    }

    [Fact]
    public async Task A_password_ends_after_ninety_days_and_only_a_new_one_helps()
    {
        await using var house = await ConsoleHouse.Open("manager");
        var (logIns, card) = (house.Console.LogIns, house.Card("manager"));
        house.Clock.Advance(TimeSpan.FromDays(91));

        Assert.Equal(Jpki.ControlRoom.Officers.LogIns.Expired, (await logIns.LogIn(card, Right)).Refusal);
        Assert.Equal("5-2-3", (await logIns.ChangePassword(card, Right, Right, Right))?.Clause.Number);
        Assert.Null(await logIns.ChangePassword(card, Right, "another horse, another", "another horse, another"));
        ConsoleHouse.Done(await logIns.LogIn(card, "another horse, another"));
    }

    [Theory]
    [InlineData("too short", "short", "short")]
    [InlineData("one character", "aaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaa")]
    [InlineData("the own id", "my name is manager", "my name is manager")]
    [InlineData("typed differently", "correct horse staple", "correct horse stable")]
    public async Task A_password_is_refused_that_is(string what, string password, string again)
    {
        await using var house = await ConsoleHouse.Open("manager");

        var refusal = await house.Console.LogIns.ChangePassword(house.Card("manager"), Right, password, again);

        Assert.True(refusal?.Field is "password" or "again", what);
        ConsoleHouse.Done(await house.Console.LogIns.LogIn(house.Card("manager"), Right));
    }
}
