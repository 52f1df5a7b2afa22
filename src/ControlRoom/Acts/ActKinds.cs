using System.Collections.Immutable;
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
        .. new AuthorityActs(authority).All, KeyCeremony, .. new VerifierActs(authority, verifiers).All, Registration,
        Withdrawal,
    ];

    private ActKind KeyCeremony => ActKind.Of<CeremonyOrder>(
        "ceremony", "鍵の儀式の手順書を承認する", "Agree on a key ceremony", Duties.HoldCeremonies,
        objection: order => ceremonies.Objection(order.File),
        lines: order => CeremonyDesk.Lines(order.File),
        done: (act, order, _) => Here(
            tx => ceremonies.Approve(tx, act.Id, order),
            "手順書を承認しました。「鍵の儀式」の画面からファイルを受け取り、儀式を行ってください。"));

    private ActKind Registration => ActKind.Of<OfficerRegistration>(
        "registration", "要員を登録する", "Register an officer", Duties.RegisterOfficers,
        objection: RegistrationRules.Objection,
        lines: Lines,
        done: (act, order, papers) => Here(
            tx => enrolment.Register(tx, order, JsonSerializer.Serialize(papers, FormJson.Options), act.Secret!),
            $"{order.Id} を登録しました。本人が初期登録コードで証明書を受け取ります。")) with
    {
        GivesCode = true,
    };

    private ActKind Withdrawal => ActKind.Of<OfficerWithdrawal>(
        "withdrawal", "要員を解任する", "Withdraw an officer", Duties.RegisterOfficers,
        objection: order => store.Read(db => OfficerBooks.Find(db, order.Id)) is null
            ? Enrolment.Unknown
            : WrittenText.ReasonObjection("5-2-2③", order.Why),
        lines: order => [new("ID", order.Id), new("理由", order.Why)],
        done: (_, order, _) => Here(tx => Enrolment.Withdraw(tx, order.Id), $"{order.Id} を解任しました。"));

    private static ImmutableArray<OrderLine> Lines(OfficerRegistration registration) =>
    [
        new("ID", registration.Id),
        new("職員番号", registration.StaffNumber),
        new("氏名", registration.Name),
        new("役割", string.Join("、", registration.Roles.Select(r => r.Japanese()))),
    ];

    /// <summary>What another room made of the papers, in words.</summary>
    internal static async Task<Outcome<string>> Said<T>(Task<Outcome<T>> sent, Func<T, string> words)
        where T : class => (await sent).IsRefused(out var refusal, out var value) ? refusal : words(value);

    /// <summary>Done in the control room's own books.</summary>
    private Task<Outcome<string>> Here(Func<StoreTransaction, Refusal?> act, string words) =>
        store.Write<Outcome<string>>(tx => act(tx) is { } refusal ? refusal : words);
}
