using Jpki.X509;

namespace Jpki.Host.Negatives;

/// <summary>What a verifier is handed in one case.</summary>
internal sealed record Exhibit
{
    /// <summary>DER; may be no certificate at all.</summary>
    public required byte[] Target { get; init; }

    public IReadOnlyList<Certificate> Certificates { get; init; } = [];

    public IReadOnlyList<Crl> Crls { get; init; } = [];

    /// <summary>Whole OCSPResponses.</summary>
    public IReadOnlyList<byte[]> Ocsp { get; init; } = [];

    /// <summary>The profile of chapter 7 that the certificate claims; null where RFC 5280 alone decides.</summary>
    public string? Profile { get; init; }
}

/// <summary>One entry of the catalogue.</summary>
/// <param name="Id">Its folder's name.</param>
/// <param name="What">What is wrong, in Japanese and English.</param>
/// <param name="Must">What a correct verifier must say: part of the reason that <c>jpki validate</c> gives; null when
/// it must accept.</param>
/// <param name="Make">Makes it.</param>
internal sealed record NegativeCase(string Id, Bilingual What, string? Must, Func<Workshop, Exhibit> Make);

internal sealed record Bilingual(string Ja, string En);
