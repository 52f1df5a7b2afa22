using System.Collections.Immutable;
using System.Data.Common;
using System.Text;
using System.Text.Json;
using Jpki.ControlRoom.Acts;
using Jpki.ControlRoom.Officers;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Hsm.Ceremonies;
using Jpki.Ledger;

namespace Jpki.ControlRoom.Ceremonies;

/// <summary>
/// Where ceremonies are agreed on before anybody goes to the HSM, and their records kept afterwards. (CPS 6-1-1-1)
/// </summary>
public sealed class CeremonyDesk(Store store, TimeProvider clock)
{
    private const int LargestRecord = 1024 * 1024;

    /// <summary>The newest first.</summary>
    public IReadOnlyList<PlannedCeremony> Newest => store.Read(CeremonyBooks.Newest);

    public PlannedCeremony? Find(string id) => store.Read(db => CeremonyBooks.Find(db, id));

    /// <summary>
    /// Why this file cannot be agreed on: what is written in it, or who sits on its chairs. Null when it can.
    /// </summary>
    public Refusal? Objection(string json)
    {
        try
        {
            var file = CeremonyFile.Read(Encoding.UTF8.GetBytes(json));
            return file.Objection() ?? store.Read(db => SeatObjection(db, file));
        }
        catch (FormatException e)
        {
            return new("6-1-1-1", $"手順書を読めません: {e.Message}") { Field = "file" };
        }
    }

    /// <summary>
    /// Takes the minutes of a ceremony that was held, as <c>jpki ceremony run</c> wrote them; they must be of this very
    /// file. (CPS 4-12-1-1)
    /// </summary>
    public async Task<Outcome<PlannedCeremony>> Attach(OfficerOnDuty officer, string id, byte[] octets)
    {
        if (officer.ObjectionTo(Duties.PlanCeremonies) is { } notHis)
            return notHis;
        if (Find(id) is not { } planned)
            return new Refusal("6-1-1-1", "そのような儀式はありません。 There is no such ceremony.");
        if (octets.Length > LargestRecord || Read(octets) is not { } record)
            return new Refusal("6-1-1-1", "儀式の記録（JSON）ではありません。 Not a ceremony's record.") { Field = "record" };
        if (planned.Record is not null)
            return new Refusal("4-12-2-3", "記録は既にあります。書き換えられません。 A record is never replaced.");
        if (record.Digest != planned.Digest || record.IsDryRun)
        {
            return new Refusal("6-1-1-1", record.IsDryRun
                ? "予行の記録です。 This is the record of a rehearsal."
                : "別の手順書の記録です。 This is the record of another file.")
            { Field = "record" };
        }
        await store.Write(tx =>
        {
            CeremonyBooks.Attach(tx, id, octets, officer.Id);
            tx.Record(new("ceremony recorded", clock.GetUtcNow(), record.Result, officer.Id,
                $"{id} file SHA-256 {planned.Digest}, record SHA-256 {Ceremony.DigestOf(record)}"));
        });
        return Find(id)!;
    }

    /// <summary>Fills in who the seats' people are at this moment, and keeps the file as it will be followed.</summary>
    internal Refusal? Approve(StoreTransaction tx, string id, CeremonyOrder order)
    {
        var file = CeremonyFile.Read(Encoding.UTF8.GetBytes(order.File));
        Seat Filled(Seat seat) => seat with { Password = OfficerBooks.Find(tx, seat.Id)?.PasswordHash ?? "" };
        var filled = JsonSerializer.SerializeToUtf8Bytes(
            file with
            {
                InstructedBy = Filled(file.InstructedBy),
                Witness = Filled(file.Witness),
                SeniorOperators = [.. file.SeniorOperators.Select(Filled)],
            }, FormJson.Indented);
        var digest = CeremonyFile.DigestOf(filled);
        CeremonyBooks.Add(tx, id, file.Title, clock.GetUtcNow(), digest, filled);
        tx.Record(new("ceremony planned", clock.GetUtcNow(), "ok", "control room", $"{id} file SHA-256 {digest}"));
        return null;
    }

    internal static ImmutableArray<OrderLine> Lines(string json)
    {
        var file = CeremonyFile.Read(Encoding.UTF8.GetBytes(json));
        return
        [
            new("表題", file.Title),
            new("指示", file.InstructedBy.Id),
            new("立会人", file.Witness.Id),
            new("上級操作員", string.Join("、", file.SeniorOperators.Select(s => s.Id))),
            new("秘密鍵管理者", string.Join("、", file.Custodians.Select(c => c.IsPresent ? c.Id : $"（欠席 {c.Id}）"))),
            .. CeremonySentences.Of(file).Select((s, i) => new OrderLine($"手順 {i + 1}", $"{s.Japanese} / {s.English}")),
        ];
    }

    /// <summary>Each seat is for somebody in office whose role it is. (CPS 5-2-1-1)</summary>
    private static Refusal? SeatObjection(DbConnection db, CeremonyFile file)
    {
        (string Id, Role? Role)[] seats =
        [
            (file.InstructedBy.Id, Role.CaManager),
            (file.Witness.Id, null),
            .. file.SeniorOperators.Select(s => (s.Id, (Role?)Role.SeniorOperator)),
            .. file.Custodians.Select(c => (c.Id, (Role?)Role.KeyCustodian)),
            .. file.Steps.SelectMany(s => s.Custodians ?? []).Select(c => (c.Id, (Role?)Role.KeyCustodian)),
        ];
        return seats.Select(seat => OfficerBooks.Find(db, seat.Id) is not { State: (long)OfficerState.Active } officer
                ? new Refusal("5-2-1-1", $"{seat.Id} は在任の要員ではありません。 Not an officer.") { Field = "file" }
                : seat.Role is { } role && !officer.RoleList.Contains(role)
                    ? new("5-2-1-1", $"{seat.Id} は{role.Japanese()}ではありません。 Not a {role}.") { Field = "file" }
                    : null)
            .FirstOrDefault(no => no is not null);
    }

    private static CeremonyRecord? Read(byte[] octets)
    {
        try
        {
            return PlannedCeremony.ReadRecord(octets);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
