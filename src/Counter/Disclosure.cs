using System.Data.Common;
using Jpki.Cps;

namespace Jpki.Counter;

/// <summary>One heading of a disclosure with its lines.</summary>
public sealed record DisclosedPart(string Heading, IReadOnlyList<CopyLine> Lines)
{
    public override string ToString() => Heading;
}

/// <summary>All that the counter's books keep of one person. 認証業務情報の開示 (CPS 2-8-6)</summary>
public sealed record Disclosure(IReadOnlyList<DisclosedPart> Parts)
{
    internal static Disclosure Of(DbConnection db, Resident resident)
    {
        var person = resident.Attributes;
        var certificates = CertificateBooks.Of(db, resident.Id);
        return new([
            new("住民基本台帳から用いる情報",
            [
                new("氏名", person.Name), new("ふりがな", resident.NameKana), new("通称", person.Alias ?? "なし"),
                new("生年月日", Eras.ForPeople(person.BirthDate)), new("性別", Matching.GenderText(person.Gender)),
                new("住所", person.Address),
            ]),
            .. certificates.Select(Certificate),
            .. ReceiptBooks.Of(db, resident.Municipality, certificates.Select(c => c.Serial).ToHashSet())
                .Select(Revocation),
            .. ApplicationBooks.Of(db, resident.Id).Select(Application),
            .. RequestBooks.Of(db, resident.Id).Select(Request),
        ]);
    }

    private static DisclosedPart Certificate(HeldCertificate certificate) => new("電子証明書",
    [
        new("シリアル番号", certificate.Serial), new("有効期間の満了", JapanTime.ForPeople(certificate.NotAfter)),
        new("失効", certificate.EndedAt is { } at ? JapanTime.ForPeople(at) : "なし"),
        new("失効の事由", certificate.Reason is { } reason ? Wording.Of(reason) : "なし"),
    ]);

    private static DisclosedPart Revocation(Receipt receipt) => new("失効の申請・異動",
    [
        new("書面番号", receipt.Id), new("シリアル番号", receipt.Serial), new("事由", Wording.CauseOf(receipt)),
        new("受付", JapanTime.ForPeople(receipt.AcceptedAt)), new("代理人", receipt.Person?.Agent?.Name ?? "なし"),
        new("状態", Wording.Of(receipt.State)),
    ]);

    private static DisclosedPart Application(IssuanceApplication application) => new("発行申請",
    [
        new("申請番号", application.Id), new("種類", Wording.Of(application.Form.Kind)),
        new("申請の年月日", Eras.ForPeople(application.Form.AppliedOn)),
        new("代理人", application.Form.Agent?.Name ?? "なし"),
        new("本人確認書類", application.Identity is { } paper ? $"{Wording.Of(paper.Kind)}（末尾 {paper.Number}）" : "なし"),
        new("状態", Wording.Of(application.State)),
    ]);

    private static DisclosedPart Request(CounterRequest request) => new("請求",
    [
        new("受付番号", request.Id), new("種類", Wording.Of(request.Kind)),
        new("受付", JapanTime.ForPeople(request.ReceivedAt)),
        new("代理人", request.Person?.Agent?.Name ?? "なし"), new("状態", Wording.Of(request.State)),
    ]);
}
