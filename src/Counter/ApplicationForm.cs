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

    public ApplicationKind Kind { get; init; }

    public required FourAttributes Attributes { get; init; }

    /// <summary>氏名のふりがな</summary>
    public required string NameKana { get; init; }

    /// <summary>The applicant's choices of substitutes, by the character they stand for. 代替文字</summary>
    public Dictionary<string, string> Substitutes { get; init; } = [];

    public Agent? Agent { get; init; }

    public override string ToString() => "(application form)";
}

/// <summary>What is wrong with one field of a form, in the officer's language, and the clause that asks it.</summary>
public sealed record FieldError(string Field, string Text)
{
    /// <summary>Null for what no clause asks, such as a file that can be read.</summary>
    public Clause? Clause { get; init; } = "4-1-2";
}

/// <summary>Whether a form has everything that CPS 4-1-2 asks for.</summary>
internal static class FormCheck
{
    /// <summary>Ours: name and alias together fit the certificate's name.</summary>
    private const int LongestName = 95;
    public const int LongestSubstitute = 10;

    public static IReadOnlyList<FieldError> Errors(ApplicationForm form, DateOnly today)
    {
        List<FieldError> errors = [];
        var person = form.Attributes;
        if (form.AppliedOn > today || form.AppliedOn < today.AddMonths(-3))
            errors.Add(new("appliedOn", "申請の年月日は、3か月前から本日までの日付で記入してください。"));
        if (!Enum.IsDefined(form.Kind))
            errors.Add(new("applicationKind", "申請の種類を選んでください。") { Clause = "4-1-1" });
        Text("name", "氏名", person.Name, LongestName);
        Text("nameKana", "氏名のふりがな", form.NameKana, LongestName);
        Text("alias", "通称", person.Alias, LongestName);
        if (AttributeRules.BirthDateObjection(person.BirthDate, today) is { } birth)
            errors.Add(new("birthDate", birth.Reason) { Clause = birth.Clause });
        if (!Enum.IsDefined(person.Gender))
            errors.Add(new("gender", "性別を選んでください。"));
        Text("address", "住所", person.Address, AttributeRules.LongestAddress);
        foreach (var substitute in form.Substitutes.Values)
            Text("substitutes", "代替文字", substitute, LongestSubstitute);
        Text("agentName", "代理人の氏名", form.Agent?.Name, LongestName);
        Text("agentAddress", "代理人の住所", form.Agent?.Address, AttributeRules.LongestAddress);
        return errors;

        void Text(string field, string label, string? text, int longest)
        {
            if (text is not null && TextError(field, label, text, longest) is { } error)
                errors.Add(error);
        }
    }

    /// <summary>The same, and what an issue needs besides: a substitute for every character that needs one.</summary>
    public static IReadOnlyList<FieldError> IssuanceErrors(ApplicationForm form, DateOnly today) =>
        Errors(form, today) is { Count: > 0 } errors ? errors
        : Substitution.Certify(form.Attributes, form.Substitutes).Refusal is { } refusal
            ? [new("substitutes", refusal.Reason) { Clause = refusal.Clause }]
            : [];

    /// <summary>The same as one refusal; null when there is no objection.</summary>
    public static Refusal? Refusal(ApplicationForm form, DateOnly today) => Refusal(Errors(form, today));

    public static Refusal? IssuanceRefusal(ApplicationForm form, DateOnly today) =>
        Refusal(IssuanceErrors(form, today));

    private static Refusal? Refusal(IReadOnlyList<FieldError> errors) => errors.Count == 0
        ? null
        : new(errors[0].Clause ?? "4-1-2", string.Concat(errors.Select(e => e.Text))) { Field = errors[0].Field };

    private static FieldError? TextError(string field, string label, string text, int longest) =>
        string.IsNullOrWhiteSpace(text) ? new(field, $"{label}を記入してください。")
        : text.Any(char.IsControl) ? new(field, $"{label}に制御文字があります。")
        : AttributeRules.LengthObjection(field, label, text, longest) is { } tooLong
            ? new(field, tooLong.Reason) { Clause = tooLong.Clause }
        : null;
}
