using Jpki.Cps;
using Jpki.Forms;

namespace Jpki.ControlRoom.Acts;

/// <summary>The acts about verifiers that take several people. 署名検証者等 (CPS 4-4-4-3)</summary>
internal sealed class VerifierActs(NeighbourDoor authority, NeighbourDoor verifiers)
{
    private const int LongestId = 40;
    private const int LongestReason = 200;

    /// <summary>
    /// The Verifiers' room strikes it off its list first; then the Authority revokes. Until that has answered, the act
    /// may be sent again.
    /// </summary>
    public ActKind Ending => new()
    {
        Name = "admission-ending",
        Japanese = "署名検証者等のアクセス権を取り消す",
        English = "End a verifier's admission",
        Duty = Duties.EndAdmissions,
        DoneAt = authority,
        Approvals = "operators/approvals",
        Objection = json => ActKinds.Read<AdmissionEnding>(json) switch
        {
            { Id: not { Length: > 0 and <= LongestId } } =>
                new Refusal("4-4-4-3", "届出の番号を書いてください。") { Field = "verifier" },
            { Why: { } why } when why.Trim() is { Length: > 0 and <= LongestReason } => null,
            _ => new("4-4-4-3", $"理由を {LongestReason} 文字以内で書いてください。") { Field = "why" },
        },
        Lines = json =>
        [
            new("届出の番号", ActKinds.Read<AdmissionEnding>(json).Id),
            new("理由", ActKinds.Read<AdmissionEnding>(json).Why),
            new("すること", "OCSP とリポジトリの利用の停止、証明書の失効（届出と取決めの記録は残る）"),
        ],
        Do = async (_, papers) =>
            (await verifiers.Send<AdmissionEnding>("endings", papers)).Refusal is { } refusal
                ? refusal
                : ActKinds.Said(
                    await authority.Send<AdmissionEnded>("operators/admission-endings", papers),
                    a => $"{a.Id} のアクセス権を取り消し、証明書 {a.Serials.Length} 通を失効しました。"),
    };
}
