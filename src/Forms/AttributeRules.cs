using Jpki.Cps;

namespace Jpki.Forms;

/// <summary>
/// What a certificate may say of its holder. The counter asks before it sends a notice, the Authority before it signs.
/// Refusals name the field and, for people, the exact positions. (CPS 3-1-7, 3-1-8, 4-2-2)
/// </summary>
public static class AttributeRules
{
    /// <summary>Ours: the statement gives no limit for a name.</summary>
    public const int LongestName = 200;

    /// <summary>The address attribute of the certificate's format.</summary>
    public const int LongestAddress = 200;

    private const int MostPositions = 10;

    /// <summary>The first objection; null when there is none.</summary>
    /// <param name="person">As the certificate shall show them.</param>
    /// <param name="municipality">Where they live, by its own word.</param>
    /// <param name="today">In Japan.</param>
    public static Refusal? Objection(CertifiedAttributes person, Municipality municipality, DateOnly today) =>
        TextObjection("commonName", "氏名", person.CommonName, LongestName)
        ?? FlagsObjection(
            "commonNameSubstitutes", "氏名代替文字の使用情報", person.CommonNameSubstitutes, person.CommonName)
        ?? BirthDateObjection(person.BirthDate, today)
        ?? GenderObjection(person.Gender)
        ?? TextObjection("address", "住所", person.Address, LongestAddress)
        ?? FlagsObjection("addressSubstitutes", "住所代替文字の使用情報", person.AddressSubstitutes, person.Address)
        ?? AddressObjection(person.Address, municipality);

    public static Refusal? BirthDateObjection(BirthDate date, DateOnly today) =>
        Eras.Objection(date, today) is { } reason ? About("birthDate", "3-1-7", "生年月日：" + reason) : null;

    /// <summary>A text that nobody has written, or that is longer than its field.</summary>
    public static Refusal? LengthObjection(string field, string label, string text, int longest)
    {
        if (string.IsNullOrWhiteSpace(text))
            return About(field, "3-1-7", $"{label}がありません。");
        // A text has at most as many characters as code units.
        var length = text.Length <= longest ? text.Length : SubstituteCharacters.Characters(text).Count();
        return length > longest ? About(field, "4-2-2", $"{label}は{longest}文字までです（{length}文字あります）。") : null;
    }

    private static Refusal? TextObjection(string field, string label, string text, int longest) =>
        LengthObjection(field, label, text, longest)
        ?? (SubstituteCharacters.FindIn(text) is { Count: > 0 } unwritable
            ? About(field, "3-1-8", $"{label}に、JIS X 0208とJIS X 0212にない文字があります：{Positions(unwritable)}。")
            : null);

    /// <summary>One 0 or 1 for each character of a text that is writable, so of one UTF-16 unit each.</summary>
    private static Refusal? FlagsObjection(string field, string label, string flags, string text) =>
        flags.Length != text.Length
            ? About(field, "4-2-2", $"{label}は1文字に1桁です（{text.Length}文字に{flags.Length}桁あります）。")
            : flags.AsSpan().IndexOfAnyExcept('0', '1') is >= 0 and var wrong
                ? About(field, "4-2-2", $"{label}の{wrong + 1}桁目が0でも1でもありません。")
                : null;

    private static Refusal? GenderObjection(Gender gender) =>
        Enum.IsDefined(gender) ? null : About("gender", "3-1-7", "性別が、男、女、不明のいずれでもありません。");

    private static Refusal? AddressObjection(string address, Municipality municipality) =>
        municipality.LocalityOf(address) is null
            ? About("address", "3-1-9", municipality.Wards.Count > 0
                ? $"住所が、{Municipalities.Prefecture}{municipality.Kanji}の区から始まっていません。"
                : $"住所が、{Municipalities.Prefecture}{municipality.Kanji}から始まっていません。")
            : null;

    private static string Positions(IReadOnlyList<UnwritableCharacter> characters) =>
        string.Join('、', characters.Take(MostPositions).Select(c => c.ForPeople))
        + (characters.Count > MostPositions ? $"、ほか{characters.Count - MostPositions}文字" : "");

    private static Refusal About(string field, Clause clause, string reason) => new(clause, reason) { Field = field };
}
