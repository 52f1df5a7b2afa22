using System.Collections.Immutable;
using Jpki.Cps;
using Jpki.Forms;

namespace Jpki.ControlRoom.Acts;

/// <summary>The acts that the Authority does: on its lists, on certificates, on the governor's key.</summary>
internal sealed class AuthorityActs(NeighbourDoor authority)
{
    private const int LongestName = 40;

    public ImmutableArray<ActKind> All => [Publication, Revocation, Rollover, Compromise, OtherRevocation];

    private ActKind Publication => Kind<PublishOrder, AuthorityReport>(
        "publication", "失効記録（CRL/ARL）をいま発行する", "Issue every CRL and the ARL now", Duties.IssueCrlsNow,
        "operators/publications",
        objection: order => WrittenText.ReasonObjection("4-4-9", order.Why),
        lines: order => [new("理由", order.Why)],
        words: r => $"失効記録 {r.LastRun!.Number} を発行しました。{r.PublishingTrouble ?? "リポジトリに公開されています。"}");

    private ActKind Revocation => Kind<ExOfficioRevocation, RevocationAnswer>(
        "revocation", "職権により電子証明書を失効する", "Revoke a certificate ex officio", Duties.RevokeExOfficio,
        "operators/revocations",
        objection: order => SerialObjection(order.Serial),
        lines: order => [new("シリアル番号", order.Serial), new("事由", order.Reason.ToStandardName())],
        words: a => $"{a.Serial} を失効しました（{a.Reason.ToStandardName()}）。");

    private ActKind OtherRevocation => Kind<OtherRevocation, OtherRevocationAnswer>(
        "other-revocation", "要員・装置等の証明書を失効する",
        "Revoke an officer's, a door's, a terminal's or a responder's certificate", Duties.RevokeOtherCertificate,
        "operators/other-revocations",
        objection: order => SerialObjection(order.Serial) ?? WrittenText.ReasonObjection("5-2-1-1(6)", order.Why),
        lines: order =>
        [
            new("シリアル番号", order.Serial), new("事由", order.Reason.ToStandardName()), new("理由", order.Why),
        ],
        words: a => $"{a.Bearer} の証明書 {a.Serial} を失効しました。どの扉も受け付けません。");

    /// <summary>鍵の更新 (CPS 4-13)</summary>
    private ActKind Rollover => Kind<RolloverOrder, RolloverAnswer>(
        "rollover", "知事の鍵を更新する", "Change the governor's key", Duties.RenewAuthorityKey,
        "operators/rollovers",
        objection: order =>
            order.Generation < 2 ? new("4-13", "世代は 2 以上です。") { Field = "generation" }
            : order.Algorithm is { Length: 0 or > LongestName }
                ? new("6-1-1-2", "アルゴリズムの名前が正しくありません。") { Field = "algorithm" }
            : null,
        lines: order =>
            [new("新しい世代", $"{order.Generation}"), new("アルゴリズム", order.Algorithm ?? "サイトの設定のとおり")],
        words: a => $"第 {a.Generation} 世代の鍵の証明書を発行しました（リンク証明書 {a.Links.Length} 通）。"
            + (a.UsedFrom is null ? "公開され次第、この鍵で発行します。" : "公開され、この鍵で発行しています。"));

    /// <summary>危殆化 (CPS 4-14-2)</summary>
    private ActKind Compromise => Kind<CompromiseOrder, CompromiseReport>(
        "compromise", "知事の鍵の危殆化に対処する", "The governor's key is compromised", Duties.DeclareCompromise,
        "operators/compromises",
        objection: order => order.Generation < 1
            ? new("4-14-2", "世代は 1 以上です。") { Field = "generation" }
            : WrittenText.ReasonObjection("4-14-2", order.Why, "事由"),
        lines: order =>
        [
            new("危殆化した鍵の世代", $"{order.Generation}"),
            new("事由", order.Why),
            new("すること", "発行の停止、この鍵で署名したすべての証明書の失効、失効記録の発行と公開、公表、ブリッジ認証局への通知"),
        ],
        words: r => $"第 {r.Generation} 世代の鍵で署名した証明書をすべて失効し、発行を止めました。"
            + (r.IsPublished ? "失効記録は公開されています。" : "失効記録を公開しています（自動で再試行されます）。"));

    /// <summary>One that is done at this path of the Authority's door, with what its answer means in words.</summary>
    private ActKind Kind<TOrder, TAnswer>(
        string name, string japanese, string english, Duty duty, string path,
        Func<TOrder, Refusal?> objection, Func<TOrder, ImmutableArray<OrderLine>> lines, Func<TAnswer, string> words)
        where TOrder : class where TAnswer : class =>
        ActKind.Of(name, japanese, english, duty, objection, lines, (_, _, papers) =>
            ActKinds.Said(authority.Send<TAnswer>(path, papers), words)) with
        {
            DoneAt = authority,
            Approvals = "operators/approvals",
        };

    private static Refusal? SerialObjection(string serial) =>
        serial is { Length: > 0 and <= 40 } && serial.All(char.IsAsciiHexDigitUpper)
            ? null
            : new Refusal("4-4-1-1", "シリアル番号は 16 進の数字（大文字）です。") { Field = "serial" };
}
