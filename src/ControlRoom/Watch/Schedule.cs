using System.Collections.Immutable;
using Jpki.Cps;
using Jpki.Forms;

namespace Jpki.ControlRoom.Watch;

/// <summary>Something that comes due. 予定</summary>
/// <param name="At">When; null when it is due because nothing says that it was ever done.</param>
/// <param name="Clause">Which clause asks for it.</param>
/// <param name="Japanese">What.</param>
/// <param name="English">The same.</param>
public sealed record ScheduledEvent(DateTimeOffset? At, Clause Clause, string Japanese, string English)
{
    /// <summary>Its time has come, or passed.</summary>
    public bool IsDueAt(DateTimeOffset now) => At is null || At <= now;
}

/// <summary>When something that is to be done regularly was last done; null when no record says so.</summary>
public sealed record RecordedDates
{
    public DateTimeOffset? LogInspection { get; init; }

    public DateTimeOffset? Backup { get; init; }

    public DateTimeOffset? Audit { get; init; }

    public DateTimeOffset? ReadabilityCheck { get; init; }

    /// <summary>Each officer's id and when his password ends.</summary>
    public ImmutableArray<(string Officer, DateTimeOffset Ends)> Passwords { get; init; } = [];
}

/// <summary>What happens when, within a year: a pure rule over what is recorded. 予定表</summary>
public static class Schedule
{
    /// <summary>How far ahead it looks.</summary>
    public const int Years = 1;

    private const int RunsShown = 3;

    private static readonly TimeSpan LogInspections = TimeSpan.FromDays(7);   // CPS 4-11-3

    private static readonly TimeSpan Backups = TimeSpan.FromDays(1);          // CPS 4-11-6

    /// <summary>The first first; what was never done before all.</summary>
    public static ImmutableArray<ScheduledEvent> Of(AuthorityWatch? watch, RecordedDates dates, DateTimeOffset at) =>
        [.. All(watch, dates)
            .Where(e => e.At is not { } then || then < at.AddYears(Years))
            .OrderBy(e => e.At ?? DateTimeOffset.MinValue)];

    private static IEnumerable<ScheduledEvent> All(AuthorityWatch? watch, RecordedDates dates) =>
    [
        .. watch is null ? [Unknown] : Authority(watch),
        .. dates.Passwords.Select(p => new ScheduledEvent(
            p.Ends, "5-2-3", $"パスワードの有効期限: {p.Officer}", $"password ends: {p.Officer}")),
        After(dates.LogInspection, last => last + LogInspections, "4-11-3", "監査ログの検査（週次）", "log inspection, weekly"),
        After(dates.Backup, last => last + Backups, "4-11-6", "バックアップ（日次）", "backup, daily"),
        After(dates.Audit, last => last.AddYears(1), "2-7-1", "準拠性監査（年次）", "compliance audit, yearly"),
        After(dates.ReadabilityCheck, last => last.AddYears(1), "4-12-2-6", "保管情報の可読性の確認（年次）",
            "readability of archives, yearly"),
    ];

    private static ScheduledEvent Unknown { get; } = new(
        null, "5-2-1-1(6)", "認証局の扉が応答しません。失効記録、鍵、証明書の予定は分かりません。",
        "the Authority's door does not answer: its own dates are unknown");

    private static IEnumerable<ScheduledEvent> Authority(AuthorityWatch watch) =>
    [
        .. Runs(watch.Report),
        .. watch.Generations.SelectMany((g, i) => Keys(g, isNewest: i == watch.Generations.Count - 1)),
        .. watch.Cross.Select(c => new ScheduledEvent(
            c.NotAfter, "4-9", $"相互認証証明書の有効期間の終わり: {c.Serial}", $"cross certificate ends: {c.Serial}")),
        .. watch.Certificates.Select(c => new ScheduledEvent(
            c.NotAfter, AuthorityFindings.ClauseOf(c.Kind),
            $"証明書の有効期間の終わり: {c.Bearer}", $"certificate ends: {c.Bearer}")),
    ];

    private static IEnumerable<ScheduledEvent> Runs(AuthorityReport report)
    {
        for (var i = 0; i < RunsShown; i++)
        {
            yield return new(
                report.NextRunDueAt + (i * Periods.CrlInterval), "4-4-9",
                i == RunsShown - 1 ? "失効記録の定期発行（以後 24 時間ごと）" : "失効記録の定期発行",
                i == RunsShown - 1 ? "scheduled CRLs, every 24 hours from here on" : "scheduled CRLs");
        }
        if (report.LastRun is { } run)
        {
            yield return new(
                run.NextUpdate, "4-4-9", $"失効記録 {run.Number} の有効期間の終わり", $"CRL {run.Number} ends");
        }
    }

    private static IEnumerable<ScheduledEvent> Keys(GenerationReport generation, bool isNewest)
    {
        if (isNewest)
        {
            yield return new(
                JapanTime.EndOfYears(generation.NotBefore, Periods.GovernorKeyYears), "4-13",
                $"知事の鍵ペアの更新（第 {generation.Number} 世代は 5 年）",
                $"key change: generation {generation.Number} is five years old");
        }
        yield return new(
            generation.NotAfter, "6-3-1-2", $"自己署名証明書の有効期間の終わり（第 {generation.Number} 世代）",
            $"the self-signed certificate of generation {generation.Number} ends");
    }

    private static ScheduledEvent After(
        DateTimeOffset? last, Func<DateTimeOffset, DateTimeOffset> next, Clause clause, string japanese,
        string english) => last is { } done
            ? new(next(done), clause, japanese, english)
            : new(null, clause, $"{japanese}: 実施の記録がありません", $"{english}: no record of one");
}
