using System.Collections.Immutable;
using Jpki.Cps;

namespace Jpki.ControlRoom.Registers;

/// <summary>An entry as it stands in its register; it never changes. 記入</summary>
public sealed record RegisterEntry
{
    /// <summary>Series, fiscal year and running number: <c>KC-2026-00001</c>.</summary>
    public required string Number { get; init; }

    /// <summary>The entry that this one corrects or follows up; its own number when it is the first.</summary>
    public required string First { get; init; }

    public required string Series { get; init; }

    public required EntryKind Kind { get; init; }

    public required DateOnly Dated { get; init; }

    public required DateTimeOffset WrittenAt { get; init; }

    /// <summary>The officer's id.</summary>
    public required string WrittenBy { get; init; }

    /// <summary>Of the contents' JSON; stays when the contents are gone.</summary>
    public required string Sha256 { get; init; }

    public string? FileSha256 { get; init; }

    /// <summary>Null once it was disposed of.</summary>
    public EntryContents? Contents { get; init; }
}

/// <summary>A first entry with all that followed, in the order it was written.</summary>
public sealed record EntryChain
{
    public required Register Register { get; init; }

    public required ImmutableArray<RegisterEntry> Entries { get; init; }

    /// <summary>By when something must follow; null when nothing must.</summary>
    public DateOnly? Due { get; init; }

    /// <summary>The last day on which it must still be kept. (CPS 4-12-1-2, 4-12-2-2)</summary>
    public required DateOnly KeptUntil { get; init; }

    public DateOnly? DisposedOn { get; init; }

    /// <summary>The first entry or its last correction; null once it was disposed of.</summary>
    public EntryContents? Current => Entries.Last(e => e.Kind != EntryKind.FollowUp).Contents;
}

/// <summary>One line of a register's list: a first entry as it stands now.</summary>
public sealed record RegisterLine
{
    public required string Number { get; init; }

    public required DateOnly Dated { get; init; }

    /// <summary>Its first fields; empty once it was disposed of.</summary>
    public required string Summary { get; init; }

    public string? Place { get; init; }

    public DateOnly? Due { get; init; }

    public required DateOnly KeptUntil { get; init; }

    public DateOnly? DisposedOn { get; init; }
}

/// <summary>What is looked for in a register; the newest entries come first.</summary>
public sealed record RegisterQuery
{
    public const int MostLines = 500;

    /// <summary>Words that must all stand in it; at most 100 characters are looked at.</summary>
    public string Text { get; init; } = "";

    public DateOnly? From { get; init; }

    public DateOnly? To { get; init; }

    /// <summary>The volume; null for all.</summary>
    public int? Year { get; init; }

    public bool OnlyDue { get; init; }

    /// <summary>The number after which the last page ended; null for the first page.</summary>
    public string? After { get; init; }

    public int Lines { get; init; } = 50;
}

/// <summary>One page of a list.</summary>
/// <param name="Lines">The newest first.</param>
/// <param name="Next">The <see cref="RegisterQuery.After"/> of the next page; null when this is the last.</param>
public sealed record RegisterPage(ImmutableArray<RegisterLine> Lines, string? Next);

/// <summary>Something that must be done, by when.</summary>
/// <param name="Series">The register.</param>
/// <param name="Number">The entry that waits; null when a volume waits for its check.</param>
/// <param name="Year">The volume.</param>
/// <param name="Due">The last day on which it is not late.</param>
/// <param name="IsLate">Whether that day is past.</param>
public sealed record DueMatter(string Series, string? Number, int Year, DateOnly Due, bool IsLate);

/// <summary>The entries of one fiscal year in one register, and whether this year's look at them is done. 簿冊</summary>
/// <param name="Series">The register.</param>
/// <param name="Year">The fiscal year in which they were written.</param>
/// <param name="LastChecked">The fiscal year of the last check; null when there was none.</param>
public sealed record Volume(string Series, int Year, int? LastChecked);
