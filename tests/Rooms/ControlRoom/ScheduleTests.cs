using Jpki.ControlRoom.Watch;
using Xunit;

namespace Jpki.Tests.Rooms.ControlRoom;

/// <summary>What comes due when.</summary>
public sealed class ScheduleTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);

    [Fact, Cps("4-4-9")]
    public void The_next_three_runs_are_a_day_apart_and_the_last_CRL_ends_after_them()
    {
        var events = Schedule.Of(FindingsTests.Watch(), Done, Now);

        Assert.Equal([24, 48, 72], events.Where(e => e.Japanese.Contains("定期発行"))
            .Select(e => (e.At!.Value - Now).TotalHours));
        Assert.Equal(Now.AddHours(72), Assert.Single(events, e => e.Japanese.Contains("失効記録 7")).At);
    }

    [Theory, Cps("4-13"), InlineData(-4.5, true), InlineData(-3, false)]
    public void The_key_is_changed_after_five_years(double years, bool isWithinTheYear)
    {
        var watch = FindingsTests.Watch() with
        {
            Generations = [new(1, Now.AddDays(365 * years), Now.AddYears(6))],
        };

        Assert.Equal(isWithinTheYear, Schedule.Of(watch, Done, Now).Any(e => e.Clause == "4-13"));
    }

    [Fact, Cps("4-11-3"), Cps("2-7-1"), Cps("4-12-2-6")]
    public void What_was_never_done_is_due_before_everything()
    {
        var events = Schedule.Of(FindingsTests.Watch(), new(), Now);

        Assert.Equal(
            ["4-11-3", "4-11-6", "2-7-1", "4-12-2-6"],
            events.TakeWhile(e => e.At is null).Select(e => e.Clause.Number));
        Assert.All(events.Take(4), e => Assert.True(e.IsDueAt(Now)));
    }

    [Fact, Cps("4-11-3"), Cps("2-7-1"), Cps("5-2-3")]
    public void What_was_done_comes_due_again()
    {
        var events = Schedule.Of(FindingsTests.Watch(), Done with { Passwords = [("sato-1", Now.AddDays(9))] }, Now);

        Assert.Equal(Now.AddDays(6), Assert.Single(events, e => e.Clause == "4-11-3").At);
        Assert.Equal(Now.AddMonths(11), Assert.Single(events, e => e.Clause == "2-7-1").At);
        Assert.Equal(Now.AddDays(9), Assert.Single(events, e => e.Japanese.Contains("sato-1")).At);
        Assert.Equal(events.Select(e => e.At), events.Select(e => e.At).Order());
    }

    private static readonly RecordedDates Done = new()
    {
        LogInspection = Now.AddDays(-1),
        Backup = Now.AddHours(-3),
        Audit = Now.AddMonths(-1),
        ReadabilityCheck = Now.AddMonths(-1),
    };
}
