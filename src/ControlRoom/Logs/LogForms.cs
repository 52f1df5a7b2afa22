using Jpki.Ledger;

namespace Jpki.ControlRoom.Logs;

/// <summary>Where a room's sealed log is read, and the key that proves it.</summary>
/// <param name="Room">Whose log.</param>
/// <param name="Key">Its public half.</param>
/// <param name="Fetch">The octets of a C2SP tlog-tiles resource.</param>
public sealed record LogPlace(string Room, LogPublicKey Key, Func<string, Task<byte[]>> Fetch);

/// <summary>Which entries an auditor wants to see; what is null or empty is not asked.</summary>
public sealed record LogQuestion
{
    public required string Room { get; init; }

    public DateTimeOffset? From { get; init; }

    /// <summary>Exclusive.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Part of the kind of event. 事象又は処理の種類</summary>
    public string? What { get; init; }

    /// <summary>Part of the result. 処理の結果</summary>
    public string? Result { get; init; }

    /// <summary>Part of the source. 事象の発生元の識別情報</summary>
    public string? Source { get; init; }

    /// <summary>Part of what it was about.</summary>
    public string? About { get; init; }

    /// <summary>Only entries with smaller numbers; null for the newest.</summary>
    public long? Before { get; init; }

    public bool Fits(LogEntry entry) =>
        (From is not { } from || entry.Event.At >= from) && (Until is not { } until || entry.Event.At < until)
        && Has(entry.Event.What, What) && Has(entry.Event.Result, Result) && Has(entry.Event.Source, Source)
        && Has(entry.Event.About ?? "", About);

    private static bool Has(string text, string? part) =>
        string.IsNullOrEmpty(part) || text.Contains(part, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Some entries of a log, newest first, all of them sealed by its newest checkpoint.</summary>
/// <param name="Size">Entries in the whole log.</param>
/// <param name="Entries">What was asked for.</param>
/// <param name="Before">Where the next page begins; null when nothing is left.</param>
public sealed record LogPage(long Size, IReadOnlyList<LogEntry> Entries, long? Before);

/// <summary>Entries that are checked while they are read, oldest first.</summary>
public sealed record LogStretch(IAsyncEnumerable<LogEntry> Entries);

/// <summary>That an auditor has looked through a stretch of a log, and what he found. 監査ログの検査</summary>
public sealed record Inspection
{
    public required long Number { get; init; }

    public required string Room { get; init; }

    public required long First { get; init; }

    public required long Last { get; init; }

    public required string Officer { get; init; }

    public required DateTimeOffset At { get; init; }

    public required bool IsWell { get; init; }

    public required string Finding { get; init; }
}
