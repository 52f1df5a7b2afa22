using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Jpki.ControlRoom.Ceremonies;
using Jpki.ControlRoom.Officers;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Ledger;

namespace Jpki.ControlRoom.Acts;

/// <summary>Somebody is no longer an officer. 解任</summary>
public sealed record OfficerWithdrawal(string Id, string Why);

/// <summary>The acts that take several people at the Authority's console.</summary>
internal sealed class ActKinds(
    Store store, NeighbourDoor authority, NeighbourDoor verifiers, Enrolment enrolment, CeremonyDesk ceremonies)
{
    public ImmutableArray<ActKind> All =>
    [
        Publication, Revocation, .. new KeyActs(authority).All, OtherRevocation, KeyCeremony, Admission,
        new VerifierActs(authority, verifiers).Ending, Registration, Withdrawal,
    ];

    private ActKind Publication => new()
    {
        Name = "publication",
        Japanese = "失効記録（CRL/ARL）をいま発行する",
        English = "Issue every CRL and the ARL now",
        Duty = Duties.IssueCrlsNow,
        DoneAt = authority,
        Approvals = "operators/approvals",
        Objection = json => Read<PublishOrder>(json).Why.Trim() is { Length: > 0 and <= 200 }
            ? null
            : new Refusal("4-4-9", "理由を 200 文字以内で書いてください。") { Field = "why" },
        Lines = json => [new("理由", Read<PublishOrder>(json).Why)],
        Do = async (_, papers) => Said(
            await authority.Send<AuthorityReport>("operators/publications", papers),
            r => $"失効記録 {r.LastRun!.Number} を発行しました。{r.PublishingTrouble ?? "リポジトリに公開されています。"}"),
    };

    private ActKind Revocation => new()
    {
        Name = "revocation",
        Japanese = "職権により電子証明書を失効する",
        English = "Revoke a certificate ex officio",
        Duty = Duties.RevokeExOfficio,
        DoneAt = authority,
        Approvals = "operators/approvals",
        Objection = json => SerialObjection(Read<ExOfficioRevocation>(json).Serial),
        Lines = json =>
        [
            new("シリアル番号", Read<ExOfficioRevocation>(json).Serial),
            new("事由", Read<ExOfficioRevocation>(json).Reason.ToStandardName()),
        ],
        Do = async (_, papers) => Said(
            await authority.Send<RevocationAnswer>("operators/revocations", papers),
            a => $"{a.Serial} を失効しました（{a.Reason.ToStandardName()}）。"),
    };

    private ActKind OtherRevocation => new()
    {
        Name = "other-revocation",
        Japanese = "要員・装置等の証明書を失効する",
        English = "Revoke an officer's, a door's, a terminal's or a responder's certificate",
        Duty = Duties.RevokeOtherCertificate,
        DoneAt = authority,
        Approvals = "operators/approvals",
        Objection = json => SerialObjection(Read<OtherRevocation>(json).Serial)
            ?? (Read<OtherRevocation>(json).Why.Trim() is { Length: > 0 and <= 200 }
                ? null
                : new Refusal("5-2-1-1(6)", "理由を 200 文字以内で書いてください。") { Field = "why" }),
        Lines = json =>
        [
            new("シリアル番号", Read<OtherRevocation>(json).Serial),
            new("事由", Read<OtherRevocation>(json).Reason.ToStandardName()),
            new("理由", Read<OtherRevocation>(json).Why),
        ],
        Do = async (_, papers) => Said(
            await authority.Send<OtherRevocationAnswer>("operators/other-revocations", papers),
            a => $"{a.Bearer} の証明書 {a.Serial} を失効しました。どの扉も受け付けません。"),
    };

    private ActKind KeyCeremony => new()
    {
        Name = "ceremony",
        Japanese = "鍵の儀式の手順書を承認する",
        English = "Agree on a key ceremony",
        Duty = Duties.HoldCeremonies,
        Objection = json => ceremonies.Objection(Read<CeremonyOrder>(json).File),
        Lines = json => CeremonyDesk.Lines(Read<CeremonyOrder>(json).File),
        Do = (act, _) => store.Write(tx => Said(
            ceremonies.Approve(tx, act), "手順書を承認しました。「鍵の儀式」の画面からファイルを受け取り、儀式を行ってください。")),
    };

    private ActKind Admission => new()
    {
        Name = "admission",
        Japanese = "署名検証者等にアクセス権を与える",
        English = "Admit a verifier",
        Duty = Duties.AdmitVerifiers,
        DoneAt = verifiers,
        Objection = json => Read<AdmissionOrder>(json).Id is { Length: > 0 and <= 40 }
            ? null
            : new Refusal("4-4-4-3", "届出の番号を書いてください。") { Field = "verifier" },
        Lines = json => [new("届出の番号", Read<AdmissionOrder>(json).Id)],
        Do = async (_, papers) => Said(
            await verifiers.Send<AdmissionOrder>("admissions", papers),
            a => $"{a.Id} を認めました。本人が届出の鍵で証明書とパスワードを受け取ります。"),
    };

    private ActKind Registration => new()
    {
        Name = "registration",
        Japanese = "要員を登録する",
        English = "Register an officer",
        Duty = Duties.RegisterOfficers,
        GivesCode = true,
        Objection = json => RegistrationRules.Objection(Read<OfficerRegistration>(json)),
        Lines = json => Lines(Read<OfficerRegistration>(json)),
        Do = (act, papers) => store.Write(tx => Said(
            enrolment.Register(
                tx, Read<OfficerRegistration>(act.OrderJson),
                JsonSerializer.Serialize(papers, FormJson.Options), act.Secret!),
            $"{Read<OfficerRegistration>(act.OrderJson).Id} を登録しました。本人が初期登録コードで証明書を受け取ります。")),
    };

    private ActKind Withdrawal => new()
    {
        Name = "withdrawal",
        Japanese = "要員を解任する",
        English = "Withdraw an officer",
        Duty = Duties.RegisterOfficers,
        Objection = json => Read<OfficerWithdrawal>(json).Why.Trim() is { Length: > 0 and <= 200 }
            ? null
            : new Refusal("5-2-2③", "理由を 200 文字以内で書いてください。") { Field = "why" },
        Lines = json =>
            [new("ID", Read<OfficerWithdrawal>(json).Id), new("理由", Read<OfficerWithdrawal>(json).Why)],
        Do = (act, _) => store.Write(tx => Said(
            Enrolment.Withdraw(tx, Read<OfficerWithdrawal>(act.OrderJson).Id),
            $"{Read<OfficerWithdrawal>(act.OrderJson).Id} を解任しました。")),
    };

    private static Refusal? SerialObjection(string serial) =>
        serial is { Length: > 0 and <= 40 } && serial.All(char.IsAsciiHexDigitUpper)
            ? null
            : new Refusal("4-4-1-1", "シリアル番号は 16 進の数字（大文字）です。") { Field = "serial" };

    internal static T Read<T>(string json) where T : class =>
        JsonSerializer.Deserialize<T>(Encoding.UTF8.GetBytes(json), FormJson.Options)
        ?? throw new JsonException("the order is empty");

    private static ImmutableArray<OrderLine> Lines(OfficerRegistration registration) =>
    [
        new("ID", registration.Id),
        new("職員番号", registration.StaffNumber),
        new("氏名", registration.Name),
        new("役割", string.Join("、", registration.Roles.Select(r => r.Japanese()))),
    ];

    internal static Outcome<string> Said<T>(Outcome<T> outcome, Func<T, string> words) where T : class =>
        outcome.IsRefused(out var refusal, out var value) ? refusal : words(value);

    private static Outcome<string> Said(Refusal? refusal, string words) => refusal is null ? words : refusal;
}
