using Jpki.Cps;
using Jpki.Forms;
using Jpki.Ledger;

namespace Jpki.Counter;

/// <summary>Takes holders' revocations on paper. 失効申請 (CPS 3-4, 4-4-2)</summary>
public sealed class RevocationDesk
{
    private readonly CounterDesk desk;
    private readonly Func<string, Task> hurry;

    internal RevocationDesk(CounterDesk desk, Func<string, Task> hurry) => (this.desk, this.hurry) = (desk, hurry);

    /// <summary>
    /// Proves the holder's identity as for an issue, then asks the governor to revoke. Comes back completed, or
    /// accepted when the Authority cannot be reached.
    /// </summary>
    public async Task<Outcome<Receipt>> Take(OfficerOnDuty officer, RevocationForm form)
    {
        if (Identify(officer, form).IsRefused(out var refusal, out var proof)
            || LiveCertificate(proof, form.Serial).IsRefused(out refusal, out var certificate))
        {
            await desk.Store.Write(tx =>
                tx.Record(new("revocation", desk.Now, $"refused {refusal.Clause}", officer.Id)));
            return refusal;
        }
        var receipt = new Receipt
        {
            Id = desk.NewId("R"),
            Municipality = officer.Municipality,
            Serial = certificate.Serial,
            Reason = form.Reason,
            AcceptedAt = desk.Now,
            State = ReceiptState.Accepted,
            Officer = officer.Id,
        };
        var notice = new RevocationNotice
        {
            NoticeId = desk.NewId("N"),
            Municipality = officer.Municipality,
            Serial = certificate.Serial,
            Reason = form.Reason,
            Officer = officer.Id,
            At = desk.Now,
        };
        await desk.Store.Write(tx =>
        {
            ReceiptBooks.Add(tx, receipt);
            Outbox.Put(tx, Notice.Of(
                notice.NoticeId, NoticeKind.Revocation, receipt.Id, notice, desk.TerminalOf(officer)), desk.Now);
            tx.Record(new("revocation", desk.Now, "accepted", officer.Id, certificate.Serial));
        });
        await hurry(notice.NoticeId);
        return Find(officer, receipt.Id);
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

    private Outcome<IdentityProof> Identify(OfficerOnDuty officer, RevocationForm form)
    {
        if (FormCheck.Refusal(form.Person, desk.Today) is { } objection)
            return objection;
        if (form.Reason is not (RevocationReason.KeyCompromise or RevocationReason.CessationOfOperation))
            return new Refusal("4-4-2-1", "窓口での失効の事由は、秘密鍵の漏えい等又は利用の取りやめに限ります。");
        var written = form.Person.Attributes;
        var nearest = Matching.Nearest(written, desk.Register.Candidates(officer.Municipality, written));
        return RegisterMatch.Of(written, nearest).IsRefused(out var refusal, out var match)
            ? refusal
            : IdentityProof.Of(match, form.Identity, form.Person.Agent is not null, desk.Today);
    }

    private Outcome<HeldCertificate> LiveCertificate(IdentityProof proof, string? serial)
    {
        var certificates = desk.Store.Read(db => CertificateBooks.Of(db, proof.Resident.Id));
        var wanted = certificates.Where(c =>
            serial is null || c.Serial.Equals(serial, StringComparison.OrdinalIgnoreCase));
        return wanted.FirstOrDefault(c => c.IsLiveAt(desk.Now)) is { } live
            ? live
            : new Refusal("4-4-2", "この利用者には、失効させることのできる有効な電子証明書がありません。");
    }
}
