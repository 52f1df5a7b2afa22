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

    /// <summary>関連証明書の失効記録: everything that the operations CA signs. (CPS 5-2-2③)</summary>
    Operations,
}

/// <summary>The municipalities' CRLs, the ARL, and the list of the inner network. (CPS 7-2, 5-2-2③)</summary>
public static class CrlContents
{
    private static readonly ImmutableArray<ExtensionSlot> Partition =
    [
        new(Oids.AuthorityKeyIdentifier, Critical: false), new(Oids.CrlNumber, Critical: false),
        new(Oids.IssuingDistributionPoint, Critical: true), new(Oids.NextPublish, Critical: false),
    ];

    private static readonly ImmutableArray<ExtensionSlot> Whole = Partition.RemoveAt(2);

    /// <summary>A kind's extensions, in their order. A list of all that its issuer signed has no point.</summary>
    public static ImmutableArray<ExtensionSlot> LayoutOf(CrlKind kind) =>
        kind == CrlKind.Operations ? Whole : Partition;

    /// <summary>The CRL of the inner network.</summary>
    /// <param name="issuer">The operations CA.</param>
    /// <param name="number">Higher than the last.</param>
    /// <param name="at">thisUpdate.</param>
    public static CrlContent Operations(OperationsIssuer issuer, long number, DateTimeOffset at) => new()
    {
        Algorithm = issuer.Anchor.Algorithm,
        Issuer = issuer.Anchor.Subject,
        ThisUpdate = at,
        NextUpdate = at + Periods.CrlValidity,
        Extensions =
        [
            Extensions.AuthorityKeyIdentifier(issuer.Anchor.PublicKey.KeyIdentifier),
            Extensions.CrlNumber(number),
            Extensions.NextPublish(at + Periods.CrlInterval),
        ],
    };

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
