namespace Jpki.X509;

/// <summary>
/// One line of a CRL: which certificate, since when, why. A reason that is not known is left out, never written as 0
/// (RFC 5280 5.3.1). 失効リストのエントリ
/// </summary>
public readonly record struct RevokedEntry(SerialNumber Serial, DateTimeOffset RevokedAt, int? ReasonCode)
{
    /// <summary>Who issued the certificate, where an indirect CRL says so (RFC 5280 5.3.3).</summary>
    public Name? CertificateIssuer { get; init; }

    /// <summary>Then nobody who does not know it may rely on this CRL at all (RFC 5280 5.3).</summary>
    public bool HasUnknownCriticalExtension { get; init; }
}
