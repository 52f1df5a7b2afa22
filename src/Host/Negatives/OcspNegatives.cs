using Jpki.X509;

namespace Jpki.Host.Negatives;

/// <summary>OCSP answers that say the wrong thing, or nothing, about a certificate that is in order.</summary>
internal static class OcspNegatives
{
    public static IReadOnlyList<NegativeCase> All { get; } =
    [
        new("ocsp-good", new("正しいOCSP応答（受け入れること）", "an OCSP answer without fault: accept it"), null,
            w => With(w, c => w.Ocsp(w.Good(c)))),

        new("ocsp-revoked", new("OCSPで失効", "OCSP says revoked"), "revoked",
            w => With(w, c => w.Ocsp(w.Good(c) with
            {
                Status = CertStatus.Revoked,
                RevokedAt = w.Now.AddHours(-2),
                Reason = (int)CrlReason.KeyCompromise,
            }))),
        new("ocsp-unknown", new("OCSPで不明", "OCSP says unknown"), "does not know it",
            w => With(w, c => w.Ocsp(w.Good(c) with { Status = CertStatus.Unknown }))),
        new("ocsp-expired", new("OCSP応答の有効期間が過ぎている", "the OCSP answer's nextUpdate is over"), "RFC 6960 4.2.2.1",
            w => With(w, c => w.Ocsp(w.Good(c) with
            {
                ThisUpdate = w.Now.AddDays(-2),
                NextUpdate = w.Now.AddDays(-1),
            }))),
        new("ocsp-not-yet-valid", new("OCSP応答の日時が未来", "the OCSP answer is from tomorrow"), "RFC 6960",
            w => With(w, c => w.Ocsp(w.Good(c) with
            {
                ThisUpdate = w.Now.AddDays(1),
                NextUpdate = w.Now.AddDays(2),
            }))),
        new("ocsp-of-another-certificate", new("別の証明書についての応答", "an answer about another certificate"),
            "no CRL or OCSP answer",
            w => With(w, _ => w.Ocsp(w.Good(w.Sign(w.Resident()))))),
        new("ocsp-altered", new("応答の署名が壊れている", "one bit of the answer's signature is wrong"), "RFC 6960 4.2.2.2",
            w => With(w, c => Altered(w.Ocsp(w.Good(c))))),
        new("ocsp-by-stranger", new("委任されていない鍵で署名", "signed by somebody whom nobody delegated"), "RFC 6960 4.2.2.2",
            w => With(w, c => w.Ocsp(w.Good(c), w.Stranger))),
        new("ocsp-responder-by-stranger", new("応答者の証明書が知事発行でない", "the responder's certificate is not the governor's"),
            "RFC 6960 4.2.2.2",
            w => With(w, c => w.Ocsp(w.Good(c), null, w.Sign(w.ResponderCertificate(), w.Stranger)))),
        new("ocsp-responder-without-purpose", new("応答者にOCSP署名用途がない", "the responder's key is not for OCSP signing"),
            "RFC 6960 4.2.2.2", w => With(w, c => w.Ocsp(
                w.Good(c), null, w.Sign(w.ResponderCertificate().Without(Oids.ExtendedKeyUsage))))),
        new("ocsp-responder-expired", new("応答者の証明書の期限切れ", "the responder's certificate has expired"),
            "RFC 6960 4.2.2.2",
            w => With(w, c => w.Ocsp(
                w.Good(c), null, w.Sign(w.ResponderCertificate() with { NotAfter = w.Now.AddDays(-1) })))),
        new("ocsp-try-later", new("応答が tryLater", "the answer is tryLater"), "no CRL or OCSP answer",
            w => With(w, _ => OcspResponse.Error(OcspResponseStatus.TryLater))),
    ];

    private static Exhibit With(Workshop w, Func<Certificate, byte[]> answer)
    {
        var certificate = w.Sign(w.Resident());
        return new() { Target = certificate.Der.ToArray(), Ocsp = [answer(certificate)] };
    }

    /// <summary>The signature stands before the certificates: its last bit is found by its own octets.</summary>
    private static byte[] Altered(byte[] response)
    {
        var signature = OcspResponse.Read(response).Basic!.Signature.Span;
        response[response.AsSpan().IndexOf(signature)] ^= 1;
        return response;
    }
}
