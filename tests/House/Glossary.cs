using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Jpki.Tests.House;

/// <summary>One row of the glossary.</summary>
internal sealed record Term(string Japanese, string[] Codes, string Clause);

/// <summary>The glossary's words are the practice statement's, and its names are the code's.</summary>
public sealed partial class Glossary
{
    private static IReadOnlyList<Term> Terms { get; } = Parse(Tree.Read("docs/GLOSSARY.md"));

    [Fact]
    public void Each_name_is_in_the_code() =>
        Findings.None(Unknown(Terms, [.. Tree.CSharp("src").SelectMany(file => Declared(file.Root))]));

    [Fact]
    public void Each_term_is_in_the_practice_statement() => Findings.None(Foreign(
        Terms, Clauses.Plain(Clauses.PracticeStatement() + string.Concat(Clauses.Rows.Select(row => row.Title)))));

    [Fact]
    public void Each_clause_is_one() => Findings.None(
        from term in Terms
        where !Clauses.Resolves(
            term.Clause)
        select $"{term.Japanese}: CPS {term.Clause} is no clause");

    [Fact]
    public void Each_term_stands_once() => Assert.Equal(Terms.Count, Terms.DistinctBy(term => term.Japanese).Count());

    [Fact]
    public void Each_rule_bites()
    {
        var terms = Parse("""
            | 日本語 | English | code | CPS | note |
            |---|---|---|---|---|
            | 失効 | revocation | `Revocation` | 4-4 | see `Revocation.Reason` |
            | 停止 | suspension | — | 4-4-5 | |
            """);
        var declared = Declared(Tree.Parse("record Revocation(int At) { int Reason { get; } }")).ToHashSet();

        Assert.Empty(Unknown(terms, declared));
        Assert.Single(Unknown(terms, [.. declared.Except(["Revocation.Reason"])]));
        Assert.Equal(2, Unknown(terms, []).Count());
        Assert.Empty(Foreign(terms, "失効又は停止"));
        Assert.Single(Foreign(terms, "失効"));
        Assert.Contains("Revocation.At", declared);
    }

    internal static IReadOnlyList<Term> Parse(string text) =>
    [
        .. from line in text.Split('\n')
           where line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| 日本語 ", StringComparison.Ordinal)
           let cells = line.Split('|').Select(cell => cell.Trim()).ToArray()
           let codes = Code().Matches(cells[3] + cells[5]).Select(code => code.Groups[1].Value).ToArray()
           select new Term(cells[1], codes, cells[4]),
    ];

    internal static IEnumerable<string> Unknown(IEnumerable<Term> terms, HashSet<string> declared) =>
        from term in terms
        from code in term.Codes
        where !declared.Contains(code)
        select $"{term.Japanese}: nothing in src is called {code}";

    internal static IEnumerable<string> Foreign(IEnumerable<Term> terms, string statement) =>
        from term in terms
        where !statement.Contains(Clauses.Plain(term.Japanese), StringComparison.Ordinal)
        select $"{term.Japanese} is not a word of the practice statement";

    /// <summary>Every type and, behind its type's name, every member.</summary>
    internal static IEnumerable<string> Declared(SyntaxNode root) =>
        root.DescendantNodes().OfType<BaseTypeDeclarationSyntax>().SelectMany(type =>
            Members(type).Select(member => $"{type.Identifier.Text}.{member}").Prepend(type.Identifier.Text));

    private static IEnumerable<string> Members(BaseTypeDeclarationSyntax type) => type switch
    {
        EnumDeclarationSyntax values => values.Members.Select(member => member.Identifier.Text),
        TypeDeclarationSyntax record => record.Members.SelectMany(Names)
            .Concat(record.ParameterList?.Parameters.Select(parameter => parameter.Identifier.Text) ?? []),
        _ => [],
    };

    private static IEnumerable<string> Names(MemberDeclarationSyntax member) => member switch
    {
        PropertyDeclarationSyntax property => [property.Identifier.Text],
        MethodDeclarationSyntax method => [method.Identifier.Text],
        BaseFieldDeclarationSyntax field => field.Declaration.Variables.Select(variable => variable.Identifier.Text),
        _ => [],
    };

    [GeneratedRegex("`([A-Za-z][A-Za-z0-9.]*)`")]
    private static partial Regex Code();
}
