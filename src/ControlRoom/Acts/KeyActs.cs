using System.Collections.Immutable;
using Jpki.Cps;
using Jpki.Forms;

namespace Jpki.ControlRoom.Acts;

/// <summary>The acts that are about the governor's key itself. 鍵の更新と危殆化 (CPS 4-13, 4-14-2)</summary>
internal sealed class KeyActs(NeighbourDoor authority)
{
    private const int LongestName = 40;
    private const int LongestReason = 200;

    public ImmutableArray<ActKind> All => [Rollover, Compromise];

    private ActKind Rollover => new()
    {
        Name = "rollover",
        Japanese = "知事の鍵を更新する",
        English = "Change the governor's key",
        Duty = Duties.RenewAuthorityKey,
        DoneAt = authority,
        Approvals = "operators/approvals",
        Objection = json => ActKinds.Read<RolloverOrder>(json) switch
        {
            { Generation: < 2 } => new Refusal("4-13", "世代は 2 以上です。") { Field = "generation" },
            { Algorithm.Length: 0 or > LongestName } => new("6-1-1-2", "アルゴリズムの名前が正しくありません。")
            {
                Field = "algorithm",
            },
            _ => null,
        },
        Lines = json =>
        [
            new("新しい世代", $"{ActKinds.Read<RolloverOrder>(json).Generation}"),
            new("アルゴリズム", ActKinds.Read<RolloverOrder>(json).Algorithm ?? "サイトの設定のとおり"),
        ],
        Do = async (_, papers) => ActKinds.Said(
            await authority.Send<RolloverAnswer>("operators/rollovers", papers),
            a => $"第 {a.Generation} 世代の鍵の証明書を発行しました（リンク証明書 {a.Links.Length} 通）。"
                + (a.UsedFrom is null ? "公開され次第、この鍵で発行します。" : "公開され、この鍵で発行しています。")),
    };

    private ActKind Compromise => new()
    {
        Name = "compromise",
        Japanese = "知事の鍵の危殆化に対処する",
        English = "The governor's key is compromised",
        Duty = Duties.DeclareCompromise,
        DoneAt = authority,
        Approvals = "operators/approvals",
        Objection = json => ActKinds.Read<CompromiseOrder>(json) switch
        {
            { Generation: < 1 } => new Refusal("4-14-2", "世代は 1 以上です。") { Field = "generation" },
            { Why: { } why } when why.Trim() is { Length: > 0 and <= LongestReason } => null,
            _ => new("4-14-2", $"事由を {LongestReason} 文字以内で書いてください。") { Field = "why" },
        },
        Lines = json =>
        [
            new("危殆化した鍵の世代", $"{ActKinds.Read<CompromiseOrder>(json).Generation}"),
            new("事由", ActKinds.Read<CompromiseOrder>(json).Why),
            new("すること", "発行の停止、この鍵で署名したすべての証明書の失効、失効記録の発行と公開、公表、ブリッジ認証局への通知"),
        ],
        Do = async (_, papers) => ActKinds.Said(
            await authority.Send<CompromiseReport>("operators/compromises", papers),
            r => $"第 {r.Generation} 世代の鍵で署名した証明書をすべて失効し、発行を止めました。"
                + (r.IsPublished ? "失効記録は公開されています。" : "失効記録を公開しています（自動で再試行されます）。")),
    };
}
