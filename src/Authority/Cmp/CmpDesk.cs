using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Hsm;
using Jpki.X509;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Cmp;
using Org.BouncyCastle.Asn1.X509;
using GeneralName = Org.BouncyCastle.Asn1.X509.GeneralName;

namespace Jpki.Authority.Cmp;

/// <summary>
/// Takes CMP messages of terminals and does what the notices do that they stand for: the same rules, the same books,
/// the same refusals. The transactionID is the notice's number, so the same asked again gets the same answer.
/// </summary>
internal sealed class CmpDesk
{
    private const int NonceOctets = 16;
    private const int FirstVersion = 2;
    private const int LastVersion = 3;

    private readonly AuthorityRoom room;
    private readonly CmpProtection protection;
    private readonly RandomNumberGenerator random;
    private readonly GeneralName self;
    private readonly byte[]? selfKid;

    public CmpDesk(AuthorityRoom room, Func<X509Certificate2> identity, RandomNumberGenerator random)
    {
        (this.room, this.random) = (room, random);
        protection = new(room.Keys.HolderKey, identity, random);
        // Renewals change neither its name nor its key.
        var door = identity();
        self = new(X509Name.GetInstance(door.SubjectName.RawData));
        selfKid = door.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault()
            ?.SubjectKeyIdentifierBytes.ToArray();
    }

    public CmpSecret SecretOf(Caller terminal) => protection.SecretOf(terminal);

    /// <summary>The answer as a protected PKIMessage.</summary>
    /// <exception cref="AsnContentException">It is not even the frame of a message.</exception>
    public async Task<byte[]> Answer(ReadOnlyMemory<byte> octets, Caller terminal)
    {
        var message = CmpMessage.Read(octets);
        if (protection.Objection(message, terminal) is { } wrong)
        {
            await room.Record(new("CMP message refused", room.Now, wrong, terminal.Id));
            return Seal(message, isTrusted: false, CmpAnswers.Error(PkiFailureInfo.BadMessageCheck, wrong), terminal);
        }
        return Seal(message, isTrusted: true, await Take(message, terminal), terminal);
    }

    private async Task<PkiBody> Take(CmpMessage message, Caller terminal)
    {
        try
        {
            if (Strangers.Read(() => message.Header.Pvno.IntValueExact) is < FirstVersion or > LastVersion)
                return CmpAnswers.Error(PkiFailureInfo.UnsupportedVersion, "this door speaks pvno 2 and 3");
            return message.Body.Type switch
            {
                PkiBody.TYPE_INIT_REQ => await Certify(message, PkiBody.TYPE_INIT_REP, terminal),
                PkiBody.TYPE_CERT_REQ or PkiBody.TYPE_P10_CERT_REQ =>
                    await Certify(message, PkiBody.TYPE_CERT_REP, terminal),
                PkiBody.TYPE_KEY_UPDATE_REQ => await Certify(message, PkiBody.TYPE_KEY_UPDATE_REP, terminal),
                PkiBody.TYPE_REVOCATION_REQ => await Revoke(message, terminal),
                PkiBody.TYPE_CERT_CONFIRM => await Confirm(message, terminal),
                _ => CmpAnswers.Error(PkiFailureInfo.BadRequest, "this door takes ir, cr, p10cr, kur, rr and certConf"),
            };
        }
        catch (Exception e) when (e is AsnContentException or FormatException)
        {
            return CmpAnswers.Error(PkiFailureInfo.BadDataFormat, e.Message);
        }
        catch (HsmException e)
        {
            await room.Note(e);
            return CmpAnswers.Error(
                PkiFailureInfo.SystemUnavail,
                "埼玉県知事の鍵が使えない状態です。 The governor's key cannot sign now; send again.");
        }
    }

    private async Task<PkiBody> Certify(CmpMessage message, int answerType, Caller terminal)
    {
        var asked = CmpContents.Request(message.Body);
        var isUpdate = answerType == PkiBody.TYPE_KEY_UPDATE_REP;
        if (isUpdate && asked.Renews is null)
            return CmpAnswers.NotIssued(answerType, asked, new("3-2", "control oldCertID: which one is renewed?"));
        asked = isUpdate ? asked : asked with { Renews = null };
        if (CmpNotices.Issuance(message, asked, terminal, room.Now).IsRefused(out var refusal, out var notice))
        {
            await room.Record(new("certificate refused", room.Now, $"{refusal.Clause}", terminal.Id));
            return CmpAnswers.NotIssued(answerType, asked, refusal);
        }
        return (await room.Governor.Issue(message.Paper, notice, asked.Key, terminal))
            .IsRefused(out refusal, out var answer)
                ? CmpAnswers.NotIssued(answerType, asked, refusal)
                : CmpAnswers.Issued(answerType, asked, answer);
    }

    private async Task<PkiBody> Revoke(CmpMessage message, Caller terminal)
    {
        var asked = CmpContents.Revocation(message.Body);
        if (asked.Reason is not { } reason)
            return CmpAnswers.NotRevoked(new("4-4-2-1", "crlEntryDetails: needs a reasonCode"));
        RevocationNotice notice = new()
        {
            NoticeId = CmpNotices.IdOf(message, terminal, "rr"),
            Municipality = terminal.Municipality,
            Serial = asked.Serial,
            Reason = (RevocationReason)reason,
            Officer = CmpNotices.OfficerOf(asked.Extensions) ?? terminal.Id,
            At = room.Now,
        };
        return (await room.Governor.Revoke(message.Paper, notice, terminal)).IsRefused(out var refusal, out var answer)
            ? CmpAnswers.NotRevoked(refusal)
            : CmpAnswers.Revoked(room.Governor.TrustAnchor.Subject, answer);
    }

    /// <summary>
    /// The counter has the certificate, or will not have it: then it is ended, since nobody has used it.
    /// (RFC 4210 5.2.8, 5.3.18)
    /// </summary>
    private async Task<PkiBody> Confirm(CmpMessage message, Caller terminal)
    {
        var said = CmpContents.Confirmation(message.Body);
        var noticeId = CmpNotices.IdOf(message, terminal, $"{said.Id}");
        if (await room.Store.Write(tx => IssuedBy(tx, noticeId)) is not { } certificate)
            return CmpAnswers.Error(PkiFailureInfo.BadRequest, "nothing was issued in this transaction");
        if (!CryptographicOperations.FixedTimeEquals(HashOf(certificate, said), said.Hash))
            return CmpAnswers.Error(PkiFailureInfo.BadCertId, "certHash is not of the certificate issued");
        if (said.Accepts)
        {
            await room.Record(new("certificate confirmed", room.Now, "ok", terminal.Id, $"{certificate.Serial}"));
            return CmpAnswers.Confirmed;
        }
        RevocationNotice withdrawal = new()
        {
            NoticeId = noticeId + "-rejected",
            Municipality = terminal.Municipality,
            Serial = certificate.Serial.ToString(),
            Reason = RevocationReason.CessationOfOperation,
            Officer = terminal.Id,
            At = room.Now,
        };
        return (await room.Governor.Revoke(message.Paper, withdrawal, terminal)).IsRefused(out var refusal, out _)
            ? CmpAnswers.Error(refusal)
            : CmpAnswers.Confirmed;
    }

    private static Certificate? IssuedBy(Ledger.StoreTransaction tx, string noticeId) =>
        Books.FindByNotice(tx, noticeId) is { } row && Books.FindBytes(tx, row.Key) is { } der
            ? Certificate.Read(der)
            : null;

    /// <summary>By the hash of its own signature, unless the message names another. (RFC 9480 2.10)</summary>
    private static byte[] HashOf(Certificate certificate, CmpConfirmation said) => CryptographicOperations.HashData(
        said.HashOid switch
        {
            null => certificate.Algorithm.Hash,
            Oids.Sha256 => HashAlgorithmName.SHA256,
            Oids.Sha384 => HashAlgorithmName.SHA384,
            Oids.Sha512 => HashAlgorithmName.SHA512,
            _ => throw new AsnContentException("certHash is of an unknown hash function"),
        }, certificate.Der.Span);

    /// <param name="asked">What is answered.</param>
    /// <param name="isTrusted">False when its protection was wrong: then only a signature will do.</param>
    /// <param name="body">The answer.</param>
    /// <param name="terminal">To whom.</param>
    private byte[] Seal(CmpMessage asked, bool isTrusted, PkiBody body, Caller terminal)
    {
        var algorithm = protection.AlgorithmFor(isTrusted ? asked : null);
        var isSigned = algorithm.Algorithm.Id == Oids.EcdsaSha256;
        var nonce = new byte[NonceOctets];
        random.GetBytes(nonce);
        var header = new PkiHeaderBuilder(FirstVersion, self, asked.Header.Sender)
            .SetMessageTime(new DerGeneralizedTime(room.Now.UtcDateTime))
            .SetProtectionAlg(algorithm)
            .SetSenderKID(isSigned ? selfKid : asked.Header.SenderKID.GetOctets())
            .SetTransactionID(asked.TransactionId)
            .SetSenderNonce(nonce)
            .SetRecipNonce(asked.Header.SenderNonce?.GetOctets());
        if (asked.WantsImplicitConfirm && body.Type is (PkiBody.TYPE_INIT_REP or PkiBody.TYPE_CERT_REP
            or PkiBody.TYPE_KEY_UPDATE_REP))
        {
            header.SetGeneralInfo(new InfoTypeAndValue(CmpObjectIdentifiers.it_implicitConfirm, DerNull.Instance));
        }
        return protection.Protect(header.Build(), body, terminal, room.Operations.Anchor);
    }
}
