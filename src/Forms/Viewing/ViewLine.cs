using System.Text.Json.Serialization;

namespace Jpki.Forms.Viewing;

/// <summary>In which language labels and explanations are; what a certificate says stays as it is.</summary>
public enum ReaderLanguage
{
    Japanese,
    English,
}

/// <summary>For whom, and how much.</summary>
public sealed record ViewOptions
{
    public const int UsualEntries = 20;

    public ReaderLanguage Language { get; init; }

    /// <summary>The most entries of a CRL, answers of a responder or objects of a file that are written out.</summary>
    public int MostEntries { get; init; } = UsualEntries;
}

/// <summary>
/// One labelled line of a view, with the lines below it. Text, HTML and JSON are three renderings of one tree. What
/// strangers wrote is made harmless in <see cref="Value"/>; only HTML has still to be escaped.
/// </summary>
/// <param name="Key">The same in every language: <c>notAfter</c>.</param>
/// <param name="Label">For people.</param>
/// <param name="Value">For people; null for a heading.</param>
public sealed record ViewLine(string Key, string Label, string? Value)
{
    /// <summary>For programs: a time in UTC, an OID, a code. Null where the value says it already.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Raw { get; init; }

    /// <summary>
    /// One digit for each character of <see cref="Value"/>: '1' marks a substitute. Null where nothing is marked.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Marks { get; init; }

    /// <summary>Made while they are read, so that a long list needs no room.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IEnumerable<ViewLine>? Lines { get; init; }

    /// <summary>Never the value: it may be personal.</summary>
    public override string ToString() => Key;
}
