using System.Security.Cryptography;
using Jpki.Cps;
using Jpki.X509;

namespace Jpki.Authority;

/// <summary>How far a certificate has come.</summary>
internal enum CertificateState
{
    /// <summary>Recorded, perhaps signed; its answer is still to come.</summary>
    Intended = 0,

    Issued = 1,

    Revoked = 2,
}

/// <summary>Which certificate: the generation of the key and its number under it.</summary>
internal readonly record struct CertificateKey(int Generation, long Counter);

/// <summary>A certificate as the books know it, without its bytes. Times are Unix seconds.</summary>
internal sealed record CertificateRow
{
    public long Generation { get; init; }

    public long Counter { get; init; }

    public long Kind { get; init; }

    public long State { get; init; }

    public string? Municipality { get; init; }

    public long NotAfter { get; init; }

    public long? RevokedAt { get; init; }

    public long? Reason { get; init; }

    public CertificateKey Key => new((int)Generation, Counter);

    public CertificateState Stage => (CertificateState)State;

    public RevocationReason? WhyRevoked => (RevocationReason?)Reason;
}

/// <summary>What is recorded before anything is signed. 発行の意図</summary>
internal sealed record Intent
{
    public required int Generation { get; init; }

    public required CertificateKind Kind { get; init; }

    public required string Subject { get; init; }

    public required DateTimeOffset NotBefore { get; init; }

    public required DateTimeOffset NotAfter { get; init; }

    public byte[]? KeyDigest { get; init; }

    public string? Municipality { get; init; }

    public byte[]? Holder { get; init; }

    public string? NoticeId { get; init; }

    /// <summary>The paper that asked for it, as it was signed.</summary>
    public byte[]? Notice { get; init; }

    public byte[]? Signature { get; init; }

    public static Intent Of(
        int generation, CertificateKind kind, string subject, Validity validity, PublicKey key) => new()
        {
            Generation = generation,
            Kind = kind,
            Subject = subject,
            NotBefore = validity.NotBefore,
            NotAfter = validity.NotAfter,
            KeyDigest = SHA256.HashData(key.Der.Span),
        };
}
