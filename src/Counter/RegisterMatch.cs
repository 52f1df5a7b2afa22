using Jpki.Cps;
using Jpki.Forms;

namespace Jpki.Counter;

/// <summary>One attribute as the form and the register have it. 照合</summary>
public sealed record Comparison(string Field, string Label, string Written, string Registered)
{
    public bool IsSame => Matching.Key(Written) == Matching.Key(Registered);

    public override string ToString() => $"{Field}: {(IsSame ? "same" : "different")}";
}

/// <summary>
/// Proof that the one a form describes is on the register. There is no way to one but the check. 実在性の確認 (CPS 3-1-9①)
/// </summary>
internal sealed record RegisterMatch
{
    private RegisterMatch(Resident resident) => Resident = resident;

    public Resident Resident { get; }

    /// <summary>The form against the one person on the register it can mean.</summary>
    public static Outcome<RegisterMatch> Of(FourAttributes written, Resident? nearest)
    {
        if (nearest is null)
            return new Refusal("3-1-9", "①実在性：申請書の基本4情報に当たる者が住民基本台帳に記録されていません。");
        if (nearest.Status != ResidentStatus.Present)
            return new Refusal("3-1-9", "①実在性：住民票が消除されています。");
        string[] differences =
            [.. Matching.Compare(written, nearest.Attributes).Where(c => !c.IsSame).Select(c => c.Label)];
        return differences.Length == 0
            ? new RegisterMatch(nearest)
            : new Refusal("3-1-9", $"①実在性：{string.Join("、", differences)}が住民基本台帳の記録と一致しません。");
    }
}

/// <summary>How a form is compared with the register.</summary>
internal static class Matching
{
    public static IReadOnlyList<Comparison> Compare(FourAttributes written, FourAttributes registered) =>
    [
        new("name", "氏名", written.Name, registered.Name),
        new("alias", "通称", written.Alias ?? "", registered.Alias ?? ""),
        new("birthDate", "生年月日", Eras.ForPeople(written.BirthDate), Eras.ForPeople(registered.BirthDate)),
        new("gender", "性別", GenderText(written.Gender), GenderText(registered.Gender)),
        new("address", "住所", written.Address, registered.Address),
    ];

    /// <summary>The person with the fewest differences, if anybody is near at all.</summary>
    public static Resident? Nearest(FourAttributes written, IEnumerable<Resident> candidates) =>
        candidates.MinBy(r => Compare(written, r.Attributes).Count(c => !c.IsSame));

    /// <summary>Width and spaces are habits of writing, not differences.</summary>
    public static string Key(string text) => FullWidth.Of(text).Replace("\u3000", "", StringComparison.Ordinal);

    public static string GenderText(Gender gender) => gender switch
    {
        Gender.Male => "男",
        Gender.Female => "女",
        _ => "不明",
    };
}
