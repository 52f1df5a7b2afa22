using System.Collections.Immutable;
using System.Security.Cryptography;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.X509;

namespace Jpki.Authority;

/// <summary>Which cross certificates we give and take. 相互認証の審査 (CPS 4-7, 4-8)</summary>
internal static class CrossPolicy
{
    /// <summary>Why the partner's request is not answered with a certificate; null when it is.</summary>
    public static Refusal? Objection(
        CrossOrder<CrossRequest> order, CertificationRequest request, AuthorityOptions options) =>
        IsNoPartner(request.Subject, options)
        ?? KeyCameOtherwise(request.PublicKey, order.Subject.KeySha256)
        ?? IssuancePolicy.ObjectionToKey(request, CryptoPolicy.Current, options.WeakKeys)
        ?? AlgorithmIsWeak(request.Algorithm, options.Policy)
        ?? PoliciesAreOthers(request, options.Names.Policies)
        ?? MappingsAreOthers(order.Subject.Mappings, options.Names.Policies)
        ?? (order.Papers.ConnectionTest is null
            ? new("4-7", "the connection test is not recorded as passed") : null);

    /// <summary>A key of a partner may be certified again, unless it was lost, or is somebody else's.</summary>
    public static Refusal? ObjectionToKnown(CertificateRow? seen) => seen switch
    {
        null => null,
        { WhyRevoked: RevocationReason.KeyCompromise or RevocationReason.CaCompromise } =>
            new("4-10-1", "public key: it was revoked because it is compromised"),
        { Kind: (long)CertificateKind.Cross } => null,
        _ => new("6-1-1-5", "public key: it was certified for something else"),
    };

    /// <summary>Why we do not take what a partner gave us; null when we do.</summary>
    /// <param name="certificate">What came.</param>
    /// <param name="partners">The keys that we ourselves certified, by name, newest first.</param>
    /// <param name="keys">The governor's.</param>
    /// <param name="options">Our name and policies.</param>
    /// <param name="at">Now.</param>
    public static Refusal? Objection(
        Certificate certificate, IReadOnlyList<Certificate> partners, KeyRing keys, AuthorityOptions options,
        DateTimeOffset at) =>
        IsNotOurs(certificate, keys, options.Names)
        ?? IsNotTheirs(certificate, partners, options)
        ?? AlgorithmIsWeak(certificate.Algorithm, options.Policy)
        ?? IsNotLive(certificate, at)
        ?? IsNoAuthoritys(certificate)
        ?? PolicyIsNotOurs(certificate, options.Names.Policies);

    /// <summary>Whether a relying party in the partner's domain still ends up with our policy.</summary>
    public static Refusal? PolicyIsNotOurs(Certificate certificate, PolicyOids ours)
    {
        var policies = certificate.Find(Oids.CertificatePolicies) is { } stated
            ? Extensions.ReadCertificatePolicies(stated) : [];
        var mappings = certificate.Find(Oids.PolicyMappings) is { } mapped
            ? Extensions.ReadPolicyMappings(mapped) : [];
        return mappings.FirstOrDefault(m => m.SubjectDomainPolicy != ours.Certificates) is { } other
            ? new("1-2", $"it maps to {other.SubjectDomainPolicy}, which is no policy of ours")
            : mappings.Count == 0 && policies.All(p => p.Policy != ours.Certificates)
                ? new("1-2", $"it leads to no policy {ours.Certificates}")
                : null;
    }

    /// <summary>What the reason of CPS 4-10-1 is on the ARL. (RFC 5280 5.3.1)</summary>
    public static RevocationReason ReasonOf(CrossEnd cause) => cause switch
    {
        // The subject is an authority: the key that leaked is a CA's.
        CrossEnd.KeyCompromise => RevocationReason.CaCompromise,
        CrossEnd.Renewal => RevocationReason.Superseded,
        _ => RevocationReason.CessationOfOperation,
    };

    private static Refusal? IsNoPartner(Name name, AuthorityOptions options) => options.Names.Partners.Contains(name)
        ? null
        : new("4-7", $"{name} is not the bridge CA that this site exchanges certificates with");

    private static Refusal? KeyCameOtherwise(PublicKey key, string expected) =>
        Convert.ToHexString(SHA256.HashData(key.Der.Span)) == expected
            ? null
            : new("6-1-1-5", "public key: not the one that came from the bridge CA by the other way");

    private static Refusal? AlgorithmIsWeak(SignatureAlgorithm algorithm, CryptoPolicy policy) =>
        algorithm.IsWritten && (algorithm != SignatureAlgorithm.Sha1WithRsa || policy.AllowsSha1)
            ? null
            : new("6-3-1-2", $"it is signed with {algorithm.Oid}");

    private static Refusal? PoliciesAreOthers(CertificationRequest request, PolicyOids ours) =>
        request.RequestedExtensions.FirstOrDefault(e => e.Oid == Oids.CertificatePolicies) is { } wanted
        && Extensions.ReadCertificatePolicies(wanted).FirstOrDefault(p => p.Policy != ours.Certificates) is { } other
            ? new("1-2", $"it asks for the policy {other.Policy}")
            : null;

    private static Refusal? MappingsAreOthers(ImmutableArray<PolicyMapping>? mappings, PolicyOids ours) =>
        mappings?.FirstOrDefault(m => m.IssuerDomainPolicy != ours.Certificates) is { } other
            ? new("1-2", $"it would map {other.IssuerDomainPolicy}, which is no policy of ours")
            : null;

    private static Refusal? IsNotOurs(Certificate certificate, KeyRing keys, PrefectureNames names) =>
        !certificate.Subject.Equals(names.Authority)
            ? new("4-8", $"it was issued to {certificate.Subject}")
            : keys.Generations.FirstOrDefault(g => g.Certificate.PublicKey.Equals(certificate.PublicKey)) switch
            {
                null => new("4-8", "it was issued to a key that is not the governor's"),
                { CompromisedAt: not null } => new("4-14-2", "it was issued to a key that is compromised"),
                _ => null,
            };

    private static Refusal? IsNotTheirs(
        Certificate certificate, IReadOnlyList<Certificate> partners, AuthorityOptions options) =>
        IsNoPartner(certificate.Issuer, options)
        ?? (partners.FirstOrDefault(p => p.Subject.Equals(certificate.Issuer)) is not { } partner
            ? new("4-8", "we have given the bridge CA no certificate that counts; that comes first")
            : certificate.IsSignedBy(partner.PublicKey)
                ? null
                : new("4-8", "it is not signed with the bridge CA's key"));

    private static Refusal? IsNotLive(Certificate certificate, DateTimeOffset at) => certificate switch
    {
        _ when at > certificate.NotAfter => new("4-8", $"it ended {certificate.NotAfter:u}"),
        _ when at < certificate.NotBefore => new("4-8", $"it begins only {certificate.NotBefore:u}"),
        _ when certificate.NotAfter > JapanTime.EndOfYears(certificate.NotBefore, Periods.CrossYears) =>
            new("1-3-2②", $"it is valid for more than {Periods.CrossYears} years"),
        _ => null,
    };

    private static Refusal? IsNoAuthoritys(Certificate certificate) =>
        certificate.Find(Oids.BasicConstraints) is { } constraints
        && Extensions.ReadBasicConstraints(constraints).IsCa
        && certificate.Find(Oids.KeyUsage) is { } usage
        && Extensions.ReadKeyUsage(usage).HasFlag(KeyUsages.KeyCertSign | KeyUsages.CrlSign)
            ? null
            : new("7-1-2", "it is no certificate for a certification authority");
}
