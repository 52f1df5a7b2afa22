using System.Collections.Immutable;

namespace Jpki.Cps;

/// <summary>What may stand in a field of a register.</summary>
public enum FieldKind
{
    /// <summary>One line of at most 200 characters.</summary>
    Text,

    /// <summary>At most 4,000 characters, with line ends.</summary>
    Paragraph,

    /// <summary>A Japanese day.</summary>
    Date,

    /// <summary>A day and a time of day in Japan, to the second.</summary>
    Time,

    /// <summary>From 0 to 999,999,999,999,999.</summary>
    Number,

    /// <summary>One of the field's choices.</summary>
    Choice,

    /// <summary>An officer's or visitor's number, never a name. (CPS 2-8-1)</summary>
    Person,
}

/// <summary>On what records lie: it decides by which clauses they are kept and checked. (CPS 4-12-1, 4-12-2)</summary>
public enum Medium
{
    /// <summary>紙で保管する情報</summary>
    Paper,

    /// <summary>デジタルデータとして保管する情報</summary>
    Digital,
}

/// <summary>In whose hands the papers lie. (CPS 4-12-1-1)</summary>
public enum RegisterKeeper
{
    /// <summary>埼玉県知事</summary>
    Governor,

    /// <summary>指定認証機関</summary>
    DesignatedAuthority,

    /// <summary>市町村長</summary>
    Municipality,
}

/// <summary>One of the answers a field may hold.</summary>
public sealed record RegisterChoice(string Code, string Japanese, string English);

/// <summary>One field of a register's entries.</summary>
/// <param name="Name">By which programs and CSV files name it.</param>
/// <param name="Kind">What may stand in it.</param>
/// <param name="Japanese">Its label; also a CSV column's name.</param>
/// <param name="English">The label's second line.</param>
public sealed record RegisterField(string Name, FieldKind Kind, string Japanese, string English)
{
    public bool IsRequired { get; init; } = true;

    /// <summary>Of a <see cref="FieldKind.Choice"/>; else empty.</summary>
    public ImmutableArray<RegisterChoice> Choices { get; init; } = [];
}

/// <summary>What happens to an entry after it was written, until it is closed.</summary>
/// <param name="Fields">Of each further entry.</param>
public sealed record FollowUp(ImmutableArray<RegisterField> Fields)
{
    /// <summary>Names of fields that may be empty until the entry that closes the matter.</summary>
    public ImmutableArray<string> NeededToClose { get; init; } = [];

    /// <summary>Only entries whose field holds this choice are followed up; null when every entry is.</summary>
    public (string Field, string Choice)? OnlyWhen { get; init; }
}

/// <summary>A register as the practice statement asks for it: what it holds, who keeps it and how long. 帳簿</summary>
public sealed record Register
{
    /// <summary>Two letters, with which its entries' numbers begin. 分類記号</summary>
    public required string Series { get; init; }

    /// <summary>That asks for it.</summary>
    public required Clause Clause { get; init; }

    public required string Japanese { get; init; }

    public required string English { get; init; }

    public required RegisterKeeper Keeper { get; init; }

    public Medium Medium { get; init; } = Medium.Paper;

    /// <summary>Whole fiscal years after the one the record is of.</summary>
    public int RetentionYears { get; init; } = Periods.RecordYears;

    /// <summary>Who makes entries. (CPS 5-2-1-1)</summary>
    public ImmutableArray<Role> Writers { get; init; } = [Role.CaManager];

    /// <summary>The work of its writers, where the statement gives it to them.</summary>
    public Clause WritersClause { get; init; } = "5-2-1-1(1)";

    public required ImmutableArray<RegisterField> Fields { get; init; }

    /// <summary>The field whose day is the entry's day; null when the day stands for itself.</summary>
    public string? DatedBy { get; init; }

    /// <summary>Null when an entry is complete as soon as it is written.</summary>
    public FollowUp? FollowUp { get; init; }

    /// <summary>The CA manager answers for all of them; the internal auditor compares them with the log.</summary>
    public ImmutableArray<Role> Readers => [.. Writers.Union([Role.CaManager, Role.InternalAuditor])];

    public Clause RetentionClause => Medium == Medium.Paper ? "4-12-1-2" : "4-12-2-2";

    /// <summary>The yearly look whether it can still be read.</summary>
    public Clause ReadabilityClause => Medium == Medium.Paper ? "4-12-1-4" : "4-12-2-6";

    /// <summary>The last day on which what was written then must still be kept.</summary>
    public DateOnly KeptUntil(DateOnly day) => FiscalYear.EndOfRetention(day, RetentionYears);

    /// <summary>Null when somebody with these roles may make an entry.</summary>
    public Refusal? ObjectionToWriting(ImmutableArray<Role> roles) => roles.Any(r => Writers.Contains(r))
        ? null
        : new(WritersClause, $"{Japanese}に記入するのは{Names(Writers)}の職務です。");

    /// <summary>Null when somebody with these roles may read it. (CPS 5-2-3)</summary>
    public Refusal? ObjectionToReading(ImmutableArray<Role> roles) => roles.Any(r => Readers.Contains(r))
        ? null
        : new("5-2-3", $"{Japanese}を閲覧できるのは{Names(Readers)}です。");

    private static string Names(ImmutableArray<Role> roles) => string.Join("、", roles.Select(r => r.Japanese()));
}
