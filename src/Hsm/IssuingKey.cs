using Jpki.Cps.Lint;
using Jpki.X509;

namespace Jpki.Hsm;

/// <summary>
/// A key of the service's own that signs certificates, CRLs or OCSP answers: only what the linter let pass, and only
/// with the proof of it. There is no other way to use it. (CPS 6-1-1-4)
/// </summary>
public sealed class IssuingKey(SigningKey key)
{
    public string Label => key.Label;

    public PublicKey PublicKey => key.PublicKey;

    /// <summary>Octets of each signature: an RSA key's modulus; null for ECDSA, where it varies.</summary>
    public int? SignatureLength => PublicKey.IsRsa ? (PublicKey.Bits + 7) / 8 : null;

    public byte[] Sign(LintProof proof) => key.SignHash(proof.Hash, proof.Algorithm);
}
