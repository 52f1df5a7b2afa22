namespace Jpki.Forms;

/// <summary>
/// What the Authority publishes at one stroke: everything in it is taken, or nothing. 公開 (CPS 2-1-9, 2-6-1)
/// </summary>
public sealed record Publication
{
    /// <summary>The governor's self-signed and link certificates, DER.</summary>
    public IReadOnlyList<byte[]> Certificates { get; init; } = [];

    /// <summary>CRLs and ARLs, DER; each says itself where it belongs, in its issuingDistributionPoint.</summary>
    public IReadOnlyList<byte[]> Crls { get; init; } = [];

    /// <summary>
    /// crossCertificatePair values (RFC 4523), DER, in the place of those that are there; null leaves them. (CPS 4-9)
    /// </summary>
    public IReadOnlyList<byte[]>? CrossCertificatePairs { get; init; }
}
