using Jpki.Cps;
using Jpki.Forms;

namespace Jpki.Counter;

/// <summary>One who applies in an applicant's place. 代理人</summary>
public sealed record Agent(string Name, string Address)
{
    public override string ToString() => "(agent)";
}

/// <summary>The paper an applicant fills in. 電子証明書発行申請書 (CPS 4-1-2)</summary>
public sealed record ApplicationForm
{
    /// <summary>申請の年月日, in Japan.</summary>
    public required DateOnly AppliedOn { get; init; }

    public required FourAttributes Attributes { get; init; }

    /// <summary>氏名のふりがな</summary>
    public required string NameKana { get; init; }

    /// <summary>The applicant's choices of substitutes, by the character they stand for. 代替文字</summary>
    public Dictionary<string, string> Substitutes { get; init; } = [];

    public Agent? Agent { get; init; }

    public override string ToString() => "(application form)";
}

/// <summary>What is wrong with one field of a form, in the officer's language.</summary>
public sealed record FieldError(string Field, string Text);

/// <summary>Whether a form has everything that CPS 4-1-2 asks for.</summary>
internal static class FormCheck
{
    private const int LongestName = 100;
    private const int LongestAddress = 200;

    public static IReadOnlyList<FieldError> Errors(ApplicationForm form, DateOnly today)
    {
        List<FieldError> errors = [];
        Check("appliedOn", form.AppliedOn > today || form.AppliedOn < today.AddMonths(-3),
            "申請の年月日は、3か月前から本日までの日付で記入してください。");
        Check("name", !IsText(form.Attributes.Name, LongestName), "氏名を記入してください。");
        Check("nameKana", !IsText(form.NameKana, LongestName), "氏名のふりがなを記入してください。");
        Check("alias", form.Attributes.Alias is { } alias && !IsText(alias, LongestName), "通称を確かめてください。");
        Check("address", !IsText(form.Attributes.Address, LongestAddress), "住所を記入してください。");
        Check("birthDate", !Eras.IsPossible(form.Attributes.BirthDate), "生年月日が暦にありません。元号と年月日を確かめてください。");
        Check("gender", !Enum.IsDefined(form.Attributes.Gender), "性別を選んでください。");
        Check("substitutes", form.Substitutes.Values.Any(s => !IsText(s, 10)), "代替文字を記入してください。");
        Check("agentName", form.Agent is { } a && !IsText(a.Name, LongestName), "代理人の氏名を記入してください。");
        Check("agentAddress", form.Agent is { } b && !IsText(b.Address, LongestAddress), "代理人の住所を記入してください。");
        return errors;

        void Check(string field, bool isWrong, string text)
        {
            if (isWrong)
                errors.Add(new(field, text));
        }
    }

    /// <summary>The same as one refusal; null when there is no objection.</summary>
    public static Refusal? Refusal(ApplicationForm form, DateOnly today) =>
        Errors(form, today) is { Count: > 0 } errors ? new("4-1-2", string.Concat(errors.Select(e => e.Text))) : null;

    private static bool IsText(string text, int longest) =>
        !string.IsNullOrWhiteSpace(text) && text.Length <= longest && !text.Any(char.IsControl);
}
