using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace Jpki.Tests.House;

/// <summary>Whom a clause binds.</summary>
internal enum ClauseKind
{
    /// <summary>The software enforces it or does it.</summary>
    System,

    /// <summary>An organisation's duty.</summary>
    People,

    /// <summary>Premises.</summary>
    Place,

    /// <summary>規定しない。</summary>
    Silent,
}

/// <summary>One row of docs/cps/clauses.tsv: a leaf clause, or a numbered item of one.</summary>
internal sealed record ClauseRow(string Number, ClauseKind Kind, string Title)
{
    private static readonly SearchValues<char> Marks = SearchValues.Create("(①②③④⑤⑥");

    public bool IsItem => Clause != Number;

    /// <summary>The number without the item's mark.</summary>
    public string Clause => Number.AsSpan().IndexOfAny(Marks) is >= 0 and var mark ? Number[..mark] : Number;
}

/// <summary>The list of clauses agrees with the practice statement it lists. 運用規程</summary>
public sealed partial class Clauses
{
    internal static IReadOnlyList<ClauseRow> Rows { get; } = Parse(Tree.Read("docs/cps/clauses.tsv"));

    [Fact]
    public void Each_clause_is_listed_once() => Assert.Equal(Rows.Count, Rows.DistinctBy(row => row.Number).Count());

    [Fact]
    public void Each_item_stands_under_its_clause()
    {
        var clauses = Rows.Where(row => !row.IsItem).ToList();

        Findings.None(
            from item in Rows
            where item.IsItem && !clauses.Any(clause => IsUnder(item.Number, clause.Number))
            select $"{item.Number} is an item of no clause");
    }

    [Fact]
    public void The_list_is_the_practice_statements()
    {
        var leaves = Leaves(PracticeStatement());

        Assert.Equal(
            leaves.Select(leaf => $"{leaf.Number} {Plain(leaf.Title)}"),
            Rows.Where(row => !row.IsItem).Select(row => $"{row.Number} {Plain(row.Title)}"));
        Assert.Equal(
            leaves.Where(leaf => leaf.Text.StartsWith("規定しない。", StringComparison.Ordinal)).Select(leaf => leaf.Number),
            Rows.Where(row => row.Kind == ClauseKind.Silent).Select(row => row.Number));
    }

    [Fact]
    public void Each_item_is_in_its_clauses_text()
    {
        var text = Leaves(PracticeStatement()).ToDictionary(leaf => leaf.Number, leaf => leaf.Text);

        Findings.None(
            from item in Rows
            where item.IsItem
            let mark = LastMark().Match(item.Number).Value
            where !text[item.Clause].Contains(mark, StringComparison.Ordinal)
            select $"{item.Clause} has no {mark}");
    }

    [Theory]
    [InlineData("4-4-9", true)]
    [InlineData("4-4", true)]
    [InlineData("4", true)]
    [InlineData("2-1-2(37)", true)]
    [InlineData("3-1-9①", true)]
    [InlineData("2-1-2(38)", false)]
    [InlineData("4-4-12", false)]
    [InlineData("4-4-1-9", false)]
    [InlineData("9", false)]
    [InlineData("2-1-", false)]
    public void A_citation_resolves_when_it_is_a_clause_or_a_heading(string citation, bool resolves) =>
        Assert.Equal(resolves, Resolves(citation));

    /// <summary>True of every listed clause and of the headings above them.</summary>
    internal static bool Resolves(string citation) =>
        Rows.Any(row => row.Number == citation || IsUnder(row.Number, citation));

    internal static bool IsUnder(string number, string heading) =>
        char.IsDigit(heading[^1]) && number.Length > heading.Length
        && number.StartsWith(heading, StringComparison.Ordinal) && !char.IsAsciiDigit(number[heading.Length]);

    /// <summary>The practice statement's text, its Cyrillic letters (レスポнда) put right.</summary>
    internal static string PracticeStatement() =>
        Shared.Read("cps/saitama-ca-cps-1.7.ja.txt").Replace("нда", "ンダ", StringComparison.Ordinal);

    /// <summary>Without spaces and with half-width forms, so that typography makes no difference.</summary>
    internal static string Plain(string text) => Spaces().Replace(text.Normalize(NormalizationForm.FormKC), "");

    internal static IReadOnlyList<ClauseRow> Parse(string table) =>
    [
        .. table.TrimEnd('\n').Split('\n').Skip(1).Select(line => line.Split('\t') is [var number, var kind, var title]
            ? new ClauseRow(number, Enum.Parse<ClauseKind>(kind, ignoreCase: true), title)
            : throw new FormatException($"clauses.tsv: {line}")),
    ];

    private static List<(string Number, string Title, string Text)> Leaves(string statement)
    {
        var body = statement[statement.LastIndexOf("1. はじめに", StringComparison.Ordinal)..];
        var headings = HeadingLine().Matches(body);
        var numbers = headings.Select(heading => heading.Groups["number"].Value).ToHashSet();
        List<(string, string, string)> leaves = [];
        foreach (var (i, heading) in headings.Index())
        {
            var number = heading.Groups["number"].Value;
            var start = heading.Index + heading.Length;
            var end = i + 1 < headings.Count ? headings[i + 1].Index : body.Length;
            if (!numbers.Any(other => other.StartsWith(number + "-", StringComparison.Ordinal)))
                leaves.Add((number, heading.Groups["title"].Value, body[start..end].Trim()));
        }

        return leaves;
    }

    [GeneratedRegex(@"^(?<number>\d+(-\d+)+)\s+(?<title>.+)$", RegexOptions.Multiline)]
    private static partial Regex HeadingLine();

    [GeneratedRegex(@"(\(\d+\)|[①-⑳])$")]
    private static partial Regex LastMark();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
