using System.Collections.Immutable;
using Jpki.Cps;
using Jpki.Forms;

namespace Jpki.ControlRoom.Acts;

/// <summary>The acts about verifiers that take several people. 署名検証者等 (CPS 4-4-4-3)</summary>
internal sealed class VerifierActs(NeighbourDoor authority, NeighbourDoor verifiers)
{
    private const int LongestId = 40;

    public ImmutableArray<ActKind> All => [Admission, Ending];

    private ActKind Admission => ActKind.Of<AdmissionOrder>(
        "admission", "署名検証者等にアクセス権を与える", "Admit a verifier", Duties.AdmitVerifiers,
        objection: order => IdObjection(order.Id),
        lines: order => [new("届出の番号", order.Id)],
        done: (_, _, papers) => ActKinds.Said(
            verifiers.Send<AdmissionOrder>("admissions", papers),
            a => $"{a.Id} を認めました。本人が届出の鍵で証明書とパスワードを受け取ります。")) with
    {
        DoneAt = verifiers,
    };

    /// <summary>
    /// The Verifiers' room strikes it off its list first; then the Authority revokes. Until that has answered, the act
    /// may be sent again.
    /// </summary>
    private ActKind Ending => ActKind.Of<AdmissionEnding>(
        "admission-ending", "署名検証者等のアクセス権を取り消す", "End a verifier's admission", Duties.EndAdmissions,
        objection: order => IdObjection(order.Id) ?? WrittenText.ReasonObjection("4-4-4-3", order.Why),
        lines: order =>
        [
            new("届出の番号", order.Id),
            new("理由", order.Why),
            new("すること", "OCSP とリポジトリの利用の停止、証明書の失効（届出と取決めの記録は残る）"),
        ],
        done: async (_, _, papers) =>
            (await verifiers.Send<AdmissionEnding>("endings", papers)).Refusal is { } refusal
                ? refusal
                : await ActKinds.Said(
                    authority.Send<AdmissionEnded>("operators/admission-endings", papers),
                    a => $"{a.Id} のアクセス権を取り消し、証明書 {a.Serials.Length} 通を失効しました。")) with
    {
        DoneAt = authority,
        Approvals = "operators/approvals",
    };

    private static Refusal? IdObjection(string id) => id is { Length: > 0 and <= LongestId }
        ? null
        : new("4-4-4-3", "届出の番号を書いてください。") { Field = "verifier" };
}
