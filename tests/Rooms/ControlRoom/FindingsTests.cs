using Jpki.ControlRoom.Watch;
using Jpki.Cps;
using Jpki.Forms;
using Xunit;

namespace Jpki.Tests.Rooms.ControlRoom;

/// <summary>What the operators' console calls bad, soon and good, at each threshold.</summary>
public sealed class FindingsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);

    [Fact, Cps("5-2-1-1(6)")]
    public void A_house_in_which_all_is_well_has_nothing_bad_and_nothing_soon() =>
        Assert.All(Findings.Of(Well()), f => Assert.Equal((Level.Good, null), (f.Level, f.Next)));

    [Fact]
    public void The_worst_comes_first()
    {
        var state = Well() with { LastBackup = null, Authority = Watch() with { KeyTrouble = "the token is gone" } };

        var levels = Findings.Of(state).Select(f => f.Level).ToList();

        Assert.Equal([Level.Bad, Level.Soon, Level.Good], levels.Distinct());
        Assert.Equal(levels.Order(), levels);
    }

    [Theory, Cps("4-4-9")]
    [InlineData(60, Level.Good)]
    [InlineData(47.9, Level.Good)]
    [InlineData(47.8, Level.Soon)]
    [InlineData(24, Level.Soon)]
    [InlineData(23.9, Level.Bad)]
    [InlineData(-1, Level.Bad)]
    public void CRLs_must_not_run_out(double hoursLeft, Level expected) =>
        Expect(expected, "失効記録の有効期間", Of(r => r with
        {
            LastRun = new(7, Now, Now.AddHours(hoursLeft), Now),
        }));

    [Fact, Cps("4-4-9")]
    public void No_CRL_at_all_is_bad() => Expect(Level.Bad, "失効記録の有効期間", Of(r => r with { LastRun = null }));

    [Theory, Cps("4-4-9"), InlineData(10, Level.Good), InlineData(10.1, Level.Bad)]
    public void A_run_may_be_ten_minutes_late(double minutes, Level expected) =>
        Expect(expected, "次の失効記録", Of(r => r with { NextRunDueAt = Now.AddMinutes(-minutes) }));

    [Fact, Cps("2-1-9")]
    public void What_is_not_published_is_said()
    {
        Expect(Level.Bad, "公開", Of(r => r with { PublishingTrouble = "no answer" }));
        Expect(Level.Soon, "公開", Of(r => r with { LastRun = r.LastRun! with { PublishedAt = null } }));
    }

    [Fact, Cps("6-1-1-3")]
    public void Software_keys_are_never_taken_for_an_HSM() =>
        Expect(Level.Soon, "鍵の保管", Well() with { Authority = Watch() with { IsHsm = false } });

    [Fact]
    public void Key_log_and_Authority_have_no_half_measures()
    {
        Expect(Level.Bad, "知事の鍵", Well() with { Authority = Watch() with { KeyTrouble = "gone" } });
        Expect(Level.Bad, "監査ログ", Of(r => r with { LogIsWell = false }));
        Expect(Level.Bad, "認証局", Well() with { Authority = null });
    }

    [Theory, InlineData(15, Level.Good), InlineData(14, Level.Soon), InlineData(5, Level.Soon)]
    [InlineData(4, Level.Bad)]
    public void A_disk_fills_up(long free, Level expected) =>
        Expect(expected, "ディスク", Well() with { Authority = Watch() with { Disk = new(free, 100) } });

    [Theory, Cps("5-2-3")]
    [InlineData(60, Level.Good)]
    [InlineData(59.9, Level.Soon)]
    [InlineData(7, Level.Soon)]
    [InlineData(6.9, Level.Bad)]
    [InlineData(-1, Level.Bad)]
    public void Certificates_of_the_inner_network_end(double days, Level expected) =>
        Expect(expected, "運用の証明書", Well() with
        {
            Authority = Watch() with { Certificates = [Ends(Now.AddDays(days))] },
        });

    [Theory, InlineData(2, Level.Good), InlineData(2.1, Level.Soon), InlineData(-30, Level.Soon)]
    [InlineData(30.1, Level.Bad)]
    public void Clocks_agree_and_are_not_set(double seconds, Level expected)
    {
        Expect(expected, "時計", Well() with { ClockWasSetBy = TimeSpan.FromSeconds(seconds) });
        Expect(expected, "時計", With(h => h with { Now = Now.AddSeconds(seconds) }));
    }

    [Theory, Cps("4-4-4-2"), InlineData(0, Level.Good), InlineData(1, Level.Soon), InlineData(999, Level.Soon)]
    [InlineData(1000, Level.Bad)]
    public void A_responder_follows_the_feed(long behind, Level expected) =>
        Expect(expected, "室の追従", With(h => h with { FeedPosition = 5000 - behind }));

    [Theory, Cps("4-2-1"), InlineData(5, Level.Good), InlineData(5.1, Level.Soon), InlineData(60, Level.Soon)]
    [InlineData(60.1, Level.Bad)]
    public void A_notice_does_not_wait_long(double minutes, Level expected) =>
        Expect(expected, "室の通知", With(h => h with { Waiting = 3, WaitingSince = Now.AddMinutes(-minutes) }));

    [Fact]
    public void A_room_says_how_it_is_or_is_silent()
    {
        Expect(Level.Bad, "室", With(h => h with { Trouble = "disk full" }));
        Expect(Level.Soon, "室", With(h => h with { Remark = "no admission list" }));
        Expect(Level.Bad, "室", Well() with { Rooms = [new("室", null, "connection refused", Now)] });
    }

    [Theory, Cps("4-11-6"), InlineData(25, Level.Good), InlineData(25.1, Level.Bad)]
    public void Backups_are_daily(double hours, Level expected) =>
        Expect(expected, "バックアップ", Well() with { LastBackup = Now.AddHours(-hours) });

    [Fact, Cps("4-11-6")]
    public void A_backup_that_nobody_recorded_is_asked_for() =>
        Expect(Level.Soon, "バックアップ", Well() with { LastBackup = null });

    [Fact, Cps("5-2-2①")]
    public void What_waits_for_a_second_person_is_said() =>
        Expect(Level.Soon, "承認待ち", Well() with { WaitingActs = 1 });

    internal static AuthorityWatch Watch() => new()
    {
        Report = new()
        {
            LastRun = new(7, Now, Now.AddHours(72), Now),
            NextRunDueAt = Now.AddHours(24),
            PublishingTrouble = null,
            LogIsWell = true,
            LogSize = 12,
            FeedPosition = 5000,
            Hsm = "an HSM",
            Now = Now,
            Generation = 1,
            Issued = 5,
            Revoked = 1,
        },
        KeyTrouble = null,
        IsHsm = true,
        Disk = new(80, 100),
        Generations = [new(1, Now.AddYears(-1), Now.AddYears(9))],
        Certificates = [Ends(Now.AddYears(1))],
    };

    private static SystemState Well() => new()
    {
        At = Now,
        Authority = Watch(),
        Rooms = [new("室", new() { Trouble = null, Remark = null, Now = Now }, null, Now)],
        ClockWasSetBy = TimeSpan.Zero,
        LastBackup = Now,
        WaitingActs = 0,
    };

    private static SystemState Of(Func<AuthorityReport, AuthorityReport> report) =>
        Well() with { Authority = Watch() with { Report = report(Watch().Report) } };

    private static SystemState With(Func<RoomHealth, RoomHealth> health) =>
        Well() with { Rooms = [new("室", health(Well().Rooms[0].Health!), null, Now)] };

    private static CertificateFind Ends(DateTimeOffset at) => new()
    {
        Serial = "1234",
        Kind = CertificateKind.Client,
        Standing = CertificateStanding.Live,
        Municipality = null,
        Bearer = "Officer officer-1",
        NotBefore = Now.AddYears(-1),
        NotAfter = at,
        RevokedAt = null,
        Reason = null,
    };

    private static void Expect(Level level, string subject, SystemState state)
    {
        var finding = Assert.Single(Findings.Of(state), f => f.Subject == subject);
        Assert.Equal(level, finding.Level);
        Assert.True(level == Level.Good || finding.Next is not null || level == Level.Soon);
    }
}
