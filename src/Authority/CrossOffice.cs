using System.Collections.Immutable;
using System.Security.Cryptography;
using Jpki.Cps;
using Jpki.Cps.Lint;
using Jpki.Forms;
using Jpki.Ledger;
using Jpki.X509;

namespace Jpki.Authority;

/// <summary>
/// Where certificates are exchanged with the bridge CA: given, taken, received, paired, ended. Whatever changes the
/// pairs makes a new run of CRLs, and the run carries the pairs to the Repository. 相互認証 (CPS 4-6 … 4-10)
/// </summary>
public sealed class CrossOffice
{
    private const string Changed = "cross certificates changed";

    private readonly AuthorityRoom room;
    private readonly AuthorityOptions options;

    internal CrossOffice(AuthorityRoom room, AuthorityOptions options) => (this.room, this.options) = (room, options);

    /// <summary>The governor's own request, for the bridge CA's procedure. 発行申請 (CPS 4-6)</summary>
    /// <exception cref="Hsm.HsmException">The governor's key cannot sign now.</exception>
    public CrossApplication Apply()
    {
        var generation = room.Keys.Current;
        return new(LintGate.Request(
            options.Names.Authority, generation.Key.PublicKey, generation.Issuer.Algorithm, generation.Key.Sign));
    }

    /// <summary>
    /// Signs the certificate that a partner asked for, or keeps for inspection what was wrong. The same approval again
    /// gets the same certificate. 相互認証証明書の発行 (CPS 4-7)
    /// </summary>
    /// <exception cref="System.Formats.Asn1.AsnContentException">The request is not PKCS#10.</exception>
    /// <exception cref="Hsm.HsmException">The governor's key cannot sign now; nothing was recorded.</exception>
    public async Task<Outcome<CrossAnswer>> Issue(Approved<CrossOrder<CrossRequest>> approved)
    {
        var request = CertificationRequest.Read(approved.Order.Subject.CertificationRequest);
        var validity = Profiles.Cross.ValidityFrom(room.Now);
        options.Hsm.Reach();
        var generation = room.Keys.Current;
        var admitted = await room.Store.Write(tx => Admit(tx, approved, request, generation, validity));
        if (admitted.IsRefused(out var refusal, out var found))
            return refusal;
        if (found.Der is { } known)
            return Answer(Certificate.Read(known), request.Subject);
        var issuer = IssuerFor(generation, approved.Order.Subject.Mappings);
        var signed = await room.Governor.SignAndComplete(
            found.Key, CertificateKind.Cross,
            serial => CertificateContents.Cross(issuer, new(serial, validity, request.PublicKey), request.Subject),
            approved.Officers);
        return signed.IsRefused(out var no, out var certificate) ? no : Answer(certificate, request.Subject);
    }

    /// <summary>Takes what a partner gave us, or keeps it for inspection. 相互認証証明書の受領 (CPS 4-8)</summary>
    /// <exception cref="System.Formats.Asn1.AsnContentException">It is no certificate.</exception>
    public async Task<Outcome<CrossAnswer>> Accept(Approved<CrossOrder<CrossAcceptance>> approved)
    {
        var certificate = Certificate.Read(approved.Order.Subject.Certificate);
        IReadOnlyList<Certificate> partners = [.. room.Store.Read(CrossBooks.Issued).Select(r => r.Certificate)];
        var taken = await room.Store.Write(tx =>
        {
            if (CrossBooks.FindAccepted(tx, approved.Approval.Id) is { } earlier)
                return earlier;
            if ((Objection(tx, approved)
                ?? CrossPolicy.Objection(certificate, partners, room.Keys, options, room.Now)) is { } refusal)
            {
                return Refuse<CrossAcceptance, Certificate>(tx, approved, "cross certificate not accepted", refusal);
            }
            CrossBooks.AddAccepted(tx, approved.Approval.Id, certificate, approved.Order, room.Now);
            Record(tx, "cross certificate accepted", "ok", approved.Officers, $"{certificate.Serial}");
            return (Outcome<Certificate>)certificate;
        });
        return taken.IsRefused(out var no, out var accepted) ? no : Answer(accepted, accepted.Issuer);
    }

    /// <summary>
    /// Files a receipt; when both of an exchange are there it is complete, and the pair is published. The same receipt
    /// again gets the same answer. 受領確認 (CPS 4-8)
    /// </summary>
    public async Task<Outcome<CrossCompletion>> File(CrossReceipt paper, string officer)
    {
        var ours = paper.IsOurs ? room.Keys.KeyOf(paper.Serial) : null;
        var isKnown = await room.Store.Write(tx =>
        {
            var filed = paper.IsOurs == ours is not null && CrossBooks.FileReceipt(tx, paper, ours);
            Record(tx, "cross receipt filed", filed ? "ok" : "4-8", officer, paper.Serial);
            return filed;
        });
        if (!isKnown)
            return new Refusal("4-8", $"no cross certificate {paper.Serial} of {paper.Partner} was exchanged");
        var isMutual = Paired().Select(p => paper.IsOurs ? p.IssuedByThisCa! : p.IssuedToThisCa!)
            .Any(c => $"{c.Serial}" == paper.Serial);
        if (isMutual)
            await room.Crls.Issue(Changed, officer);
        return new CrossCompletion(isMutual);
    }

    /// <summary>Ends what we gave a partner; it is on the ARL at once. 相互認証証明書の失効 (CPS 4-10)</summary>
    public async Task<Outcome<CrossAnswer>> Revoke(Approved<CrossOrder<CrossRevocation>> approved)
    {
        var ended = await room.Store.Write(tx => End(tx, approved));
        if (ended.IsRefused(out var no, out var certificate))
            return no;
        // The run is on disk before the answer goes out: it is published however this ends.
        await room.Crls.Issue(Changed, approved.Officers);
        return Answer(certificate, certificate.Subject);
    }

    /// <summary>
    /// For each key of ours and of a partner's that certify each other now, the newest two certificates as one value:
    /// after a change of either key the pairs under the old one stay as long as they are valid. (CPS 4-8, 4-9)
    /// </summary>
    public IReadOnlyList<byte[]> Pairs() => [.. Paired().Select(p => p.Encode())];

    /// <summary>The newest of each direction and what has changed since: what to renew. (CPS 4-9)</summary>
    public IReadOnlyList<CrossStanding> Standing()
    {
        var (issued, accepted) = room.Store.Read(db => (CrossBooks.Issued(db), CrossBooks.Accepted(db)));
        return
        [
            .. issued.DistinctBy(r => r.Certificate.Subject).Select(r => StandingOf(
                r, r.Certificate.Subject, CrossChanges.OfOurs(r.Certificate, room.Keys.Current.Issuer), isOurs: true)),
            .. accepted.DistinctBy(r => r.Certificate.Issuer).Select(r => StandingOf(
                r, r.Certificate.Issuer, CrossChanges.OfTheirs(
                    r.Certificate, room.Keys.Current.Issuer,
                    issued.FirstOrDefault(i => i.Certificate.Subject.Equals(r.Certificate.Issuer))?.Certificate),
                isOurs: false)),
        ];
    }

    private static IssuingAuthority IssuerFor(Generation generation, ImmutableArray<PolicyMapping>? mappings)
    {
        var own = generation.Issuer;
        return mappings is { } agreed
            ? new(own.Names, own.Choices with { CrossMappings = agreed }, own.SelfSigned)
            : own;
    }

    private static CrossStanding StandingOf(
        CrossRow row, Name partner, IReadOnlyList<string> changes, bool isOurs) => new()
        {
            Partner = $"{partner}",
            Serial = $"{row.Certificate.Serial}",
            IsOurs = isOurs,
            NotAfter = row.Certificate.NotAfter,
            HasReceipt = row.Receipt is not null,
            Changes = changes,
        };

    private IReadOnlyList<CrossCertificatePair> Paired()
    {
        var (issued, accepted) = room.Store.Read(db => (CrossBooks.Issued(db), CrossBooks.Accepted(db)));
        return
        [
            .. from ours in issued.Where(IsReceived).DistinctBy(
                   r => (r.Certificate.Subject, r.Certificate.PublicKey, r.Generation))
               let theirs = accepted.Where(IsReceived).FirstOrDefault(r => IsAnswer(r.Certificate, ours))
               where theirs is not null
               select new CrossCertificatePair(theirs.Certificate, ours.Certificate),
        ];

        bool IsReceived(CrossRow row) => row.Receipt is not null && row.Certificate.IsLiveAt(room.Now);
    }

    /// <summary>Of the key that we certified, for the key that we certified it with.</summary>
    private bool IsAnswer(Certificate theirs, CrossRow ours) =>
        theirs.Issuer.Equals(ours.Certificate.Subject) && theirs.IsSignedBy(ours.Certificate.PublicKey)
        && room.Keys.Find(ours.Generation)?.Certificate.PublicKey.Equals(theirs.PublicKey) == true;

    private Outcome<AdmittedCross> Admit(
        StoreTransaction tx, Approved<CrossOrder<CrossRequest>> approved, CertificationRequest request,
        Generation generation, Validity validity)
    {
        var approval = approved.Approval.Id;
        if (Books.FindByNotice(tx, approval) is { Stage: not CertificateState.Intended } known)
            return new AdmittedCross(known.Key, Books.FindBytes(tx, known.Key));
        var digest = SHA256.HashData(request.PublicKey.Der.Span);
        if ((Objection(tx, approved)
            ?? CrossPolicy.Objection(approved.Order, request, options)
            ?? CrossPolicy.ObjectionToKnown(Books.FindByPartnersKey(tx, digest))) is { } refusal)
        {
            return Refuse<CrossRequest, AdmittedCross>(tx, approved, "cross certificate refused", refusal);
        }
        var key = Books.Intend(tx, new()
        {
            Generation = generation.Number,
            Kind = CertificateKind.Cross,
            Subject = $"{request.Subject} {approval}",
            NotBefore = validity.NotBefore,
            NotAfter = validity.NotAfter,
            KeyDigest = digest,
            NoticeId = approval,
            Notice = approved.Order.Subject.CertificationRequest,
        }, room.Keys);
        CrossBooks.AddIssued(tx, key, request.Subject, approved.Order);
        return new AdmittedCross(key, null);
    }

    private Outcome<Certificate> End(StoreTransaction tx, Approved<CrossOrder<CrossRevocation>> approved)
    {
        var (serial, cause, askedBy) = approved.Order.Subject;
        var key = room.Keys.KeyOf(serial);
        var row = key is { } named && CrossBooks.IsCross(tx, named) ? Books.Find(tx, named) : null;
        if (Books.FindRevocation(tx, approved.Approval.Id) is { } earlier && row is not null)
            return Certificate.Read(Books.Bytes(tx, earlier.Key));
        if ((Objection(tx, approved) ?? ObjectionToEnd(row)) is { } refusal)
            return Refuse<CrossRevocation, Certificate>(tx, approved, "cross certificate not revoked", refusal);
        var certificate = Certificate.Read(Books.Bytes(tx, row!.Key));
        var reason = CrossPolicy.ReasonOf(cause);
        var position = Books.Revoke(tx, row.Key, reason, room.Now);
        Books.KeepPaper(
            tx, new(approved.Approval.Id, serial, reason, $"{approved.Officers} for {askedBy}"), row.Key, position);
        if (cause != CrossEnd.Renewal)                        // CPS 4-10-1: the other side ends its own as well.
            CrossBooks.EndAccepted(tx, $"{certificate.Subject}", room.Now);
        Record(tx, "cross certificate revoked", reason.ToStandardName(), approved.Officers, serial);
        return certificate;
    }

    private static Refusal? ObjectionToEnd(CertificateRow? row) => row switch
    {
        null or { Stage: CertificateState.Intended } => new("4-10-1", "no such cross certificate was issued here"),
        { Stage: CertificateState.Revoked } => new("4-4-2-4", "already revoked, and a revocation is never taken back"),
        _ => null,
    };

    private Refusal? Objection<T>(StoreTransaction tx, Approved<CrossOrder<T>> approved) =>
        ApprovalBooks.Spend(tx, approved, room.Now)
        ?? approved.Order.Papers.Objection(approved.Approval.Consents.Select(c => c.Officer));

    private Outcome<TValue> Refuse<T, TValue>(
        StoreTransaction tx, Approved<CrossOrder<T>> approved, string what, Refusal refusal) where TValue : class
    {
        CrossBooks.AddRefused(tx, approved.Approval.Id, what, refusal, approved.Order, room.Now);
        Record(tx, what, $"{refusal.Clause}", approved.Officers, approved.Order.Papers.Case);
        return refusal;
    }

    private CrossAnswer Answer(Certificate certificate, Name partner) => new()
    {
        Serial = $"{certificate.Serial}",
        Partner = $"{partner}",
        Certificate = certificate.Der.ToArray(),
        At = JapanTime.WholeSecond(room.Now),
    };

    private void Record(StoreTransaction tx, string what, string result, string source, string about) =>
        tx.Record(new(what, room.Now, result, source, about));

    /// <summary>A number to sign under, and what was signed under it before.</summary>
    private sealed record AdmittedCross(CertificateKey Key, byte[]? Der);
}
