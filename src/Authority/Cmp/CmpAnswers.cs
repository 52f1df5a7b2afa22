using Jpki.Cps;
using Jpki.Forms;
using Jpki.X509;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Cmp;
using Org.BouncyCastle.Asn1.X509;
using CertId = Org.BouncyCastle.Asn1.Crmf.CertId;
using GeneralName = Org.BouncyCastle.Asn1.X509.GeneralName;

namespace Jpki.Authority.Cmp;

/// <summary>The bodies of answers. A refusal's clause stands first in the statusString. (RFC 4210 5.2.3)</summary>
internal static class CmpAnswers
{
    public static PkiBody Issued(int type, CmpRequest asked, IssuanceAnswer answer)
    {
        var certificate = Certificate.Read(answer.Certificate);
        PkiStatusInfo status = new((int)(
            asked.Subject?.Equals(certificate.Subject) == true ? PkiStatus.Granted : PkiStatus.GrantedWithMods));
        CertResponse response = new(
            DerInteger.ValueOf(asked.Id), status, new CertifiedKeyPair(new CertOrEncCert(Of(certificate.Der))), null);
        return new(type, new CertRepMessage([Of(answer.AuthorityCertificate)], [response]));
    }

    public static PkiBody NotIssued(int type, CmpRequest asked, Refusal refusal) =>
        new(type, new CertRepMessage(null, [new CertResponse(DerInteger.ValueOf(asked.Id), Rejection(refusal))]));

    public static PkiBody Revoked(Name issuer, RevocationAnswer answer)
    {
        CertId id = new(
            new GeneralName(X509Name.GetInstance(issuer.Der.ToArray())),
            new DerInteger(SerialNumber.Parse(answer.Serial).Bytes.ToArray()));
        PkiStatusInfo granted = new((int)PkiStatus.Granted);
        return new(PkiBody.TYPE_REVOCATION_REP, new RevRepContentBuilder().Add(granted, id).Build());
    }

    public static PkiBody NotRevoked(Refusal refusal) =>
        new(PkiBody.TYPE_REVOCATION_REP, new RevRepContentBuilder().Add(Rejection(refusal)).Build());

    public static PkiBody Confirmed { get; } = new(PkiBody.TYPE_CONFIRM, new PkiConfirmContent());

    public static PkiBody Error(int failure, string reason) =>
        new(PkiBody.TYPE_ERROR, new ErrorMsgContent(Rejection(failure, reason)));

    public static PkiBody Error(Refusal refusal) => new(PkiBody.TYPE_ERROR, new ErrorMsgContent(Rejection(refusal)));

    public static CmpCertificate Of(ReadOnlyMemory<byte> certificate) =>
        new(X509CertificateStructure.GetInstance(Asn1Object.FromByteArray(certificate.ToArray())));

    private static PkiStatusInfo Rejection(Refusal refusal) =>
        Rejection(FailureOf(refusal), $"{refusal.Clause}: {refusal.Reason}");

    private static PkiStatusInfo Rejection(int failure, string reason) =>
        new((int)PkiStatus.Rejection, new PkiFreeText(reason), new PkiFailureInfo(failure));

    private static int FailureOf(Refusal refusal) => refusal.Clause.Number switch
    {
        "3-1-11" => PkiFailureInfo.BadPop,
        "3-1-4" or "3-1-7" or "3-1-8" or "3-1-9" or "4-2-2" or "6-3-2" => PkiFailureInfo.BadCertTemplate,
        "4-2-3" or "6-1-2-1" => PkiFailureInfo.DuplicateCertReq,
        "4-4-2" => PkiFailureInfo.BadCertId,
        "4-4-2-4" => PkiFailureInfo.CertRevoked,
        "5-1-2-2" => PkiFailureInfo.NotAuthorized,
        _ => PkiFailureInfo.BadRequest,
    };
}
