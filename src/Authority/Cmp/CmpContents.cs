using System.Formats.Asn1;
using Jpki.X509;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Cmp;
using Org.BouncyCastle.Asn1.Crmf;
using Org.BouncyCastle.Asn1.X509;
using CertId = Org.BouncyCastle.Asn1.Crmf.CertId;
using Extension = Jpki.X509.Extension;

namespace Jpki.Authority.Cmp;

/// <summary>What an ir, cr, kur or p10cr asks. (RFC 4210 5.3.1, 5.3.4, 5.3.5; RFC 4211; RFC 2986)</summary>
/// <param name="Id">certReqId; -1 for a p10cr, which has none. (RFC 9810 5.3.4)</param>
/// <param name="Subject">The template's; null when there is none.</param>
/// <param name="Key">With its proof of possession.</param>
/// <param name="Extensions">The template's.</param>
/// <param name="Renews">Control oldCertID: serial number, upper-case hexadecimal.</param>
/// <param name="Der">The CertReqMsg, or the CertificationRequest of a p10cr.</param>
internal sealed record CmpRequest(
    int Id, Name? Subject, AskedKey Key, IReadOnlyList<Extension> Extensions, string? Renews, byte[] Der)
{
    public override string ToString() => $"request {Id}";
}

/// <summary>What an rr asks. (RFC 4210 5.3.9)</summary>
/// <param name="Serial">Upper-case hexadecimal.</param>
/// <param name="Reason">The code of RFC 5280 5.3.1; null when none is given.</param>
/// <param name="Extensions">crlEntryDetails</param>
internal sealed record CmpRevocation(string Serial, int? Reason, IReadOnlyList<Extension> Extensions);

/// <summary>What a certConf says of one certificate. (RFC 4210 5.3.18)</summary>
internal sealed record CmpConfirmation(int Id, byte[] Hash, string? HashOid, bool Accepts);

/// <summary>Reads the bodies of messages. Each asks for one thing: a counter serves one applicant at a time.</summary>
internal static class CmpContents
{
    private const int NoRequestId = -1;

    /// <exception cref="AsnContentException">It is malformed, or about several certificates.</exception>
    public static CmpRequest Request(PkiBody body) => body.Type == PkiBody.TYPE_P10_CERT_REQ
        ? OfPkcs10(Strangers.Read(() => body.Content.GetDerEncoded()))
        : OfTemplate(body);

    private static CmpRequest OfPkcs10(byte[] der)
    {
        var request = CertificationRequest.Read(der);
        return new(
            NoRequestId, request.Subject, request, request.RequestedExtensions, Renews: null, der);
    }

    private static CmpRequest OfTemplate(PkiBody body) => Strangers.Read(() =>
    {
        var message = One(CertReqMessages.GetInstance(body.Content).ToCertReqMsgArray());
        var request = message.CertReq;
        var template = request.CertTemplate;
        if (template.PublicKey is null)
            throw new AsnContentException("the template has no public key");
        var key = PublicKey.Read(template.PublicKey.GetDerEncoded());
        return new CmpRequest(
            request.CertReqID.IntValueExact, SubjectOf(template), new(key, ProofOf(message, key)),
            ExtensionsOf(template.Extensions), OldSerial(request.Controls), message.GetDerEncoded());
    });

    /// <exception cref="AsnContentException">It is malformed, or about several certificates.</exception>
    public static CmpRevocation Revocation(PkiBody body) => Strangers.Read(() =>
    {
        var details = One(RevReqContent.GetInstance(body.Content).ToRevDetailsArray());
        var extensions = ExtensionsOf(details.CrlEntryDetails);
        return details.CertDetails.SerialNumber is not { } serial
            ? throw new AsnContentException("a revocation names its certificate by serial number")
            : new CmpRevocation(
                Hex(serial), extensions.FirstOrDefault(e => e.Oid == Oids.ReasonCode) is { } reason
                    ? ReadReason(reason) : null, extensions);
    });

    /// <exception cref="AsnContentException">It is malformed, or about several certificates.</exception>
    public static CmpConfirmation Confirmation(PkiBody body) => Strangers.Read(() =>
    {
        var status = One(CertConfirmContent.GetInstance(body.Content).ToCertStatusArray());
        return new CmpConfirmation(
            status.CertReqID.IntValueExact, status.CertHash.GetOctets(), status.HashAlg?.Algorithm.Id,
            (status.StatusInfo?.StatusObject.IntValueExact ?? 0) < (int)PkiStatus.Rejection);
    });

    private static T One<T>(T[] several) => several is [var one]
        ? one
        : throw new AsnContentException("a message here is about exactly one certificate");

    private static Name? SubjectOf(CertTemplate template) =>
        template.Subject is { } subject ? Name.Read(subject.GetDerEncoded()) : null;

    private static IReadOnlyList<Extension> ExtensionsOf(X509Extensions? extensions) => extensions is null
        ? []
        : Extension.ReadList(new AsnReader(extensions.GetDerEncoded(), AsnEncodingRules.DER));

    /// <summary>
    /// A signature over the CertRequest, which has subject and key in its template, so there is no other input.
    /// (RFC 4211 4.1)
    /// </summary>
    private static Func<bool> ProofOf(CertReqMsg message, PublicKey key)
    {
        if (message.Pop is not { Type: ProofOfPossession.TYPE_SIGNING_KEY } proof)
            return () => false;
        var signed = PopoSigningKey.GetInstance(proof.Object);
        if (signed.PoposkInput is not null || message.CertReq.CertTemplate.Subject is null)
            return () => false;
        var algorithm = SignatureAlgorithm.Read(
            new AsnReader(signed.AlgorithmIdentifier.GetDerEncoded(), AsnEncodingRules.DER));
        var (data, signature) = (message.CertReq.GetDerEncoded(), signed.Signature.GetOctets());
        return () => key.Verify(algorithm, data, signature);
    }

    private static string? OldSerial(Controls? controls) =>
        controls?.ToAttributeTypeAndValueArray().FirstOrDefault(
            c => c.Type.Equals(CrmfObjectIdentifiers.id_regCtrl_oldCertID)) is { } old
            ? Hex(CertId.GetInstance(old.Value).SerialNumber)
            : null;

    private static string Hex(DerInteger serial) =>
        SerialNumber.FromUnsigned(serial.PositiveValue.ToByteArrayUnsigned()).ToString();

    private static int ReadReason(Extension reason) =>
        new AsnReader(reason.Value, AsnEncodingRules.DER).ReadEnumeratedBytes().Span is [var code]
            ? code
            : throw new AsnContentException("a CRLReason is one octet");
}
