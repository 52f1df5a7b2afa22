using System.Globalization;
using System.Text;
using Jpki.Cps;
using Jpki.Forms;

namespace Jpki.Counter;

/// <summary>
/// A text as a certificate can show it, with a '1' under every character that stands for another. 代替文字の使用情報
/// </summary>
internal sealed record CertifiedText(string Text, string Flags)
{
    public override string ToString() => "(certified text)";
}

/// <summary>
/// Writes names and addresses with JIS X 0208 and JIS X 0212 only, each foreign character replaced by a similar one,
/// or by kana where none is similar. The applicant may choose otherwise. (CPS 3-1-8, 4-1-2)
/// </summary>
internal static class Substitution
{
    private const int LongestAddress = 200;

    /// <summary>Each entry is a character followed by what stands for it.</summary>
    private const string Proposals =
        "髙高 \uFA11崎 \uFA10塚 德徳 黑黒 瀨瀬 增増 寬寛 靑青 淸清 橫横 栁柳 敎教 郞郎 \uFA19神 \uFA1A祥 \uFA1B福 \uFA1C靖 \uFA1D精 "
        + "\uFA1E羽 \uFA26都 \uF9DC隆 𠮷吉 𠮟叱 𡈽土 𠀋丈 𣘺橋 𥔎碕 𥚃裡 𦥑臼 见見 产産 们們 华華 东東 样様 𪚥テツ";

    private static readonly Dictionary<string, string> Similar = Proposals.Split(' ')
        .Select(entry => (Character: entry.EnumerateRunes().First().ToString(), Entry: entry))
        .ToDictionary(e => e.Character, e => e.Entry[e.Character.Length..]);

    /// <summary>What is proposed for a character that cannot be written; null when nobody has a proposal.</summary>
    public static string? Propose(string character) => Similar.GetValueOrDefault(character);

    /// <summary>The characters of a text that need a substitute, each once.</summary>
    public static IReadOnlyList<string> Unwritable(string text) =>
        [.. text.EnumerateRunes().Where(r => !IsWritable(r) && !IsVariationSelector(r))
            .Select(r => r.ToString()).Distinct()];

    /// <summary>The four attributes as the certificate will show them.</summary>
    /// <param name="attributes">As the register has them.</param>
    /// <param name="chosen">
    /// The applicant's choices, by the character they stand for; they go before the proposals.
    /// </param>
    public static Outcome<CertifiedAttributes> Certify(
        FourAttributes attributes, IReadOnlyDictionary<string, string> chosen)
    {
        // CPS 3-1-2: name and alias where the register has both.
        var fullName = attributes.Alias is { Length: > 0 } alias
            ? $"{attributes.Name}\u3000（{alias}）" : attributes.Name;
        if (Write(fullName, chosen).IsRefused(out var refusal, out var name))
            return refusal;
        if (Write(attributes.Address, chosen).IsRefused(out refusal, out var address))
            return refusal;
        if (address.Text.Length > LongestAddress)
            return new Refusal("4-2-2", $"住所は{LongestAddress}文字までです。");
        return new CertifiedAttributes
        {
            CommonName = name.Text,
            CommonNameSubstitutes = name.Flags,
            BirthDate = attributes.BirthDate,
            Gender = attributes.Gender,
            Address = address.Text,
            AddressSubstitutes = address.Flags,
        };
    }

    internal static Outcome<CertifiedText> Write(string text, IReadOnlyDictionary<string, string> chosen)
    {
        StringBuilder written = new(text.Length), flags = new(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var (part, flag) = IsVariationSelector(rune) ? ("", '0')
                : IsWritable(rune) ? (rune.ToString(), '0')
                : (chosen.GetValueOrDefault(rune.ToString()) ?? Propose(rune.ToString()), '1');
            if (part is null || (part.Length == 0 && flag == '1'))
                return new Refusal("3-1-8", $"使用できない文字 {CodePoint(rune)} の代替文字を選んでください。");
            if (!part.EnumerateRunes().All(IsWritable))
                return new Refusal("3-1-8", "代替文字そのものが、記録に使用できない文字です。");
            if (part.Length == 0)
                MarkLast(flags);
            written.Append(part);
            flags.Append(flag, part.Length);
        }
        return new CertifiedText(written.ToString(), flags.ToString());
    }

    /// <summary>Printable ASCII is JIS X 0201, which every terminal writes too.</summary>
    private static bool IsWritable(Rune rune) =>
        rune.Value is >= 0x20 and <= 0x7E || (rune.IsBmp && JisRepertoire.Contains((char)rune.Value));

    /// <summary>An ideographic variation (辻󠄀) is shown by its base character, which is then the substitute.</summary>
    private static bool IsVariationSelector(Rune rune) =>
        rune.Value is (>= 0xE0100 and <= 0xE01EF) or (>= 0xFE00 and <= 0xFE0F);

    private static void MarkLast(StringBuilder flags)
    {
        if (flags.Length > 0)
            flags[^1] = '1';
    }

    private static string CodePoint(Rune rune) => string.Create(CultureInfo.InvariantCulture, $"U+{rune.Value:X4}");
}
