using System.Collections.Immutable;
using Jpki.X509;

namespace Jpki.Cps;

/// <summary>Whose revocations a list holds. 失効記録の種類 (CPS 7-2)</summary>
public enum CrlKind
{
    /// <summary>電子証明書の失効記録: residents', and the governor's other end entities'. (CPS 7-2-1)</summary>
    Crl,

    /// <summary>ARL: cross, self-signed and link certificates. (CPS 7-2-2, 7-2-3, 7-2-4)</summary>
    Arl,
}

/// <summary>The municipalities' CRLs and the ARL. (CPS 7-2)</summary>
public static class CrlContents
{
    /// <summary>Both kinds' extensions, in their order.</summary>
    public static ImmutableArray<ExtensionSlot> Layout { get; } =
    [
        new(Oids.AuthorityKeyIdentifier, Critical: false), new(Oids.CrlNumber, Critical: false),
        new(Oids.IssuingDistributionPoint, Critical: true), new(Oids.NextPublish, Critical: false),
    ];

    /// <param name="issuer">The generation that signs.</param>
    /// <param name="kind">CRL or ARL.</param>
    /// <param name="number">Higher than the last.</param>
    /// <param name="at">thisUpdate.</param>
    /// <param name="point">The entry it is published in: for the ARL the governor's own.</param>
    public static CrlContent Of(
        IssuingAuthority issuer, CrlKind kind, long number, DateTimeOffset at, Name point) => new()
        {
            Algorithm = issuer.Algorithm,
            Issuer = issuer.Names.Authority,
            ThisUpdate = at,
            NextUpdate = at + Periods.CrlValidity,
            Extensions =
            [
                Extensions.AuthorityKeyIdentifier(issuer.SelfSigned.PublicKey.KeyIdentifier),
                Extensions.CrlNumber(number),
                Extensions.IssuingDistributionPoint(new(DistributionPointName.Of(point))
                {
                    OnlyContainsUserCerts = kind == CrlKind.Crl,
                    OnlyContainsCaCerts = kind == CrlKind.Arl,
                }),
                // CPS 7-2-1 names the end of validity and the next issue; X.509 has room for one, nextPublish for the
                // other.
                Extensions.NextPublish(at + Periods.CrlInterval),
            ],
        };
}
