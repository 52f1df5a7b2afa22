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

/// <summary>A character of a form that a substitute stands for.</summary>
/// <param name="Field"><c>name</c>, <c>alias</c> or <c>address</c>.</param>
/// <param name="Character">Where it stands, and what may stand for it.</param>
/// <param name="Chosen">What the applicant chose; null leaves it to the proposal.</param>
public sealed record NeededSubstitute(string Field, UnwritableCharacter Character, string? Chosen)
{
    /// <summary>What the certificate will show; null as long as nobody has said.</summary>
    public string? Written => Chosen ?? Character.Proposal;
}

/// <summary>
/// Writes names and addresses with JIS X 0208 and JIS X 0212 only, each foreign character replaced by a similar one,
/// or by kana where none is similar. The applicant may choose otherwise. (CPS 3-1-8, 4-1-2)
/// </summary>
internal static class Substitution
{
    /// <summary>Every character of the three texts that needs a substitute.</summary>
    public static IReadOnlyList<NeededSubstitute> Needed(
        FourAttributes attributes, IReadOnlyDictionary<string, string> chosen) =>
        [.. from field in Fields(attributes)
            from character in SubstituteCharacters.FindIn(field.Text)
            select new NeededSubstitute(field.Name, character, Choice(character.Character, chosen))];

    /// <summary>The four attributes as the certificate will show them.</summary>
    /// <param name="attributes">As the register has them.</param>
    /// <param name="chosen">
    /// The applicant's choices, by the character they stand for; they go before the proposals.
    /// </param>
    public static Outcome<CertifiedAttributes> Certify(
        FourAttributes attributes, IReadOnlyDictionary<string, string> chosen)
    {
        if (Objection(attributes, chosen) is { } refusal)
            return refusal;
        // CPS 3-1-2: name and alias where the register has both.
        var fullName = attributes.Alias is { Length: > 0 } alias
            ? $"{attributes.Name}\u3000（{alias}）" : attributes.Name;
        var name = Write(fullName, chosen);
        var address = Write(attributes.Address, chosen);
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

    /// <summary>Every character that nobody has a writable substitute for, in one refusal.</summary>
    private static Refusal? Objection(FourAttributes attributes, IReadOnlyDictionary<string, string> chosen)
    {
        NeededSubstitute[] open =
            [.. Needed(attributes, chosen).Where(n => n.Written is not { Length: > 0 } w || !IsWritable(w))];
        if (open.Length == 0)
            return null;
        var what = open.Select(n => n.Written is null or ""
            ? $"{LabelOf(n.Field)}の{n.Character.ForPeople}"
            : $"{LabelOf(n.Field)}の{n.Character.ForPeople}に選ばれた「{n.Written}」も記録に使用できません");
        return new("3-1-8", $"使用できない文字の代替文字を選んでください：{string.Join('、', what)}。") { Field = open[0].Field };
    }

    private static CertifiedText Write(string text, IReadOnlyDictionary<string, string> chosen)
    {
        StringBuilder written = new(text.Length), flags = new(text.Length);
        foreach (var character in SubstituteCharacters.Characters(text))
        {
            var (part, flag) = SubstituteCharacters.IsWritable(character)
                ? (character, '0')
                : ((Choice(character, chosen) ?? SubstituteCharacters.Propose(character))!, '1');
            written.Append(part);
            flags.Append(flag, part.Length);
        }
        return new CertifiedText(written.ToString(), flags.ToString());
    }

    /// <summary>By the character with its variation selector, else without.</summary>
    private static string? Choice(string character, IReadOnlyDictionary<string, string> chosen) =>
        chosen.GetValueOrDefault(character)
        ?? chosen.GetValueOrDefault(character.EnumerateRunes().First().ToString());

    private static bool IsWritable(string text) => text.EnumerateRunes().All(JisRepertoire.CanWrite);

    private static IEnumerable<(string Name, string Text)> Fields(FourAttributes attributes) =>
        [("name", attributes.Name), ("alias", attributes.Alias ?? ""), ("address", attributes.Address)];

    internal static string LabelOf(string field) => field switch
    {
        "name" => "氏名",
        "alias" => "通称",
        _ => "住所",
    };
}
