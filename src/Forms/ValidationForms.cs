using Jpki.X509.Paths;

namespace Jpki.Forms;

/// <summary>
/// A question whether a certificate is valid: one line of <c>jpki validate --batch</c>, or what is posted to the
/// validation server. Certificates, CRLs and OCSP answers are DER. 検証依頼 (CPS 2-1-2(12))
/// </summary>
public sealed record ValidationRequest
{
    /// <summary>Comes back with the answer.</summary>
    public string? Id { get; init; }

    /// <summary>The moment that the verdict is for; now, when left out.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Certificates whose name and key are trusted. Left out at the server: the prefecture's own.</summary>
    public IReadOnlyList<byte[]>? Anchors { get; init; }

    public required byte[] Target { get; init; }

    /// <summary>What may help, in no order.</summary>
    public IReadOnlyList<byte[]>? Certificates { get; init; }

    public IReadOnlyList<byte[]>? Crls { get; init; }

    /// <summary>Whole OCSPResponses.</summary>
    public IReadOnlyList<byte[]>? Ocsp { get; init; }

    /// <summary>The initial policy set; any, when left out.</summary>
    public IReadOnlyList<string>? Policies { get; init; }

    public bool? RequireExplicitPolicy { get; init; }

    public bool? InhibitPolicyMapping { get; init; }

    public bool? InhibitAnyPolicy { get; init; }

    /// <summary><c>required</c> (when left out), <c>if-present</c> or <c>none</c>.</summary>
    public string? Revocation { get; init; }

    public int? MaxDepth { get; init; }

    /// <summary>All must be names of the target.</summary>
    public IReadOnlyList<PeerName>? Names { get; init; }

    /// <summary>The OID of an extended key usage.</summary>
    public string? Purpose { get; init; }

    /// <summary>
    /// A certificate profile of CPS 7-1, such as <c>Resident</c>, that the target must keep in every particular;
    /// RFC 5280 alone, when left out.
    /// </summary>
    public string? Profile { get; init; }

    /// <summary>In seconds: how old a CRL or OCSP answer may be.</summary>
    public int? MaxRevocationAge { get; init; }
}

/// <summary>The verdict, and what it rests on. 検証結果</summary>
public sealed record ValidationAnswer
{
    public string? Id { get; init; }

    public required bool Valid { get; init; }

    /// <summary>The user-constrained policy set (RFC 5280 6.1.6).</summary>
    public IReadOnlyList<string> Policies { get; init; } = [];

    /// <summary>
    /// SHA-256 of each certificate, lower-case hexadecimal, anchor first; of the best attempt when invalid.
    /// </summary>
    public IReadOnlyList<string> Path { get; init; } = [];

    /// <summary>Which certificate, which rule, which section; null when it is valid.</summary>
    public string? Reason { get; init; }

    /// <summary>What else was tried in vain.</summary>
    public IReadOnlyList<string> Tried { get; init; } = [];

    public int SignatureChecks { get; init; }
}
