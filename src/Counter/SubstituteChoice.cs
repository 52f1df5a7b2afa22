using System.Globalization;
using Jpki.Forms;

namespace Jpki.Counter;

/// <summary>
/// A character that needs a substitute, as a page asks for it: once, wherever it stands. The applicant chooses one of
/// the candidates, or another character, or kana. 代替文字の選択 (CPS 3-1-8)
/// </summary>
/// <param name="Character">With its variation selector, if it has one.</param>
/// <param name="Candidates">The likeliest first.</param>
/// <param name="Places">For people: 氏名の1文字目、住所の7文字目.</param>
public sealed record SubstituteChoice(string Character, IReadOnlyList<string> Candidates, string Places)
{
    /// <summary>Chosen instead of a candidate: then it is typed in <see cref="OtherField"/>.</summary>
    public const string Other = "other";

    /// <summary>The name of the field, and its id on the page.</summary>
    public string Field { get; } = "substitute-" + string.Join('-', Character.EnumerateRunes().Select(
        r => r.Value.ToString("X4", CultureInfo.InvariantCulture)));

    public string OtherField => Field + "-other";

    public static IReadOnlyList<SubstituteChoice> Of(FourAttributes attributes) =>
        [.. Substitution.Needed(attributes, new Dictionary<string, string>())
            .GroupBy(n => n.Character.Character)
            .Select(places => new SubstituteChoice(
                places.Key, places.First().Character.Candidates, string.Join('、', places.Select(PlaceOf))))];

    /// <summary>Null as long as nothing is chosen.</summary>
    public string? ChosenIn(TypedFields typed) => typed[Field] switch
    {
        "" => null,
        Other => FullWidth.Of(typed[OtherField]),
        var candidate => candidate,
    };

    public FieldError? ErrorIn(TypedFields typed) => ChosenIn(typed) switch
    {
        null => Wrong(Field, $"「{Character}」の代替文字を、申請者に選んでもらってください。"),
        "" => Wrong(OtherField, $"「{Character}」の代わりに記録する文字を記入してください。"),
        { Length: > FormCheck.LongestSubstitute } =>
            Wrong(OtherField, $"代替文字は{FormCheck.LongestSubstitute}文字までです。"),
        var chosen when !chosen.EnumerateRunes().All(JisRepertoire.CanWrite) =>
            Wrong(OtherField, $"「{chosen}」も記録に使用できません。別の類似の文字か、かなで記入してください。"),
        _ => null,
    };

    /// <summary>The fields as they were typed when this was chosen.</summary>
    public IEnumerable<KeyValuePair<string, string>> Typed(string chosen) => Candidates.Contains(chosen)
        ? [new(Field, chosen)]
        : [new(Field, Other), new(OtherField, chosen)];

    private static string PlaceOf(NeededSubstitute needed) =>
        $"{Substitution.LabelOf(needed.Field)}の{needed.Character.Position}文字目";

    private static FieldError Wrong(string field, string text) => new(field, text) { Clause = "3-1-8" };
}
