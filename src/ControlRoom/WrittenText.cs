using Jpki.Cps;

namespace Jpki.ControlRoom;

/// <summary>What officers write in their own words: something, and not too much.</summary>
internal static class WrittenText
{
    private const int LongestReason = 200;

    /// <summary>Null when it has 1 to <paramref name="longest"/> characters, without the space around it.</summary>
    public static Refusal? Objection(Clause clause, string field, string what, string text, int longest) =>
        text.Trim().Length > 0 && text.Trim().Length <= longest
            ? null
            : new Refusal(clause, $"{what}を {longest} 文字以内で書いてください。") { Field = field };

    /// <summary>The same of an order's reason.</summary>
    public static Refusal? ReasonObjection(Clause clause, string why, string what = "理由") =>
        Objection(clause, "why", what, why, LongestReason);
}
