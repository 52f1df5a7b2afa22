using Jpki.Cps;
using Jpki.Forms;
using Jpki.Ledger;

namespace Jpki.Counter;

/// <summary>Takes holders' revocations on paper. 失効申請 (CPS 3-4, 4-4-2)</summary>
public sealed class RevocationDesk : IAgentsPapers
{
    private readonly CounterDesk desk;
    private readonly Func<string, Task> hurry;

    internal RevocationDesk(CounterDesk desk, Func<string, Task> hurry) => (this.desk, this.hurry) = (desk, hurry);

    /// <summary>
    /// Proves the holder's identity as for an issue, then asks the governor to revoke. Comes back completed, or
    /// accepted when the Authority cannot be reached. An agent's paper waits for the holder's answer to a letter.
    /// (CPS 3-4-1, 3-4-2)
    /// </summary>
    public async Task<Outcome<Receipt>> Take(OfficerOnDuty officer, RevocationForm form)
    {
        if (Objection(form) is { } objection)
            return await Refuse(officer, objection);
        if (desk.Match(officer, form.Person).IsRefused(out var refusal, out var match))
            return await Refuse(officer, refusal);
        Receipt paper = new()
        {
            Id = desk.NewId("R"),
            Municipality = officer.Municipality,
            Serial = form.Serial ?? "",
            Reason = form.Reason,
            AcceptedAt = desk.Now,
            State = ReceiptState.Accepted,
            Officer = officer.Id,
        };
        if (form.Person.Agent is not null)
            return await Inquire(officer, form, match, paper);
        if (form.Identity is not { } identity)
            return await Refuse(officer, new("3-1-9", "②本人性：身分証明書の種類と番号を確かめてください。") { Field = "kind" });
        if (IdentityProof.Of(match, identity, byAgent: false, desk.Today).IsRefused(out refusal, out var proof))
            return await Refuse(officer, refusal);
        return await Ask(officer, proof, paper, (tx, receipt) =>
        {
            ReceiptBooks.Add(tx, receipt);
            return true;
        });
    }

    /// <summary>
    /// The agent comes again: the same checks, and the holder's answer in the books. A doubt ends it. (CPS 3-1-10, 3-4)
    /// </summary>
    public async Task<Outcome<Receipt>> Prove(OfficerOnDuty officer, string id, IdentityEvidence evidence)
    {
        if (Inquiring(officer, id).IsRefused(out var refusal, out var receipt))
            return refusal;
        var heard = desk.Store.Read(db => LetterBooks.WithReply(db, id, evidence));
        if (desk.Match(officer, receipt.Person!).IsRefused(out refusal, out var match)
            || IdentityProof.Of(match, heard, byAgent: true, desk.Today).IsRefused(out refusal, out var proof))
        {
            if (evidence.HasDoubt)
                await End(officer, receipt, refusal);
            return await Refuse(officer, refusal);
        }
        return await Ask(officer, proof, receipt, ReceiptBooks.EndInquiry);
    }

    public Outcome<Receipt> Find(OfficerOnDuty officer, string id) =>
        desk.Store.Read(db => ReceiptBooks.Find(db, id)) is not { } receipt
            ? new Refusal("4-4-2", "この番号の書面はありません。")
            : receipt.Municipality == officer.Municipality ? receipt : OfficerOnDuty.NotYours;

    /// <summary>This municipality's revocations of the last day, the newest first.</summary>
    public IReadOnlyList<Receipt> Recent(OfficerOnDuty officer) =>
        desk.Store.Read(db => ReceiptBooks.Since(db, officer.Municipality, desk.Now.AddDays(-1)));

    /// <summary>
    /// Where a certificate belongs. Any officer may ask; whose it is, only its own municipality learns.
    /// </summary>
    public Outcome<HeldCertificate> FindCertificate(OfficerOnDuty officer, string serial) =>
        desk.Store.Read(db => CertificateBooks.Find(db, serial.ToUpperInvariant())) is { } certificate
            ? certificate.Municipality == officer.Municipality ? certificate : certificate with { ResidentId = "" }
            : new Refusal("4-4-2", "このシリアル番号の電子証明書は、窓口の記録にありません。");

    /// <summary>
    /// One of this municipality's certificates, DER, for the officer to look at. It says who its holder is, so the log
    /// keeps who looked. (CPS 2-8-1)
    /// </summary>
    public async Task<Outcome<byte[]>> Read(OfficerOnDuty officer, string serial)
    {
        if (FindCertificate(officer, serial).IsRefused(out var refusal, out var certificate))
            return refusal;
        if (certificate.Municipality != officer.Municipality)
            return OfficerOnDuty.NotYours;
        await desk.Store.Write(tx =>
            tx.Record(new("certificate shown", desk.Now, "done", officer.Id, certificate.Serial)));
        return desk.Store.Read(db => CertificateBooks.Bytes(db, certificate.Serial))!;
    }

    /// <summary>The certificates of one of this municipality's residents, the newest first.</summary>
    public IReadOnlyList<HeldCertificate> CertificatesOf(OfficerOnDuty officer, string residentId) =>
        [.. desk.Store.Read(db => CertificateBooks.Of(db, residentId))
            .Where(c => c.Municipality == officer.Municipality)];

    /// <summary>Takes the Authority's word on a revocation or a register event.</summary>
    internal Action<StoreTransaction> Accept(Notice notice, Reply reply)
    {
        var receipt = desk.Store.Read(db => ReceiptBooks.Find(db, notice.About))
            ?? throw new InvalidOperationException($"notice {notice.Id} is about no receipt");
        if (reply.Refusal is { } refusal)
            return tx => ReceiptBooks.Update(tx, receipt with { State = ReceiptState.Refused, Refusal = refusal });
        var answer = reply.Read<RevocationAnswer>();
        if (answer.NoticeId != notice.Id || answer.Serial != receipt.Serial)
            throw new FormatException("the answer belongs to another notice");
        return tx =>
        {
            ReceiptBooks.Update(tx, receipt with
            {
                State = ReceiptState.Completed,
                Reason = answer.Reason,
                RevokedAt = answer.RevokedAt,
            });
            CertificateBooks.End(tx, answer);
        };
    }

    Outcome<Inquiry> IAgentsPapers.InquiryOf(OfficerOnDuty officer, string id) =>
        Find(officer, id).IsRefused(out var refusal, out var receipt) ? refusal
        : receipt.Person is not { } person ? new Refusal("4-1-1(2)", "照会書は、代理申請のときに送ります。")
        : new Inquiry("電子証明書の失効の申請", person, Inquiring(officer, id).Refusal);

    async Task IAgentsPapers.Disown(OfficerOnDuty officer, string id, Refusal refusal)
    {
        if (Inquiring(officer, id).Value is { } receipt)
            await End(officer, receipt, refusal);
    }

    private Refusal? Objection(RevocationForm form) =>
        FormCheck.Refusal(form.Person, desk.Today)
        ?? (form.Reason is RevocationReason.KeyCompromise or RevocationReason.CessationOfOperation ? null
            : new("4-4-2-1", "窓口での失効の事由は、秘密鍵の漏えい等又は利用の取りやめに限ります。"));

    /// <summary>Keeps an agent's paper until the holder has answered; the same paper twice is one.</summary>
    private async Task<Outcome<Receipt>> Inquire(
        OfficerOnDuty officer, RevocationForm form, RegisterMatch match, Receipt paper)
    {
        if (LiveCertificate(match.Resident, paper.Serial).IsRefused(out var refusal, out var certificate))
            return await Refuse(officer, refusal);
        var receipt = paper with
        {
            Serial = certificate.Serial,
            State = ReceiptState.Inquiring,
            Person = form.Person,
        };
        var digest = ApplicationBooks.PaperOf(form with { Identity = null });
        return await desk.Store.Write(tx =>
        {
            if (ReceiptBooks.Same(tx, officer.Municipality, digest) is { } earlier)
                return earlier;
            ReceiptBooks.Add(tx, receipt, digest);
            tx.Record(new("revocation", desk.Now, "inquiring", officer.Id, receipt.Id));
            return receipt;
        });
    }

    /// <summary>Asks the governor; nobody comes here without the proof of who asks.</summary>
    private async Task<Outcome<Receipt>> Ask(
        OfficerOnDuty officer, IdentityProof proof, Receipt paper, Func<StoreTransaction, Receipt, bool> keep)
    {
        if (LiveCertificate(proof.Resident, paper.Serial).IsRefused(out var refusal, out var certificate))
            return await Refuse(officer, refusal);
        var receipt = paper with
        {
            Serial = certificate.Serial,
            State = ReceiptState.Accepted,
            Officer = officer.Id,
        };
        RevocationNotice notice = new()
        {
            NoticeId = desk.NewId("N"),
            Municipality = officer.Municipality,
            Serial = certificate.Serial,
            Reason = receipt.Reason,
            Officer = officer.Id,
            At = desk.Now,
        };
        var isKept = await desk.Store.Write(tx =>
        {
            if (!keep(tx, receipt))
                return false;
            Outbox.Put(tx, Notice.Of(
                notice.NoticeId, NoticeKind.Revocation, receipt.Id, notice, desk.TerminalOf(officer)), desk.Now);
            tx.Record(new("revocation", desk.Now, "accepted", officer.Id, certificate.Serial));
            return true;
        });
        if (!isKept)
            return new Refusal("4-4-2", "この申請は、同時に別の操作で進められました。");
        await hurry(notice.NoticeId);
        return Find(officer, receipt.Id);
    }

    private Outcome<Receipt> Inquiring(OfficerOnDuty officer, string id) =>
        Find(officer, id).IsRefused(out var refusal, out var receipt) ? refusal
        : receipt.State == ReceiptState.Inquiring ? receipt
        : new Refusal("4-4-2", $"この申請は「{Wording.Of(receipt.State)}」です。この手順は行えません。");

    /// <param name="resident">Whose.</param>
    /// <param name="serial">Which; the live one when empty.</param>
    private Outcome<HeldCertificate> LiveCertificate(Resident resident, string serial)
    {
        var certificates = desk.Store.Read(db => CertificateBooks.Of(db, resident.Id));
        var wanted = certificates.Where(c =>
            serial.Length == 0 || c.Serial.Equals(serial, StringComparison.OrdinalIgnoreCase));
        return wanted.FirstOrDefault(c => c.IsLiveAt(desk.Now)) is { } live
            ? live
            : new Refusal("4-4-2", "この利用者には、失効させることのできる有効な電子証明書がありません。");
    }

    private Task End(OfficerOnDuty officer, Receipt receipt, Refusal refusal) => desk.Store.Write(tx =>
    {
        var ended = receipt with { State = ReceiptState.Refused, Refusal = refusal, Officer = officer.Id };
        if (ReceiptBooks.EndInquiry(tx, ended))
            tx.Record(new("revocation", desk.Now, $"refused {refusal.Clause}", officer.Id, receipt.Id));
    });

    private async Task<Refusal> Refuse(OfficerOnDuty officer, Refusal refusal)
    {
        await desk.Store.Write(tx => tx.Record(new("revocation", desk.Now, $"refused {refusal.Clause}", officer.Id)));
        return refusal;
    }
}
