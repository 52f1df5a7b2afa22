using System.Collections.Immutable;
using System.Formats.Asn1;
using System.Text.Json;
using Jpki.ControlRoom.Acts;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.X509;

namespace Jpki.ControlRoom.Cross;

/// <summary>The three works on cross certificates, as acts of two senior operators. (CPS 5-2-1-1(6))</summary>
internal sealed class CrossWorks(CrossDesk desk, NeighbourDoor authority)
{
    public const string Issue = "cross-issue";
    public const string Acceptance = "cross-acceptance";
    public const string Revocation = "cross-revocation";

    public ImmutableArray<ActKind> All =>
    [
        Work<CrossRequest>(
            Issue, "相互認証証明書を発行する", "Issue a cross certificate", Duties.IssueCrossCertificate,
            "issues", Lines, a => $"{a.Serial} を発行しました。個人認証 BCA に渡し、受領書を受け取って綴じてください。"),
        Work<CrossAcceptance>(
            Acceptance, "相互認証証明書を受け入れる", "Accept a cross certificate", Duties.IssueCrossCertificate,
            "acceptances", Lines, a => $"{a.Serial} を受け入れました。個人認証 BCA に受領書を渡し、控えを綴じてください。"),
        Work<CrossRevocation>(
            Revocation, "相互認証証明書を失効する", "Revoke a cross certificate", Duties.RevokeCrossCertificate,
            "revocations", Lines, a => $"{a.Serial} を失効し、ARL に載せました。"),
    ];

    /// <summary>What the papers ask for, line by line.</summary>
    public static ImmutableArray<OrderLine> Lines(CrossCase known) => known.Work switch
    {
        Issue => Lines(Subject<CrossRequest>(known)),
        Acceptance => Lines(Subject<CrossAcceptance>(known)),
        _ => Lines(Subject<CrossRevocation>(known)),
    };

    /// <summary>What is plainly wrong with papers as they come in; the Authority looks again, and closer.</summary>
    /// <exception cref="JsonException">The subject is none of its work.</exception>
    public static Refusal? Objection(CrossReception form) => form switch
    {
        { Id: not { Length: >= 8 and <= 64 } } =>
            new Refusal("5-2-1-1(3)", "受付番号は 8 から 64 文字です。") { Field = "id" },
        { Work: Issue } => Unreadable(() => CertificationRequest.Read(Read<CrossRequest>(form).CertificationRequest))
            ?? (IsHex(Read<CrossRequest>(form).KeySha256, 64, 64)
                ? null
                : new("6-1-1-5", "公開鍵の SHA-256 は 16 進の数字 64 桁です。") { Field = "keySha256" }),
        { Work: Acceptance } => Unreadable(() => Certificate.Read(Read<CrossAcceptance>(form).Certificate)),
        { Work: Revocation } => IsHex(Read<CrossRevocation>(form).Serial, 1, 40)
            ? null
            : new("4-10-1", "シリアル番号は 16 進の数字（大文字）です。") { Field = "serial" },
        _ => new("5-2-1-1(3)", "相互認証の業務ではありません。 No such work."),
    };

    private static bool IsHex(string text, int shortest, int longest) =>
        text.Length >= shortest && text.Length <= longest && text.All(char.IsAsciiHexDigitUpper);

    private ActKind Work<T>(
        string name, string japanese, string english, Duty duty, string path,
        Func<T, ImmutableArray<OrderLine>> lines, Func<CrossAnswer, string> words) => new()
        {
            Name = name,
            Japanese = japanese,
            English = english,
            Duty = duty,
            Objection = json => desk.Objection(name, json),
            Lines = json => [.. Papers(json), .. lines(ActKind.Read<CrossOrder<T>>(json).Subject)],
            Do = async (act, papers) =>
            {
                var outcome = await authority.Send<CrossAnswer>($"operators/cross/{path}", papers);
                if (outcome.IsRefused(out var refusal, out var answer))
                    return refusal;
                await desk.Done(act.OrderJson, answer);
                return words(answer);
            },
        };

    private static IEnumerable<OrderLine> Papers(string json)
    {
        var papers = ActKind.Read<CrossOrder<JsonElement>>(json).Papers;
        yield return new("受付番号", papers.Case);
        yield return new("申請者の確認", papers.RequesterProof);
        yield return new("接続テスト", papers.ConnectionTest ?? "なし");
        yield return new("受付", Words(papers.Reception));
        yield return new("審査", Words(papers.Examination));
        yield return new("承認", Words(papers.Approval));
    }

    private static string Words(CrossStage stage) =>
        $"{stage.Officer}　{JapanTime.ForPeople(stage.At)}　{stage.Finding}";

    private static ImmutableArray<OrderLine> Lines(CrossRequest subject)
    {
        var request = CertificationRequest.Read(subject.CertificationRequest);
        return
        [
            new("契機", $"{subject.Occasion}"),
            new("相手", $"{request.Subject}"),
            new("公開鍵の SHA-256", subject.KeySha256),
        ];
    }

    private static ImmutableArray<OrderLine> Lines(CrossAcceptance subject)
    {
        var certificate = Certificate.Read(subject.Certificate);
        return
        [
            new("シリアル番号", $"{certificate.Serial}"),
            new("発行者", $"{certificate.Issuer}"),
            new("有効期間の終わり", JapanTime.ForPeople(certificate.NotAfter)),
            new("証明書の SHA-256", Convert.ToHexStringLower(certificate.Sha256())),
        ];
    }

    private static ImmutableArray<OrderLine> Lines(CrossRevocation subject) =>
    [
        new("シリアル番号", subject.Serial),
        new("事由", subject.Cause switch
        {
            CrossEnd.KeyCompromise => "秘密鍵の危殆化",
            CrossEnd.Renewal => "相互認証証明書の更新",
            _ => "相互認証の終了",
        }),
        new("申請者", subject.AskedBy == CrossParty.Governor ? "埼玉県知事" : "個人認証 BCA の責任者"),
    ];

    private static Refusal? Unreadable(Func<object> read)
    {
        try
        {
            read();
            return null;
        }
        catch (AsnContentException e)
        {
            return new("4-7", $"DER の発行要求又は証明書（64 KB 以内）として読めません: {e.Message}") { Field = "subject" };
        }
    }

    private static T Subject<T>(CrossCase known) =>
        JsonSerializer.Deserialize<T>(known.Subject, FormJson.Options) ?? throw new JsonException("no subject");

    private static T Read<T>(CrossReception form) =>
        form.Subject.Deserialize<T>(FormJson.Options) ?? throw new JsonException("the subject is empty");
}
