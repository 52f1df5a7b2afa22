using System.Collections.Immutable;
using Jpki.X509;
using static Jpki.Cps.Lint.ProfileRules;
using static Jpki.Cps.Lint.Rules;

namespace Jpki.Cps.Lint;

/// <summary>What the governor's certificates say of names, policies and places. (CPS 1-2, 3-1, 4-4-4-4, 7-1)</summary>
internal static class GovernorRules
{
    private const byte Utf8String = 0x0C;
    private const string PointSuffix = " CRLDP";

    public static readonly ImmutableArray<Rule<CertificateView>> All =
    [
        Ours("cps_issuer_name", "CPS 3-1-2", (c, _) =>
            Unless(IsWellFormed(c.Certificate.Issuer), "issuer: not C=JP and then one UTF8String an RDN")),

        Ours("cps_subject_name", "CPS 3-1-1", (c, _) =>
            Unless(IsWellFormed(c.Certificate.Subject), "subject: not C=JP and then one UTF8String an RDN")),

        Ours("cps_policy", "CPS 1-2", (c, _) =>
            When(
                c.Policies is { } policies && !IsPolicyOf(c.Kind, policies),
                $"the policies are not those of {c.Kind}")),

        Ours("cps_statement_is_pointed_to", "CPS 1-2", (c, _) =>
            When(
                c.Policies is [{ CpsUri: null, Policy: not Oids.AnyPolicy }],
                "the policy does not say where the practice statement is")),

        Ours("cps_test_is_marked", "CPS 1-2", (c, _) =>
            When(
                c.Policies?.Any(p => IsTest(p.Policy) is { } isTest
                    && isTest != (c.Certificate.Issuer.Value(Oids.OrganizationName) == Kinds.TestMark)) == true,
                $"O={Kinds.TestMark} and the tests' policies come together or not at all")),

        Ours("cps_distribution_point", "CPS 4-4-4-4", (c, _) =>
            When(
                c.Points is not null && PointOf(c) is null && !IsByHttp(c),
                "not one distribution point, by one directory name; on the inner network by one http URI")),

        Ours("cps_partition", "CPS 4-4-4-4", (c, profile) =>
            When(
                PointOf(c) is { } point && !IsInPartition(c, profile, point),
                "the distribution point is another partition's")),

        Ours("cps_issuer_in_japanese", "CPS 3-1-2", (c, _) =>
            When(
                c.IssuerAltName is { } names && names is not [{ DirectoryName: { IsEmpty: false } }],
                "issuerAltName is not one directory name")),

        Ours("cps_issuer_certificate_is_named", "CPS 7-1", (c, _) =>
            When(
                c.Kind is not (CertificateKind.Client or CertificateKind.Door) && c.AuthorityKey is { } key
                    && !(c.Kind == CertificateKind.Cross && NamesKeyAlone(key))
                    && !NamesCertificate(key, c.Certificate.Issuer),
                "authorityKeyIdentifier does not name the issuer's certificate by name and serial number")),
    ];

    /// <summary>The inner network's list stands in no directory.</summary>
    private static bool IsByHttp(CertificateView c) =>
        c.Kind is CertificateKind.Client or CertificateKind.Door
        && c.Points is [{ Reasons: null, CrlIssuer: null, Name.FullName: [{ Text: { } uri }] }]
        && uri.StartsWith("http://", StringComparison.Ordinal);

    /// <summary>
    /// Country first, as PrintableString (another rule's); the rest UTF8String, one attribute an RDN.
    /// </summary>
    private static bool IsWellFormed(Name name)
    {
        if (name.IsEmpty || name.Rdns[0].Attributes is not [{ Oid: Oids.CountryName, Text: "JP" }])
            return false;
        for (var i = 1; i < name.Rdns.Count; i++)
        {
            if (name.Rdns[i].Attributes is not [var attribute] || attribute.ValueDer.Span[0] != Utf8String)
                return false;
        }
        return true;
    }

    private static bool IsPolicyOf(CertificateKind? kind, IReadOnlyList<PolicyInformation> policies) => kind switch
    {
        CertificateKind.Resident or CertificateKind.Cross => IsOneOf(policies, p => p.Certificates),
        CertificateKind.OcspResponder => IsOneOf(policies, p => p.OcspResponder),
        CertificateKind.ValidationServer => IsOneOf(policies, p => p.ValidationServer),
        CertificateKind.OldWithNew or CertificateKind.NewWithOld =>
            policies is [{ Policy: Oids.AnyPolicy }] || IsOneOf(policies, p => p.Certificates),
        _ => true,
    };

    private static bool IsOneOf(IReadOnlyList<PolicyInformation> policies, Func<PolicyOids, string> ours) =>
        policies is [{ Policy: { } policy }]
        && (policy == ours(PolicyOids.Production) || policy == ours(PolicyOids.Test));

    /// <summary>Null for a policy that is not ours.</summary>
    private static bool? IsTest(string policy) => Has(PolicyOids.Test, policy) ? true
        : Has(PolicyOids.Production, policy) ? false
        : null;

    private static bool Has(PolicyOids oids, string policy) =>
        policy == oids.Certificates || policy == oids.OcspResponder || policy == oids.ValidationServer;

    private static Name? PointOf(CertificateView c) =>
        c.Points is [{ Reasons: null, CrlIssuer: null, Name.FullName: [{ DirectoryName: { } name }] }] ? name : null;

    /// <summary>The ARL lies in the CA's own entry, a resident's CRL in the municipality's.</summary>
    private static bool IsInPartition(CertificateView c, CertificateProfile profile, Name point)
    {
        if (profile.IsAuthority)
            return point.Equals(c.Certificate.Issuer);
        return c.Kind != CertificateKind.Resident || (c.Certificate.Subject.Rdns is
                [_, { Attributes: [{ Text: { } prefecture }] }, { Attributes: [{ Text: { } locality }] }, ..]
            && point.Rdns is [.., { Attributes: [{ Oid: Oids.OrganizationalUnitName, Text: { } above }] },
                { Attributes: [{ Oid: Oids.CommonName, Text: { } entry }] }]
            && above == prefecture && IsPointOf(Municipalities.OfLocality(locality)?.Romaji ?? locality, entry));
    }

    private static bool IsPointOf(string municipality, string entry) =>
        entry.Length == municipality.Length + PointSuffix.Length
        && entry.StartsWith(municipality, StringComparison.Ordinal)
        && entry.EndsWith(PointSuffix, StringComparison.Ordinal);

    /// <summary>A site's choice in cross certificates: <see cref="ProfileChoices.CrossNamesIssuer"/>.</summary>
    private static bool NamesKeyAlone(AuthorityKeyIdentifier key) =>
        key is { KeyIdentifier: not null, Serial: null, Issuer: null or [] };

    private static bool NamesCertificate(AuthorityKeyIdentifier key, Name issuer) =>
        key is { KeyIdentifier: not null, Serial: not null, Issuer: [{ DirectoryName: { } name }] }
            && name.Equals(issuer);
}
