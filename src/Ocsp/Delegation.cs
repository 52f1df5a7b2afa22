using Jpki.Cps.Lint;
using Jpki.Forms;
using Jpki.Hsm;
using Jpki.X509;

namespace Jpki.Ocsp;

/// <summary>
/// The right to answer for one generation of the governor's key: a certificate of that key's and the private key to it.
/// OCSPレスポンダ証明書 (RFC 6960, 4.2.2.2)
/// </summary>
internal sealed class Delegation
{
    private readonly IssuingKey key;
    private readonly OcspSigners signers;
    private readonly SignatureAlgorithm algorithm;

    private Delegation(Issuer issuer, Certificate certificate, SigningKey key)
    {
        (Generation, Certificate, this.key) = (issuer.Generation, certificate, new(key));
        signers = OcspSigners.Of([certificate.Der]);
        algorithm = AlgorithmOf(key);
    }

    public int Generation { get; }

    public Certificate Certificate { get; }

    /// <param name="issuer">For whose certificates it answers.</param>
    /// <param name="later">
    /// The generations after it: one of them signs when another organisation kept the key of this. (CPS 4-18)
    /// </param>
    /// <param name="certificate">The node's.</param>
    /// <param name="key">The node's.</param>
    /// <exception cref="FormatException">That certificate does not delegate to that key.</exception>
    public static Delegation Of(Issuer issuer, IEnumerable<Issuer> later, Certificate certificate, SigningKey key)
    {
        if (!certificate.PublicKey.Equals(key.PublicKey))
            throw new FormatException("responder certificate: for another key");
        if (!later.Prepend(issuer).Any(i => certificate.IsSignedBy(i.Certificate.PublicKey)))
            throw new FormatException($"responder certificate: not signed by generation {issuer.Generation}");
        var purposes = certificate.Find(Oids.ExtendedKeyUsage);
        return purposes is not null && Extensions.ReadExtendedKeyUsage(purposes).Contains(Oids.OcspSigning)
            ? new(issuer, certificate, key)
            : throw new FormatException("responder certificate: not for OCSP signing");
    }

    public static SignatureAlgorithm AlgorithmOf(SigningKey key) => (key.PublicKey.IsRsa, key.PublicKey.Bits) switch
    {
        (true, _) => SignatureAlgorithm.Sha256WithRsa,
        (false, <= 256) => SignatureAlgorithm.EcdsaSha256,
        _ => SignatureAlgorithm.EcdsaSha384,
    };

    public bool IsDueAt(DateTimeOffset at) => Certificate.NotAfter - at < RenewalTimes.OneYearOpens;

    public byte[] Sign(IReadOnlyList<SingleResponse> responses, ReadOnlyMemory<byte>? nonce, DateTimeOffset at)
    {
        BasicOcspContent content = new()
        {
            Algorithm = algorithm,
            Responder = key.PublicKey,
            ProducedAt = at,
            Responses = responses,
            Nonce = nonce,
            Certificates = [Certificate.Der],
        };
        return LintGate.Ocsp(content, signers).IsRefused(out var refusal, out var linted)
            ? throw new InvalidOperationException($"an answer that may not be signed: {refusal.Reason}")
            : linted.Sign(key.Sign);
    }
}
