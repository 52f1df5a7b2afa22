using Xunit;

namespace Jpki.Tests.Rooms.Counter;

/// <summary>ID and password, and what keeps strangers out.</summary>
[Cps("5-1-2-2")]
public sealed class LogInTests
{
    private const string Right = "correct horse battery";

    [Fact]
    public async Task An_officer_with_the_right_password_is_on_duty_for_the_own_municipality()
    {
        await using var house = await Staffed();

        var loggedIn = CounterHouse.Done(await house.Room.LogIns.LogIn("k1", Right));

        Assert.Equal(("k1", CounterHouse.Kawagoe), (loggedIn.Officer, loggedIn.Municipality));
        Assert.Equal(CounterHouse.Kawagoe, (await house.Room.LogIns.Find(loggedIn.Token))?.Municipality);
        await house.Room.LogIns.LogOut(loggedIn.Token);
        Assert.Null(await house.Room.LogIns.Find(loggedIn.Token));
    }

    [Fact]
    public async Task An_unknown_ID_and_a_wrong_password_get_the_same_answer()
    {
        await using var house = await Staffed();

        var wrong = await house.Room.LogIns.LogIn("k1", "wrong");
        var unknown = await house.Room.LogIns.LogIn("nobody", Right);

        Assert.Equal("5-1-2-2", wrong.Refusal?.Clause.Number);
        Assert.Equal(wrong.Refusal, unknown.Refusal);
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_even_the_right_one_out_for_a_while()
    {
        await using var house = await Staffed();
        for (var i = 0; i < 4; i++)
            await house.Room.LogIns.LogIn("k1", "wrong");
        CounterHouse.Done(await house.Room.LogIns.LogIn("k1", Right));
        for (var i = 0; i < 5; i++)
        {
            await house.Room.LogIns.LogIn("k1", "wrong");
            house.Restart();
        }

        Assert.NotNull((await house.Room.LogIns.LogIn("k1", Right)).Refusal);
        house.Restart();
        Assert.NotNull((await house.Room.LogIns.LogIn("k1", Right)).Refusal);

        house.Clock.Advance(TimeSpan.FromMinutes(16));
        CounterHouse.Done(await house.Room.LogIns.LogIn("k1", Right));
    }

    [Fact]
    public async Task A_password_ends_after_ninety_days_and_a_new_one_begins()
    {
        await using var house = await Staffed();
        house.Clock.Advance(TimeSpan.FromDays(89));
        CounterHouse.Done(await house.Room.LogIns.LogIn("k1", Right));

        house.Clock.Advance(TimeSpan.FromDays(2));
        Assert.NotNull((await house.Room.LogIns.LogIn("k1", Right)).Refusal);

        await house.Room.AddOfficer("k1", CounterHouse.Kawagoe, "another password");
        CounterHouse.Done(await house.Room.LogIns.LogIn("k1", "another password"));
    }

    [Theory]
    [InlineData(14, true)]
    [InlineData(16, false)]
    public async Task An_idle_session_ends_after_fifteen_minutes(int minutes, bool stillThere)
    {
        await using var house = await Staffed();
        var loggedIn = CounterHouse.Done(await house.Room.LogIns.LogIn("k1", Right));

        house.Clock.Advance(TimeSpan.FromMinutes(minutes));

        Assert.Equal(stillThere, await house.Room.LogIns.Find(loggedIn.Token) is not null);
    }

    [Fact]
    public async Task A_busy_session_ends_after_eight_hours()
    {
        await using var house = await Staffed();
        var loggedIn = CounterHouse.Done(await house.Room.LogIns.LogIn("k1", Right));
        for (var minutes = 0; minutes < 8 * 60; minutes += 10)
        {
            Assert.NotNull(await house.Room.LogIns.Find(loggedIn.Token));
            house.Clock.Advance(TimeSpan.FromMinutes(10));
        }
        house.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Null(await house.Room.LogIns.Find(loggedIn.Token));
    }

    private static async Task<CounterHouse> Staffed()
    {
        var house = await CounterHouse.Open(authorityIsUp: false);
        await house.Room.AddOfficer("k1", CounterHouse.Kawagoe, Right);
        return house;
    }
}
