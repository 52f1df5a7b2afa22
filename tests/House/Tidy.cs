using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Jpki.Tests.House;

/// <summary>The style that a machine can check: sizes, leftovers and names that say nothing.</summary>
public sealed partial class Tidy
{
    private const int MaxLines = 400;
    private const int MaxColumns = 120;
    private const int MaxFunctionLines = 50;

    /// <summary>A paragraph of a page is one line.</summary>
    private static bool IsNotProse(string file) => Path.GetExtension(file) != ".razor";

    private static IEnumerable<string> Code => Tree.Files(".cs", ".razor", ".sql", ".css", ".js");

    [Fact]
    public void Files_fit_four_hundred_lines() => Findings.None(Code.SelectMany(f => TooLong(f, Tree.Read(f))));

    [Fact]
    public void Lines_fit_120_columns() => Findings.None(
        Code.Where(IsNotProse).SelectMany(f => TooWide(f, Tree.Read(f))));

    [Fact]
    public void Functions_fit_a_screen() => Findings.None(
        Tree.CSharp("src", "tests", "bench").SelectMany(f => TooLongFunctions(f.Path, f.Root)));

    [Fact]
    public void Nothing_is_left_for_later() => Findings.None(Code.SelectMany(f => Leftovers(f, Tree.Read(f))));

    [Fact]
    public void A_file_that_needs_headings_is_two_files() => Findings.None(
        Code.SelectMany(f => Headings(f, Tree.Read(f))));

    [Fact]
    public void File_names_say_something() => Findings.None(Code.SelectMany(VagueNames));

    [Fact]
    public void Each_rule_bites()
    {
        Assert.Single(TooLong("x", new string('\n', MaxLines + 1)));
        Assert.Single(TooWide("x", "ok\n" + new string('x', MaxColumns + 1)));
        Assert.Single(TooLongFunctions("x", Tree.Parse($"class C {{ void F() {{{new string('\n', 50)}}} }}")));
        Assert.Single(TooLongFunctions("x", Tree.Parse(string.Concat(Enumerable.Repeat("F();\n", 51)))));
        Assert.Single(Leftovers("x", "// TO" + "DO: later"));
        Assert.Single(Leftovers("x", "/* FIX" + "ME */"));
        Assert.Single(Headings("x", "    // ---- Parsing ----"));
        Assert.Single(Headings("x", "// ====="));
        Assert.Single(Headings("x", "#reg" + "ion Parsing"));
        Assert.Single(VagueNames("src/A/DateHelper.cs"));
        Assert.Single(VagueNames("src/A/StringUtils.cs"));
        Assert.Single(VagueNames("src/A/KeyManager.cs"));
    }

    [Fact]
    public void And_lets_good_code_pass()
    {
        Assert.Empty(TooLong("x", new string('\n', MaxLines)));
        Assert.Empty(TooWide("x", new string('証', MaxColumns)));
        Assert.Empty(TooWide("x", string.Concat(Enumerable.Repeat("𠮷", MaxColumns))));
        Assert.Empty(TooLongFunctions("x", Tree.Parse($"class C {{ [A{new string('\n', 60)}] void F() {{ }} }}")));
        Assert.Empty(Leftovers("x", "// mastodon"));
        Assert.Empty(Headings("x", "// a -> b --- c"));
        Assert.Empty(VagueNames("src/A/Utilization.cs"));
    }

    internal static IEnumerable<string> TooLong(string file, string text)
    {
        var lines = text.Count(c => c == '\n') + (text.EndsWith('\n') ? 0 : 1);
        if (lines > MaxLines)
            yield return $"{file}: {lines} lines; {MaxLines} is the limit";
    }

    /// <summary>A character is one column, however wide it is drawn.</summary>
    internal static IEnumerable<string> TooWide(string file, string text) =>
        from line in text.Split('\n').Index()
        let columns = line.Item.Length <= MaxColumns ? 0 : line.Item.EnumerateRunes().Count()
        where columns > MaxColumns
        select $"{file}:{line.Index + 1}: {columns} columns; {MaxColumns} is the limit";

    internal static IEnumerable<string> TooLongFunctions(string file, SyntaxNode root) =>
        from function in root.DescendantNodesAndSelf()
        let lines = function switch
        {
            BaseMethodDeclarationSyntax method => Lines(method, method.AttributeLists),
            LocalFunctionStatementSyntax local => Lines(local, local.AttributeLists),
            AccessorDeclarationSyntax accessor => Lines(accessor, accessor.AttributeLists),
            CompilationUnitSyntax unit => unit.Members.OfType<GlobalStatementSyntax>()
                .Where(s => s.Statement is not LocalFunctionStatementSyntax).Sum(s => Lines(s, [])),
            _ => 0,
        }
        where lines > MaxFunctionLines
        let line = function.GetLocation().GetLineSpan().StartLinePosition.Line + 1
        select $"{file}:{line}: a function of {lines} lines; {MaxFunctionLines} is the limit";

    internal static IEnumerable<string> Leftovers(string file, string text) =>
        Leftover().Matches(text).Select(found => $"{file}: {found.Value}: do it, or open an issue");

    internal static IEnumerable<string> Headings(string file, string text) =>
        Heading().Matches(text).Select(found => $"{file}: '{found.Value.Trim()}': a heading; make it a file");

    internal static IEnumerable<string> VagueNames(string file) =>
        Vague().Matches(Path.GetFileName(file)).Select(found => $"{file}: {found.Groups[1].Value} says nothing");

    private static int Lines(SyntaxNode function, SyntaxList<AttributeListSyntax> attributes)
    {
        var text = function.SyntaxTree.GetText();
        var first = attributes.Count == 0 ? function.GetFirstToken() : attributes.Last().GetLastToken().GetNextToken();
        return text.Lines.IndexOf(function.Span.End) - text.Lines.IndexOf(first.SpanStart) + 1;
    }

    [GeneratedRegex(@"\b(TO" + @"DO|FIX" + @"ME|XX" + @"X|HA" + @"CK)\b")]
    private static partial Regex Leftover();

    [GeneratedRegex(@"^[ \t]*((//+|/\*)[ \t]*[-=#*~─═]{3,}|#(end)?region\b).*", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"(Helpers?|Managers?|Util(s|ity|ities)?)\.")]
    private static partial Regex Vague();
}
