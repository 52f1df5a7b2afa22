using Jpki.X509;

namespace Jpki.Cps;

/// <summary>
/// What the governor signs for certification authorities: himself, his other generations, the bridge.
/// </summary>
public static partial class CertificateContents
{
    public static CertificateContent SelfSigned(
        PrefectureNames names, ProfileChoices choices, CertificateFrame frame, SignatureAlgorithm algorithm) => new()
        {
            Serial = frame.Serial,
            Algorithm = algorithm,
            Issuer = names.Authority,
            Subject = names.Authority,
            NotBefore = frame.Validity.NotBefore,
            NotAfter = frame.Validity.NotAfter,
            PublicKey = frame.Key,
            Extensions = Fill(LayoutOf(choices), oid => oid switch
            {
                Oids.KeyUsage => Profiles.SelfSigned.KeyUsageExtension,
                Oids.BasicConstraints => Extensions.BasicConstraints(isCa: true),
                // Its own name: the ARL lies in the CA's own entry.
                Oids.CrlDistributionPoints => Extensions.CrlDistributionPoints(names.Authority),
                Oids.SubjectAltName => Extensions.SubjectAltName(GeneralName.Of(names.AuthorityInJapanese)),
                Oids.SubjectKeyIdentifier => Extensions.SubjectKeyIdentifier(frame.Key.KeyIdentifier),
                _ => null,
            }),
        };

    /// <param name="issuer">The generation that signs: the new one for OldWithNew, the old one for NewWithOld.</param>
    /// <param name="link">Which of the two.</param>
    /// <param name="frame">The dates of <see cref="Profiles.LinkValidity"/>; the other generation's key.</param>
    public static CertificateContent Link(IssuingAuthority issuer, CertificateKind link, CertificateFrame frame)
    {
        var profile = Profiles.Of(link);
        return Issued(issuer, frame, profile) with
        {
            Extensions = Fill(profile, oid => oid switch
            {
                Oids.BasicConstraints => Extensions.BasicConstraints(isCa: true),
                Oids.CertificatePolicies => Extensions.CertificatePolicies(
                    critical: true, [.. issuer.Choices.LinkPolicies.Select(p => new PolicyInformation(p))]),
                Oids.CrlDistributionPoints => issuer.OwnPoint,
                Oids.SubjectAltName => Extensions.SubjectAltName(GeneralName.Of(issuer.Names.AuthorityInJapanese)),
                _ => Common(issuer, frame, profile, oid),
            }),
        };
    }

    /// <summary>The certificate we give the bridge CA. 相互認証証明書 (CPS 7-1-2)</summary>
    public static CertificateContent Cross(IssuingAuthority issuer, CertificateFrame frame, Name bridge)
    {
        var choices = issuer.Choices;
        return Issued(issuer, frame, Profiles.Cross) with
        {
            Subject = bridge,
            Extensions = Fill(Profiles.Cross, oid => oid switch
            {
                Oids.BasicConstraints => Extensions.BasicConstraints(isCa: true, choices.CrossPathLength),
                Oids.CertificatePolicies => issuer.Policy(issuer.Names.Policies.Certificates),
                Oids.PolicyMappings when choices.CrossMappings.IsEmpty => null,
                Oids.PolicyMappings => Extensions.PolicyMappings(critical: true, [.. choices.CrossMappings]),
                Oids.PolicyConstraints => Constraints(choices),
                Oids.AuthorityKeyIdentifier when !choices.CrossNamesIssuer =>
                    Extensions.AuthorityKeyIdentifier(issuer.SelfSigned.PublicKey.KeyIdentifier),
                Oids.CrlDistributionPoints => issuer.OwnPoint,
                _ => Common(issuer, frame, Profiles.Cross, oid),
            }),
        };
    }

    private static CertificateProfile LayoutOf(ProfileChoices choices) =>
        choices.SelfSignedLayout == SelfSignedLayout.National ? Profiles.NationalSelfSigned : Profiles.SelfSigned;

    private static Extension? Constraints(ProfileChoices choices) =>
        (choices.CrossRequireExplicitPolicy, choices.CrossInhibitPolicyMapping) is (null, null)
            ? null
            : Extensions.PolicyConstraints(new(choices.CrossRequireExplicitPolicy, choices.CrossInhibitPolicyMapping));
}
