using System.Security.Cryptography;

namespace Jpki.Forms;

/// <summary>
/// What the Authority publishes at one stroke: everything in it is taken, or nothing. It names objects by their
/// SHA-256, lower-case hexadecimal; their octets are handed over before. 公開 (CPS 2-1-9, 2-6-1)
/// </summary>
public sealed record Publication
{
    /// <summary>The governor's self-signed and link certificates.</summary>
    public IReadOnlyList<string> Certificates { get; init; } = [];

    /// <summary>CRLs and ARLs; each says itself where it belongs, in its issuingDistributionPoint.</summary>
    public IReadOnlyList<string> Crls { get; init; } = [];

    /// <summary>
    /// crossCertificatePair values (RFC 4523), in the place of those that are there; null leaves them. (CPS 4-9)
    /// </summary>
    public IReadOnlyList<string>? CrossCertificatePairs { get; init; }

    /// <summary>Everything it names.</summary>
    public IEnumerable<string> Named() => [.. Certificates, .. Crls, .. CrossCertificatePairs ?? []];

    /// <summary>By what an object is named.</summary>
    public static string DigestOf(ReadOnlySpan<byte> octets) => Convert.ToHexStringLower(SHA256.HashData(octets));
}

/// <summary>What a publication came to.</summary>
/// <param name="Version">The number of the shelves' state.</param>
/// <param name="Changed">How many objects are new; 0 when all of it was there already.</param>
/// <param name="Missing">Objects it names that were never handed over: while there is one, nothing is taken.</param>
public sealed record PublicationReceipt(long Version, int Changed, IReadOnlyList<string> Missing);
