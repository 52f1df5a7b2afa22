using Jpki.Cps;
using Jpki.Forms;
using Jpki.Ledger;

namespace Jpki.Counter;

/// <summary>
/// Enters what changes in the register, and ends the certificates it belies. 異動等 (CPS 2-1-2(8), 4-4-1-1)
/// </summary>
public sealed class RegisterDesk
{
    private readonly CounterDesk desk;
    private readonly Func<string, Task> hurry;

    internal RegisterDesk(CounterDesk desk, Func<string, Task> hurry) => (this.desk, this.hurry) = (desk, hurry);

    public async Task<Outcome<RegisterEntryAnswer>> Enter(OfficerOnDuty officer, RegisterEntry entry)
    {
        if (Changed(officer, entry).IsRefused(out var refusal, out var resident))
        {
            await desk.Store.Write(tx =>
                tx.Record(new("register event", desk.Now, $"refused {refusal.Clause}", officer.Id)));
            return refusal;
        }
        var ended = await desk.Store.Write(tx =>
        {
            ResidentRegister.Update(tx, resident);
            tx.Record(new("register event", desk.Now, entry.Event.ToString(), officer.Id));
            return LiveSerials(tx, resident.Id)
                .Select(serial => End(tx, serial, entry.Event, officer.Municipality, officer.Id)).ToArray();
        });
        foreach (var (_, notice) in ended)
            await hurry(notice);
        return new RegisterEntryAnswer(resident.Id, entry.Event,
            [.. desk.Store.Read(db => ended.Select(e => ReceiptBooks.Find(db, e.Receipt)!).ToArray())]);
    }

    /// <summary>
    /// The register may have changed while the governor was issuing: then the new certificate is ended at once, in the
    /// transaction that records it.
    /// </summary>
    internal void EndIfChanged(StoreTransaction tx, IssuanceApplication issued)
    {
        var resident = ResidentRegister.Find(tx, issued.ResidentId!);
        if (!RegisterMatch.Of(issued.Form.Attributes, resident).IsRefused(out _, out _))
            return;
        var kind = resident?.Status switch
        {
            ResidentStatus.Present => RegisterEventKind.AttributesChanged,
            ResidentStatus.Died => RegisterEventKind.Died,
            _ => RegisterEventKind.Left,
        };
        End(tx, issued.Serial!, kind, issued.Municipality, issued.Officer);
    }

    /// <summary>Ends the live certificates of one whom a file says has changed; says how many.</summary>
    internal int EndLive(StoreTransaction tx, Resident resident, RegisterEventKind kind, string source)
    {
        var serials = LiveSerials(tx, resident.Id);
        foreach (var serial in serials)
            End(tx, serial, kind, resident.Municipality, source);
        return serials.Count;
    }

    private (string Receipt, string Notice) End(
        StoreTransaction tx, string serial, RegisterEventKind kind, string municipality, string officer)
    {
        var receipt = new Receipt
        {
            Id = desk.NewId("R"),
            Municipality = municipality,
            Serial = serial,
            Reason = kind == RegisterEventKind.AttributesChanged
                ? RevocationReason.AffiliationChanged
                : RevocationReason.CessationOfOperation,
            Event = kind,
            AcceptedAt = desk.Now,
            State = ReceiptState.Accepted,
            Officer = officer,
        };
        var notice = new RegisterEventNotice
        {
            NoticeId = desk.NewId("N"),
            Municipality = municipality,
            Serial = serial,
            Event = kind,
            Officer = officer,
            At = desk.Now,
        };
        ReceiptBooks.Add(tx, receipt);
        Outbox.Put(tx, Notice.Of(
            notice.NoticeId, NoticeKind.RegisterEvent, receipt.Id, notice, desk.TerminalOf(municipality)), desk.Now);
        return (receipt.Id, notice.NoticeId);
    }

    private IReadOnlyList<string> LiveSerials(StoreTransaction tx, string resident) => tx.Query<string>(
        "SELECT serial FROM certificates WHERE resident = @resident AND ended_at IS NULL AND not_after >= @now",
        new { resident, now = desk.Now.ToUnixTimeMilliseconds() });

    /// <summary>The person as the register has them from now on.</summary>
    private Outcome<Resident> Changed(OfficerOnDuty officer, RegisterEntry entry)
    {
        if (desk.Register.Find(
            entry.ResidentId, officer.Municipality) is not { Status: ResidentStatus.Present } resident)
        {
            return new Refusal("5-1-2-2", "この市町村の住民基本台帳に記録されている者ではありません。");
        }

        if (!Enum.IsDefined(entry.Event))
            return new Refusal("4-4-1-1", "異動の種類を選んでください。") { Field = "event" };
        if (entry.Event == RegisterEventKind.Died)
            return resident with { Status = ResidentStatus.Died };
        if (entry.Event == RegisterEventKind.Left)
            return resident with { Status = ResidentStatus.Left };
        if (entry.Attributes is not { } now || Matching.Compare(now, resident.Attributes).All(c => c.IsSame))
            return new Refusal("4-4-1-1", "基本4情報に変更がありません。");
        var paper = new ApplicationForm
        {
            AppliedOn = desk.Today,
            Attributes = now,
            NameKana = entry.NameKana ?? resident.NameKana
        };
        return FormCheck.Refusal(paper, desk.Today) is { } objection
            ? new Refusal("4-4-1-1", objection.Reason) { Field = objection.Field }
            : resident with { Attributes = now, NameKana = paper.NameKana };
    }
}
