using Jpki.X509;

namespace Jpki.Cps.Lint;

/// <summary>
/// Proof that what has this hash was linted and no error found. Only the gate makes one, and a key that signs with it
/// signs that hash and nothing else.
/// </summary>
public sealed class LintProof
{
    private readonly byte[] hash;

    internal LintProof(SignatureAlgorithm algorithm, byte[] hash) => (Algorithm, this.hash) = (algorithm, hash);

    public SignatureAlgorithm Algorithm { get; }

    /// <summary>Of the to-be-signed octets, by the algorithm's own hash function.</summary>
    public ReadOnlySpan<byte> Hash => hash;
}

/// <summary>A private key that wants proof before it signs.</summary>
public delegate byte[] LintedSigner(LintProof proof);

/// <summary>To-be-signed octets with the proof that they may be signed.</summary>
public sealed class LintedCertificate
{
    private readonly byte[] toBeSigned;

    internal LintedCertificate(byte[] toBeSigned, LintProof proof) => (this.toBeSigned, Proof) = (toBeSigned, proof);

    public LintProof Proof { get; }

    public Certificate Sign(LintedSigner key) => Certificate.Of(toBeSigned, Proof.Algorithm, key(Proof));
}

/// <summary>An OCSP answer with the proof that it may be signed.</summary>
public sealed class LintedResponse
{
    private readonly BasicOcspContent content;
    private readonly byte[] toBeSigned;

    internal LintedResponse(BasicOcspContent content, byte[] toBeSigned, LintProof proof) =>
        (this.content, this.toBeSigned, Proof) = (content, toBeSigned, proof);

    public LintProof Proof { get; }

    /// <summary>The whole OCSPResponse.</summary>
    public byte[] Sign(LintedSigner key) => content.Assemble(toBeSigned, key(Proof));
}
