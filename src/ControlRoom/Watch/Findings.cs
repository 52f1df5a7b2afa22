using System.Collections.Immutable;
using Jpki.Cps;

namespace Jpki.ControlRoom.Watch;

/// <summary>
/// What is wrong and what is due, the worst first: a pure rule over what was seen. Its thresholds are ours where no
/// clause names one. システムの状態の点検 (CPS 5-2-1-1(6))
/// </summary>
public static class Findings
{
    /// <summary>With less validity left than one missed run leaves, the CRLs are in danger. (CPS 4-4-9)</summary>
    public static readonly TimeSpan CrlInDanger = Periods.CrlValidity - (2 * Periods.CrlInterval);

    /// <summary>How late a run may be before somebody must look.</summary>
    public static readonly TimeSpan RunIsLate = TimeSpan.FromMinutes(10);

    /// <summary>Time to renew a door's, a responder's or an officer's certificate.</summary>
    public static readonly TimeSpan CertificateEndsSoon = TimeSpan.FromDays(60);

    public static readonly TimeSpan CertificateEndsNow = TimeSpan.FromDays(7);

    public static readonly TimeSpan ClocksDiffer = TimeSpan.FromSeconds(2);

    public static readonly TimeSpan ClocksDifferBadly = TimeSpan.FromSeconds(30);

    public static readonly TimeSpan NoticeWaitsLong = TimeSpan.FromMinutes(5);

    public static readonly TimeSpan NoticeWaitsTooLong = TimeSpan.FromHours(1);

    /// <summary>Daily, with an hour's grace. (CPS 4-11-6)</summary>
    public static readonly TimeSpan BackupIsOld = TimeSpan.FromHours(25);

    public const double DiskIsLow = 0.15;

    public const double DiskIsFull = 0.05;

    /// <summary>Changes of status that a responder may be behind.</summary>
    public const long ResponderLags = 1;

    public const long ResponderLagsBadly = 1_000;

    /// <summary>Worst first; among equals in the order of a walk through the house.</summary>
    public static ImmutableArray<Finding> Of(SystemState state) =>
        [.. All(state).OrderBy(f => f.Level)];

    private static IEnumerable<Finding> All(SystemState state) =>
    [
        .. state.Authority is { } authority ? AuthorityFindings.Of(authority, state.At) : [NoAuthority],
        .. RoomFindings.Of(state),
        Clock(state),
        Backup(state),
        Approvals(state),
    ];

    private static Finding NoAuthority { get; } = new(
        Level.Bad, "5-2-1-1(6)", "認証局", "認証局の扉が応答しません。失効記録、鍵、ログの状態は分かりません。",
        "The Authority's door does not answer; the state of CRLs, keys and log is unknown.",
        "認証局のプロセスとネットワークを確かめ、起動してください。");

    private static Finding Clock(SystemState state)
    {
        var off = state.ClockWasSetBy.Duration();
        foreach (var room in state.Rooms.Where(r => r.Health is not null))
            off = Max(off, (room.Health!.Now - room.AskedAt).Duration());
        var level = off > ClocksDifferBadly ? Level.Bad : off > ClocksDiffer ? Level.Soon : Level.Good;
        return new(
            level, "4-12-2-5", "時計",
            level == Level.Good
                ? $"各室の時計の差と起動後の時計の変更は {ClocksDiffer.TotalSeconds:0} 秒以内です（外部の標準時とは比べていません）。"
                : $"各室の時計の差又は起動後の時計の変更が {off.TotalSeconds:0.0} 秒あります。",
            level == Level.Good
                ? "The rooms' clocks agree and were not set since the start; no outside source was asked."
                : $"The rooms' clocks differ, or were set since the start, by {off.TotalSeconds:0.0} s.",
            level == Level.Good ? null : "NTP の同期を各機器で確かめてください（chronyc tracking）。");
    }

    private static Finding Backup(SystemState state) => state.LastBackup is not { } last
        ? new(Level.Soon, "4-11-6", "バックアップ", "バックアップの記録がありません。",
            "No backup has been recorded.", "日次のバックアップを取り、記録してください。")
        : state.At - last > BackupIsOld
            ? new(Level.Bad, "4-11-6", "バックアップ", $"最後のバックアップは {JapanTime.ForPeople(last)} です。",
                $"The last backup is of {last:u}.", "日次のバックアップが失敗していないか確かめてください。")
            : new(Level.Good, "4-11-6", "バックアップ", $"最後のバックアップは {JapanTime.ForPeople(last)} です。",
                $"The last backup is of {last:u}.");

    private static Finding Approvals(SystemState state) => state.WaitingActs == 0
        ? new(Level.Good, "5-2-2①", "承認待ち", "承認を待つ操作はありません。", "Nothing waits for approval.")
        : new(Level.Soon, "5-2-2①", "承認待ち", $"{state.WaitingActs} 件の操作が二人目の承認を待っています。",
            $"{state.WaitingActs} acts wait for a second person.", "承認の頁で内容を確かめてください。");

    internal static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
