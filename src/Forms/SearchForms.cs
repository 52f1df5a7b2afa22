using Jpki.Cps;

namespace Jpki.Forms;

/// <summary>Which of the Authority's two books. 発行記録</summary>
public enum CertificateBook
{
    /// <summary>What the governor's key signed.</summary>
    Governor,

    /// <summary>What the operations CA signed: officers, terminals, verifiers, doors.</summary>
    Operations,
}

/// <summary>How a certificate stands at the moment of the question.</summary>
public enum CertificateStanding
{
    /// <summary>Issued, not revoked, not ended.</summary>
    Live,

    /// <summary>Its validity is over.</summary>
    Expired,

    Revoked,

    /// <summary>Recorded, perhaps signed; its answer is still to come.</summary>
    Unfinished,
}

/// <summary>From the first instant, up to but without the second; either may be open.</summary>
public readonly record struct Interval(DateTimeOffset? From, DateTimeOffset? Until)
{
    public bool IsOpen => From is null && Until is null;
}

/// <summary>
/// A question about issued certificates; what is null is not asked. Nobody can be searched for: a person's attributes
/// are no part of it. (CPS 2-8-1)
/// </summary>
public sealed record CertificateQuestion
{
    public CertificateBook Book { get; init; }

    /// <summary>The first digits of the serial number, hexadecimal.</summary>
    public string? Serial { get; init; }

    public CertificateKind? Kind { get; init; }

    /// <summary>Five digits of JIS X 0402.</summary>
    public string? Municipality { get; init; }

    public CertificateStanding? Standing { get; init; }

    /// <summary>notBefore.</summary>
    public Interval Issued { get; init; }

    /// <summary>notAfter.</summary>
    public Interval Expires { get; init; }

    public Interval Revoked { get; init; }

    /// <summary>Where the last page ended; null for the first.</summary>
    public string? After { get; init; }
}

/// <summary>A certificate as a search finds it. No attribute of its holder is in it.</summary>
public sealed record CertificateFind
{
    public required string Serial { get; init; }

    public required CertificateKind Kind { get; init; }

    public required CertificateStanding Standing { get; init; }

    /// <summary>Null for what belongs to no municipality.</summary>
    public required string? Municipality { get; init; }

    /// <summary>Role and id of a certificate of the inner network; null in the governor's book.</summary>
    public required string? Bearer { get; init; }

    public required DateTimeOffset NotBefore { get; init; }

    public required DateTimeOffset NotAfter { get; init; }

    public required DateTimeOffset? RevokedAt { get; init; }

    public required RevocationReason? Reason { get; init; }
}

/// <summary>One page of what was found, newest first.</summary>
/// <param name="Found">May be fewer than a page although there is more: a search looks only so far at once.</param>
/// <param name="Next">To be asked with for the next page; null when nothing follows.</param>
public sealed record CertificateFinds(IReadOnlyList<CertificateFind> Found, string? Next);

/// <summary>A run of CRLs among others: how many lists, entries and octets it came to.</summary>
public sealed record CrlRunSummary(CrlRunReport Run, string Why, long Lists, long Entries, long Octets);

/// <summary>One list of a run.</summary>
/// <param name="Generation">Of the governor's key.</param>
/// <param name="Scope">A municipality's five digits, <c>prefecture</c>, or <c>authority</c> for the ARL.</param>
/// <param name="Entries">Revoked certificates on it.</param>
/// <param name="Octets">Of its DER.</param>
public sealed record CrlSummary(long Generation, string Scope, long Entries, long Octets);

/// <summary>Some runs, newest first, and where the next page begins; null when nothing follows.</summary>
public sealed record CrlRuns(IReadOnlyList<CrlRunSummary> Runs, long? Before);

/// <summary>One run with its lists.</summary>
public sealed record CrlRunLists(CrlRunReport Run, string Why, IReadOnlyList<CrlSummary> Lists);

/// <summary>A CRL or the ARL, DER.</summary>
public sealed record CrlCopy(byte[] Crl);
