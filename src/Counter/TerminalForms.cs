using System.Globalization;
using Jpki.Cps;
using Jpki.Forms;

namespace Jpki.Counter;

/// <summary>
/// From what was typed on a page to the forms the desks take. What cannot be read becomes what no form check passes.
/// </summary>
internal static class TerminalForms
{
    /// <summary>An era that does not exist: the form check will say so beside the field.</summary>
    private static readonly BirthDate Unreadable = new((Era)9, 0, 0, 0);

    public static ApplicationForm Application(TypedFields typed) => new()
    {
        Kind = !typed.Has("applicationKind") ? ApplicationKind.New
            : Enum.TryParse<ApplicationKind>(typed["applicationKind"], out var kind) ? kind : (ApplicationKind)(-1),
        AppliedOn = Day(typed["appliedOn"]) ?? DateOnly.MaxValue,
        Attributes = Attributes(typed),
        NameKana = FullWidth.Of(typed["nameKana"]),
        Substitutes = Substitutes(typed),
        Agent = typed.Has("agentName") || typed.Has("agentAddress")
            ? new(typed["agentName"], typed["agentAddress"])
            : null,
    };

    public static FourAttributes Attributes(TypedFields typed) => new()
    {
        Name = FullWidth.Of(typed["name"]),
        Alias = typed.Has("alias") ? FullWidth.Of(typed["alias"]) : null,
        BirthDate = Birth(typed),
        Gender = (Gender)(Number(typed["gender"]) ?? 0),
        Address = FullWidth.Of(typed["address"]),
    };

    public static RequestForm Request(TypedFields typed)
    {
        var kind = Enum.TryParse<RequestKind>(typed["requestKind"], out var chosen) ? chosen : (RequestKind)(-1);
        var isPersonal = kind is >= 0 and <= RequestKind.Correction;
        var person = isPersonal ? Application(typed) : null;
        return new()
        {
            Kind = kind,
            Person = person,
            Identity = isPersonal && person?.Agent is null ? Identity(typed, byAgent: false) : null,
            Text = typed.Has("text") ? typed["text"] : null,
        };
    }

    public static IdentityEvidence Identity(TypedFields typed, bool byAgent) => new()
    {
        Kind = Enum.TryParse<IdentityDocumentKind>(typed["kind"], out var kind) ? kind : (IdentityDocumentKind)(-1),
        Number = typed["number"],
        ExpiresOn = Day(typed["expiresOn"]),
        FaceMatches = typed.Has("faceMatches"),
        HasDoubt = typed["verdict"] == "doubt",
        Agent = byAgent
            ? new(typed.Has("powerOfAttorney"), typed.Has("sealCertificate"), HasReplyToInquiry: false) : null,
    };

    /// <summary>What a page can say beside its fields before the desk says no.</summary>
    public static IReadOnlyList<FieldError> IdentityErrors(TypedFields typed, bool byAgent, DateOnly today)
    {
        if (typed["verdict"] == "doubt")
            return [];
        List<FieldError> errors = [];
        var shown = Identity(typed, byAgent);
        if (!Enum.IsDefined(shown.Kind))
            Add("kind", "本人確認書類の種類を選んでください。");
        if (!IdentityProof.IsNumber(shown.Number))
            Add("number", "本人確認書類の番号を、半角の英数字4文字以上20文字以下で記入してください。");
        if (typed.Has("expiresOn") && shown.ExpiresOn is null)
            Add("expiresOn", "有効期限を年月日で記入してください。");
        if (shown.ExpiresOn < today)
            Add("expiresOn", "本人確認書類の有効期限が切れています。");
        if (!typed.Has("faceMatches"))
            Add("faceMatches", "顔写真との照合を行ってください。");
        if (byAgent && !typed.Has("powerOfAttorney"))
            Add("powerOfAttorney", "委任状を受け取ってください。");
        if (byAgent && !typed.Has("sealCertificate"))
            Add("sealCertificate", "印鑑登録証明書の添付を確認してください。");
        return errors;

        void Add(string field, string text) => errors.Add(new(field, text) { Clause = byAgent ? "3-1-10" : "3-1-9" });
    }

    /// <summary>On paper the applicant has chosen a substitute wherever one is needed. (CPS 3-1-8, 4-1-2)</summary>
    public static IReadOnlyList<FieldError> ApplicationErrors(
        TypedFields typed, ApplicationForm form, DateOnly today) =>
    [
        .. FormCheck.Errors(form with { Substitutes = [] }, today),
        .. SubstituteChoice.Of(form.Attributes).Select(choice => choice.ErrorIn(typed)).OfType<FieldError>(),
    ];

    /// <summary>Who came is proven at once; an agent when the answer to the inquiry is there. (CPS 3-1-10)</summary>
    public static IReadOnlyList<FieldError> WhoCameErrors(TypedFields typed, Agent? agent, DateOnly today) =>
        typed["verdict"] == "agent" && agent is null
            ? [new("agentName", "代理人の氏名を記入してください。") { Clause = "3-1-10" }]
        : agent is null ? IdentityErrors(typed, byAgent: false, today)
        : [];

    /// <summary>What the page did not offer becomes a kind that the device refuses.</summary>
    public static KeyKind KeyKindOf(TypedFields typed) =>
        Enum.TryParse<KeyKind>(typed["keyKind"], out var kind) ? kind : (KeyKind)(-1);

    public static TypedFields Of(ApplicationForm form, string formToken)
    {
        var person = form.Attributes;
        Dictionary<string, string> typed = new()
        {
            ["formToken"] = formToken,
            ["applicationKind"] = form.Kind.ToString(),
            ["appliedOn"] = Text(form.AppliedOn),
            ["name"] = person.Name,
            ["nameKana"] = form.NameKana,
            ["alias"] = person.Alias ?? "",
            ["era"] = Text((int)person.BirthDate.Era),
            ["year"] = Text(Eras.YearInEra(person.BirthDate)),
            ["month"] = Text(person.BirthDate.Month),
            ["day"] = Text(person.BirthDate.Day),
            ["gender"] = Text((int)person.Gender),
            ["address"] = person.Address,
            ["agentName"] = form.Agent?.Name ?? "",
            ["agentAddress"] = form.Agent?.Address ?? "",
        };
        foreach (var choice in SubstituteChoice.Of(person))
        {
            foreach (var (field, value) in form.Substitutes.TryGetValue(choice.Character, out var chosen)
                ? choice.Typed(chosen) : [])
            {
                typed[field] = value;
            }
        }
        return new(typed);
    }

    public static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Text(int number) => number == 0 ? "" : number.ToString(CultureInfo.InvariantCulture);

    private static BirthDate Birth(TypedFields typed)
    {
        var (era, year, month, day) =
            (Number(typed["era"]), Part(typed["year"]), Part(typed["month"]), Part(typed["day"]));
        return era is >= 0 and <= 5 && year is >= 0 and <= 9999 && month is not null && day is not null
            ? new((Era)era, Eras.Gregorian((Era)era, year.Value), month.Value, day.Value)
            : Unreadable;
    }

    private static Dictionary<string, string> Substitutes(TypedFields typed) =>
        SubstituteChoice.Of(Attributes(typed))
            .Select(choice => (choice.Character, Chosen: choice.ChosenIn(typed)))
            .Where(choice => choice.Chosen is not null)
            .ToDictionary(choice => choice.Character, choice => choice.Chosen!);

    private static int? Part(string typed) => typed.Length == 0 ? 0 : Number(typed);

    private static int? Number(string typed) =>
        int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static DateOnly? Day(string typed) =>
        DateOnly.TryParseExact(typed, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day : null;
}
