using System.Globalization;
using System.Text;

namespace Jpki.Forms;

/// <summary>A character that no certificate can show, and what may stand for it.</summary>
/// <param name="Position">In characters, the first is 1.</param>
/// <param name="Character">With its variation selector, if it has one.</param>
/// <param name="Candidates">
/// The likeliest first; none when nobody knows one: then the applicant chooses, or it is written in kana.
/// </param>
public sealed record UnwritableCharacter(int Position, string Character, IReadOnlyList<string> Candidates)
{
    /// <summary>What stands for it as long as nobody chooses; null when there is no candidate.</summary>
    public string? Proposal => Candidates is [var likeliest, ..] ? likeliest : null;

    public string CodePoints => SubstituteCharacters.CodePoints(Character);

    /// <summary>For people: 1文字目「髙」(U+9AD9) 候補「高」.</summary>
    public string ForPeople => $"{Position}文字目「{Character}」({CodePoints}) "
        + (Candidates.Count == 0 ? "候補なし" : $"候補{string.Concat(Candidates.Select(c => $"「{c}」"))}");

    public override string ToString() => $"a character at {Position}";
}

/// <summary>
/// Finds what lies outside JIS X 0208 and JIS X 0212, and proposes similar characters, or kana. 代替文字 (CPS 3-1-8)
/// </summary>
public static class SubstituteCharacters
{
    private static readonly Dictionary<string, IReadOnlyList<string>> Similar = Read();

    /// <summary>Everything that has candidates, for the tests.</summary>
    internal static IReadOnlyDictionary<string, IReadOnlyList<string>> Known => Similar;

    /// <summary>
    /// What may stand for a character that cannot be written, the likeliest first. A variation (辻󠄀) is shown by its
    /// base character first.
    /// </summary>
    public static IReadOnlyList<string> Candidates(string character)
    {
        var first = character.EnumerateRunes().First();
        var similar = Similar.GetValueOrDefault(first.ToString(), []);
        return JisRepertoire.CanWrite(first) ? [first.ToString(), .. similar] : similar;
    }

    /// <summary>What stands for it as long as nobody chooses; null when nobody has a proposal.</summary>
    public static string? Propose(string character) => Candidates(character) is [var likeliest, ..] ? likeliest : null;

    /// <summary>Every character of a text that needs a substitute, in order.</summary>
    public static IReadOnlyList<UnwritableCharacter> FindIn(string text) =>
        [.. Characters(text).Index().Where(c => !IsWritable(c.Item))
            .Select(c => new UnwritableCharacter(c.Index + 1, c.Item, Candidates(c.Item)))];

    /// <summary>U+9AD9, or two of them where a variation selector follows.</summary>
    public static string CodePoints(string character) => string.Join(
        ' ', character.EnumerateRunes().Select(r => string.Create(CultureInfo.InvariantCulture, $"U+{r.Value:X4}")));

    public static bool IsWritable(string character) => character.EnumerateRunes().All(JisRepertoire.CanWrite);

    /// <summary>A text's characters: each code point, with the variation selectors that belong to it.</summary>
    public static IEnumerable<string> Characters(string text)
    {
        StringBuilder character = new();
        foreach (var rune in text.EnumerateRunes())
        {
            if (character.Length > 0 && !IsVariationSelector(rune))
            {
                yield return character.ToString();
                character.Clear();
            }
            character.Append(rune);
        }
        if (character.Length > 0)
            yield return character.ToString();
    }

    private static bool IsVariationSelector(Rune rune) =>
        rune.Value is (>= 0xE0100 and <= 0xE01EF) or (>= 0xFE00 and <= 0xFE0F);

    /// <summary>Lines of a character, a tab, and its candidates between blanks; a line with # says something.</summary>
    private static Dictionary<string, IReadOnlyList<string>> Read()
    {
        using var resource = typeof(SubstituteCharacters).Assembly.GetManifestResourceStream("substitutes.tsv")!;
        using StreamReader table = new(resource);
        return table.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith('#')).Select(line => line.Split('\t'))
            .ToDictionary(line => line[0], line => (IReadOnlyList<string>)line[1].Split(' '));
    }
}
