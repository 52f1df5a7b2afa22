using System.Collections.Concurrent;
using Jpki.X509;

namespace Jpki.Cps;

/// <summary>
/// The governor as issuer, with one generation of his key: what every certificate of that generation says of him,
/// encoded once. 発行者 (CPS 7-1)
/// </summary>
public sealed class IssuingAuthority
{
    private readonly ConcurrentDictionary<string, Extension> points = [];
    private readonly ConcurrentDictionary<string, Extension> policies = [];

    /// <param name="names">The site's names and policies.</param>
    /// <param name="choices">What the site says where the statement is silent.</param>
    /// <param name="selfSigned">The generation's self-signed certificate.</param>
    public IssuingAuthority(PrefectureNames names, ProfileChoices choices, Certificate selfSigned)
    {
        (Names, Choices, SelfSigned) = (names, choices, selfSigned);
        KeyIdentifier = Extensions.AuthorityKeyIdentifier(
            selfSigned.PublicKey.KeyIdentifier, selfSigned.Issuer, selfSigned.Serial);
        AltName = Extensions.IssuerAltName(GeneralName.Of(names.AuthorityInJapanese));
        OwnPoint = Extensions.CrlDistributionPoints(names.Authority);
    }

    public PrefectureNames Names { get; }

    public ProfileChoices Choices { get; }

    public Certificate SelfSigned { get; }

    /// <summary>What this generation signs with: what its own certificate was signed with. (CPS 6-3-1-2)</summary>
    public SignatureAlgorithm Algorithm => SelfSigned.Algorithm;

    /// <summary>authorityKeyIdentifier with all three fields.</summary>
    internal Extension KeyIdentifier { get; }

    internal Extension AltName { get; }

    /// <summary>The governor's own name: the ARL lies in the CA's own entry.</summary>
    internal Extension OwnPoint { get; }

    /// <summary>The municipality's CRL; without one, that of the governor's other end entities. (CPS 4-4-4-4)</summary>
    internal Extension PointOf(Municipality? municipality) => points.GetOrAdd(
        municipality?.Code5 ?? "",
        _ => Extensions.CrlDistributionPoints(
            municipality is null ? Names.PrefecturePoint : Names.DistributionPointOf(municipality)));

    internal Extension Policy(string oid) => policies.GetOrAdd(
        oid, o => Extensions.CertificatePolicies(critical: true, new PolicyInformation(o, Names.StatementUri)));
}
