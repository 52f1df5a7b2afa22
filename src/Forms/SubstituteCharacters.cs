using System.Globalization;
using System.Text;

namespace Jpki.Forms;

/// <summary>A character that no certificate can show, and what is proposed to stand for it.</summary>
/// <param name="Position">In characters, the first is 1.</param>
/// <param name="Character">With its variation selector, if it has one.</param>
/// <param name="Proposal">Null when nobody has one: then the applicant chooses, or it is written in kana.</param>
public sealed record UnwritableCharacter(int Position, string Character, string? Proposal)
{
    /// <summary>U+9AD9, or two of them where a variation selector follows.</summary>
    public string CodePoints => string.Join(
        ' ', Character.EnumerateRunes().Select(r => string.Create(CultureInfo.InvariantCulture, $"U+{r.Value:X4}")));

    /// <summary>For people: 1文字目「髙」(U+9AD9) 候補「高」.</summary>
    public string ForPeople =>
        $"{Position}文字目「{Character}」({CodePoints}) {(Proposal is null ? "候補なし" : $"候補「{Proposal}」")}";

    public override string ToString() => $"a character at {Position}";
}

/// <summary>
/// Finds what lies outside JIS X 0208 and JIS X 0212, and proposes a similar character, or kana. 代替文字 (CPS 3-1-8)
/// </summary>
public static class SubstituteCharacters
{
    /// <summary>
    /// Each entry is a character followed by what stands for it: the kanji that Windows terminals type beyond the two
    /// standards, some of later standards, and some simplified ones.
    /// </summary>
    private const string Proposals =
        "髙高 \uFA11崎 \uFA10塚 德徳 黑黒 瀨瀬 增増 寬寛 靑青 淸清 橫横 栁柳 敎教 郞郎 \uFA19神 \uFA1A祥 \uFA1B福 \uFA1C靖 \uFA1D精 "
        + "\uFA1E羽 \uFA26都 \uF9DC隆 \uF929朗 \uFA12晴 \uFA15凞 \uFA16猪 \uFA17益 \uFA18礼 \uFA22諸 \uFA25逸 \uFA2A飯 \uFA2B飼 "
        + "\uFA2C館 \uFA2D鶴 \uFA14欅 \uFA1F臈 悅悦 愠慍 昻昂 甁瓶 綠緑 緖緒 薰薫 賴頼 鄕郷 閒間 靍鶴 咊和 嵓巌 圡土 "
        + "𠮷吉 𠮟叱 𡈽土 𠀋丈 𣘺橋 𥔎碕 𥚃裡 𦥑臼 见見 产産 们們 华華 东東 样様 𪚥テツ";

    private static readonly Dictionary<string, string> Similar = Proposals.Split(' ')
        .Select(entry => (Character: entry.EnumerateRunes().First().ToString(), Entry: entry))
        .ToDictionary(e => e.Character, e => e.Entry[e.Character.Length..]);

    /// <summary>Everything that has a proposal, for the tests.</summary>
    internal static IReadOnlyDictionary<string, string> Known => Similar;

    /// <summary>
    /// What is proposed for a character that cannot be written; null when nobody has a proposal. A variation (辻󠄀) is
    /// shown by its base character, which is then the substitute.
    /// </summary>
    public static string? Propose(string character)
    {
        var runes = character.EnumerateRunes();
        var first = runes.First();
        return runes.Count() > 1 && JisRepertoire.CanWrite(first)
            ? first.ToString()
            : Similar.GetValueOrDefault(first.ToString());
    }

    /// <summary>Every character of a text that needs a substitute, in order.</summary>
    public static IReadOnlyList<UnwritableCharacter> FindIn(string text) =>
        [.. Characters(text).Index().Where(c => !IsWritable(c.Item))
            .Select(c => new UnwritableCharacter(c.Index + 1, c.Item, Propose(c.Item)))];

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
}
