using Jpki.Cps;

namespace Jpki.Counter;

/// <summary>One line of the copy of a certificate.</summary>
public sealed record CopyLine(string Label, string Text)
{
    public override string ToString() => Label;
}

/// <summary>What is handed over with the card. 電子証明書の交付 (CPS 4-3-1, 4-3-2)</summary>
public sealed record Delivery
{
    public required string ApplicationId { get; init; }

    /// <summary>Upper-case hexadecimal.</summary>
    public required string Serial { get; init; }

    public required DateTimeOffset DeliveredAt { get; init; }

    /// <summary>The holder's certificate, DER.</summary>
    public required byte[] Certificate { get; init; }

    /// <summary>電子証明書の写し</summary>
    public required IReadOnlyList<CopyLine> Copy { get; init; }

    /// <summary>告知事項</summary>
    public required IReadOnlyList<string> Notices { get; init; }

    public override string ToString() => $"delivery {ApplicationId}";

    internal static Delivery Of(IssuanceApplication application)
    {
        var certificate = X509.Certificate.Read(application.Certificate);
        var person = application.Certified!;
        return new()
        {
            ApplicationId = application.Id,
            Serial = application.Serial!,
            DeliveredAt = application.DeliveredAt!.Value,
            Certificate = application.Certificate!,
            Notices = ToTheHolder,
            Copy =
            [
                new("氏名", person.CommonName),
                new("氏名代替文字の使用情報", Marked(person.CommonName, person.CommonNameSubstitutes)),
                new("生年月日", Eras.ForPeople(person.BirthDate)),
                new("性別", Matching.GenderText(person.Gender)),
                new("住所", person.Address),
                new("住所代替文字の使用情報", Marked(person.Address, person.AddressSubstitutes)),
                new("発行者", "埼玉県知事"),
                new("シリアル番号", application.Serial!),
                new("発行の日時", JapanTime.ForPeople(certificate.NotBefore)),
                new("有効期間の満了日", JapanTime.ForPeople(certificate.NotAfter)),
                new("鍵の種類", Wording.Of(application.KeyKind ?? KeyKind.Rsa2048)),
            ],
        };
    }

    /// <summary>The characters that stand for others, in their order; なし when there are none.</summary>
    internal static string Marked(string text, string flags) =>
        flags.Contains('1') ? string.Join('、', text.Where((_, i) => flags[i] == '1')) : "なし";

    /// <summary>CPS 4-3-2, and 2-1-3(9).</summary>
    private static readonly string[] ToTheHolder =
    [
        "秘密鍵、その電磁的記録媒体であるICカード、ICカードを活性化するためのパスワードは、利用者の責任において厳重に管理してください。",
        "秘密鍵又はICカードの紛失・盗難等の際は、遅滞なく、住所地の市町村窓口へ届出をし、失効申請を行ってください。",
        "電子証明書は、行政手続等の電子署名の目的以外には使用できません。不正な利用には罰則があります。",
    ];
}
