namespace Jpki.Cps.Lint;

/// <summary>How much a finding weighs.</summary>
public enum LintLevel
{
    /// <summary>Lawful, and worth knowing.</summary>
    Notice,

    /// <summary>Against a SHOULD, or against what is held to be secure today.</summary>
    Warning,

    /// <summary>Against a MUST or the practice statement. Nothing with one is signed here.</summary>
    Error,
}

/// <summary>What one rule found in one certificate, CRL or OCSP response.</summary>
/// <param name="Level">How much it weighs.</param>
/// <param name="Rule">The rule's id.</param>
/// <param name="Source">The clause (<c>CPS 7-1-1</c>) or section (<c>RFC 5280 4.1.2.2</c>) that was broken.</param>
/// <param name="Text">What is wrong. No attribute of a person is in it.</param>
public sealed record Finding(LintLevel Level, string Rule, string Source, string Text)
{
    /// <summary>One line: level, rule, source, text, parted by blanks.</summary>
    public override string ToString() => $"{Level.ToString().ToLowerInvariant()} {Rule} {Source}: {Text}";
}

/// <summary>One rule, named, with where it comes from and since when it holds.</summary>
/// <param name="Id">Its name in findings: what is demanded, in words joined by underscores.</param>
/// <param name="Level">How much breaking it weighs.</param>
/// <param name="Source">Clause or section.</param>
/// <param name="Objection">What is wrong with the thing; null when nothing is, or the rule is not about it.</param>
public sealed record Rule<T>(string Id, LintLevel Level, string Source, Func<T, string?> Objection)
{
    /// <summary>What was made before is not judged by it. By default RFC 5280's own date.</summary>
    public DateOnly Since { get; init; } = new(2008, 5, 1);

    /// <summary>
    /// Takes longer than a signature may wait: for files only, since a key is examined when it is asked for.
    /// </summary>
    public bool IsCostly { get; init; }

    internal Finding? Judge(T thing) => Objection(thing) is { } text ? new(Level, Id, Source, text) : null;
}

/// <summary>Short ways to write a table of rules.</summary>
internal static class Rules
{
    /// <summary>For what was always so: X.509, RFC 2459, the practice statement's first edition.</summary>
    public static readonly DateOnly Always = new(1996, 1, 1);

    public static Rule<T> Error<T>(string id, string source, Func<T, string?> objection) =>
        new(id, LintLevel.Error, source, objection);

    public static Rule<T> Warning<T>(string id, string source, Func<T, string?> objection) =>
        new(id, LintLevel.Warning, source, objection);

    public static Rule<T> Notice<T>(string id, string source, Func<T, string?> objection) =>
        new(id, LintLevel.Notice, source, objection);

    /// <summary>The text when the claim is false.</summary>
    public static string? Unless(bool claim, string text) => claim ? null : text;

    /// <summary>The text when the claim is true.</summary>
    public static string? When(bool claim, string text) => claim ? text : null;
}
