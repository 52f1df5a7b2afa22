using Jpki.Cps;
using Jpki.X509;
using static Jpki.Cps.CertificateKind;
using static Jpki.Tests.Rooms.Cps.Specimens;

namespace Jpki.Tests.Rooms.Cps;

/// <summary>
/// For each rule of RFC 5280 about certificates: a kind that keeps it, and a specimen that breaks it.
/// </summary>
internal static class CertificateFixtures
{
    private static readonly byte[] Null = [5, 0];

    private static readonly string LongText = new('x', 65);

    public static IReadOnlyDictionary<string, (CertificateKind Accepted, Func<Certificate> Refused)> All { get; } =
        new[] { Frame, Names, Keys, Usage, Identifiers, Policies, Places }
            .SelectMany(family => family).ToDictionary(f => f.Key, f => f.Value);

    private static Dictionary<string, (CertificateKind, Func<Certificate>)> Frame => new()
    {
        ["version_is_3"] = (Resident, () => Bent(Resident, c => c with { Extensions = [] })),
        ["serial_is_positive"] = (Resident, () => Rewritten(Resident, f => f[1] = [2, 1, 0])),
        ["serial_fits_20_octets"] = (Resident, () => Rewritten(Resident, f => f[1] =
            [2, 21, .. Enumerable.Repeat((byte)1, 21)])),
        ["signature_algorithm_is_known"] = (Resident, () => Rewritten(Resident, f => f[2] = Algorithm(Oids.DsaSha1))),
        ["signature_is_not_sha1"] = (Resident, () => Bent(Resident, c =>
            c with { Algorithm = SignatureAlgorithm.Sha1WithRsa })),
        ["validity_has_a_length"] = (Resident, () => Rewritten(Resident, f => f[4] = Times(Start, Start.AddDays(-1)))),
        ["time_form_fits_its_year"] = (Resident, () => Rewritten(Resident, f => f[4] =
            GeneralizedTimes(Start, Start.AddDays(1)))),
        ["no_unique_identifiers"] = (Resident, () => Rewritten(Resident, f => f.Insert(7, [0x81, 2, 0, 1]))),
        ["extension_values_are_as_defined"] = (Resident, () => With(Resident, new(Oids.KeyUsage, true, Null))),
        ["critical_extensions_are_known"] = (Resident, () => With(Resident, new("1.2.3.4", true, Null))),
    };

    private static Dictionary<string, (CertificateKind, Func<Certificate>)> Names => new()
    {
        ["authority_has_a_subject"] = (SelfSigned, () => Bent(SelfSigned, c => c with { Subject = Name.Empty })),
        ["holder_has_some_name"] = (Resident, () => Bent(Resident, c => c with { Subject = Name.Empty })),
        ["country_is_two_printable_letters"] = (Resident, () =>
            Subject(new(Oids.CountryName, "JP", new byte[] { 12, 2, 74, 80 }))),
        ["names_are_utf8_or_printable"] = (Resident, () => Subject(new(Oids.CommonName, "x",
            new byte[] { 0x1E, 2, 0, 120 }))),
        ["names_keep_their_bounds"] = (Resident, () => Subject(AttributeTypeAndValue.Of(Oids.CommonName, LongText))),
        ["names_are_not_empty"] = (Resident, () => Subject(AttributeTypeAndValue.Of(Oids.CommonName, ""))),
        ["names_have_no_outer_blanks"] = (Resident, () => Subject(AttributeTypeAndValue.Of(Oids.CommonName, "x "))),
    };

    private static Dictionary<string, (CertificateKind, Func<Certificate>)> Keys => new()
    {
        ["key_algorithm_is_known"] = (Resident, () => Key(Ed25519())),
        ["rsa_key_has_2048_bits"] = (Resident, () => Key(RsaKey((BigIntegerOne << 1023) + 1, 65537))),
        ["rsa_exponent_is_odd_and_large"] = (Resident, () => Key(RsaKey((BigIntegerOne << 2047) + 1, 65536))),
        ["key_has_no_known_flaw"] = (Resident, () => Key(RsaKey(((BigIntegerOne << 2045) + 1) * 3, 65537))),
    };

    private static Dictionary<string, (CertificateKind, Func<Certificate>)> Usage => new()
    {
        ["authority_has_key_usage"] = (SelfSigned, () => Without(SelfSigned, Oids.KeyUsage)),
        ["key_usage_is_critical"] = (Resident, () => Remarked(Resident, Oids.KeyUsage)),
        ["key_usage_says_something"] = (Resident, () => With(Resident, Extensions.KeyUsage(KeyUsages.None))),
        ["only_authorities_sign_certificates"] = (Resident, () =>
            With(Resident, Extensions.KeyUsage(KeyUsages.KeyCertSign))),
        ["authority_may_sign_certificates"] = (SelfSigned, () =>
            With(SelfSigned, Extensions.KeyUsage(KeyUsages.CrlSign))),
        ["ec_keys_do_not_encipher"] = (Resident, () => Bent(Resident, c => c with
        {
            PublicKey = EcKey(),
            Extensions = c.Extensions.With(Extensions.KeyUsage(KeyUsages.KeyEncipherment)),
        })),
        ["authority_constraints_are_critical"] = (SelfSigned, () => Remarked(SelfSigned, Oids.BasicConstraints)),
        ["path_length_is_an_authoritys"] = (Cross, () => With(Resident, Extensions.BasicConstraints(false, 1))),
        ["any_purpose_is_not_critical"] =
            (OcspResponder, () => With(OcspResponder, Extensions.ExtendedKeyUsage(true, Oids.AnyExtendedKeyUsage))),
        ["nocheck_is_a_responders"] =
            (OcspResponder, () => With(OcspResponder, Extensions.ExtendedKeyUsage(Oids.ClientAuth))),
        ["nocheck_is_not_critical"] = (OcspResponder, () => Remarked(OcspResponder, Oids.OcspNoCheck)),
        ["name_constraints_are_an_authoritys"] = (Cross, () => With(Resident, Constraints)),
        ["name_constraints_are_critical"] = (Cross, () => With(Cross, Constraints with { Critical = false })),
    };

    private static Dictionary<string, (CertificateKind, Func<Certificate>)> Identifiers => new()
    {
        ["authority_names_its_key"] = (SelfSigned, () => Without(SelfSigned, Oids.SubjectKeyIdentifier)),
        ["end_entity_names_its_key"] = (Resident, () => Without(Resident, Oids.SubjectKeyIdentifier)),
        ["subject_key_identifier_is_not_critical"] = (Resident, () => Remarked(Resident, Oids.SubjectKeyIdentifier)),
        ["subject_key_identifier_is_the_keys_hash"] =
            (Resident, () => With(Resident, Extensions.SubjectKeyIdentifier([1, 2, 3]))),
        ["issuer_key_is_named"] = (Resident, () => Without(Resident, Oids.AuthorityKeyIdentifier)),
        ["authority_key_identifier_is_not_critical"] = (Resident, () =>
            Remarked(Resident, Oids.AuthorityKeyIdentifier)),
    };

    private static Dictionary<string, (CertificateKind, Func<Certificate>)> Policies => new()
    {
        ["policy_pointer_is_a_uri"] = (Resident, () => With(Resident, Policy(PolicyOids.Test.Certificates, "not one"))),
        ["end_entity_policy_is_definite"] = (Resident, () => With(Resident, Policy(Oids.AnyPolicy, null))),
        ["any_policy_is_not_mapped"] = (Cross, () => With(Cross, Mapping(Oids.AnyPolicy))),
        ["policy_mappings_are_critical"] = (Cross, () => Remarked(Cross, Oids.PolicyMappings)),
        ["mapped_policies_are_asserted"] = (Cross, () => With(Cross, Mapping("1.2.3"))),
        ["policy_mappings_are_an_authoritys"] = (Cross, () => With(Resident, Mapping(PolicyOids.Test.Certificates))),
        ["policy_constraints_are_critical"] = (Cross, () => Remarked(Cross, Oids.PolicyConstraints)),
        ["inhibit_any_policy_is_critical"] =
            (Cross, () => With(Cross, Extensions.InhibitAnyPolicy(0) with { Critical = false })),
    };

    private static Dictionary<string, (CertificateKind, Func<Certificate>)> Places => new()
    {
        ["alternative_names_are_not_empty"] = (Door, () => With(Door, Dns(""))),
        ["alternative_names_are_critical_only_alone"] = (Resident, () => Remarked(Resident, Oids.SubjectAltName)),
        ["dns_names_are_host_names"] = (Door, () => With(Door, Dns("-not a host-"))),
        ["issuer_alternative_names_are_not_critical"] = (Resident, () => Remarked(Resident, Oids.IssuerAltName)),
        ["distribution_points_are_not_critical"] = (Resident, () => Remarked(Resident, Oids.CrlDistributionPoints)),
        ["distribution_points_cover_all_reasons"] = (Resident, () => With(Resident, Extensions.CrlDistributionPoints(
            new DistributionPoint(DistributionPointName.Of(Bridge), ReasonSet.KeyCompromise)))),
        ["freshest_crl_is_not_critical"] = (Resident, () => With(Resident,
            Extensions.CrlDistributionPoints(Bridge) with { Oid = Oids.FreshestCrl, Critical = true })),
        ["authority_access_is_not_critical"] = (Resident, () => Remarked(Resident, Oids.AuthorityInfoAccess)),
        ["subject_access_is_not_critical"] = (Resident, () => With(Resident,
            Ocsp("http://x/") with { Oid = Oids.SubjectInfoAccess, Critical = true })),
        ["services_are_reached_by_uri"] = (Resident, () => With(Resident, Ocsp("ldap://x/"))),
    };

    private static Extension Constraints =>
        Extensions.NameConstraints(new([GeneralName.Of(Name.Parse("C=JP"))], []));

    internal static Extension Policy(string oid, string? uri) =>
        Extensions.CertificatePolicies(true, new PolicyInformation(oid, uri));

    private static Extension Mapping(string ours) => Extensions.PolicyMappings(true,
        new PolicyMapping(ours, "1.2.3.4"));

    private static Extension Dns(string name) =>
        Extensions.SubjectAltName(GeneralName.Of(GeneralNameKind.DnsName, name));

    private static Extension Ocsp(string uri) => Extensions.AuthorityInfoAccess(
        new AccessDescription(Oids.AccessOcsp, GeneralName.Of(GeneralNameKind.UniformResourceIdentifier, uri)));

    private static System.Numerics.BigInteger BigIntegerOne => System.Numerics.BigInteger.One;

    private static Certificate Key(PublicKey key) => Bent(Resident, c => c with { PublicKey = key });

    private static Certificate Subject(AttributeTypeAndValue attribute) =>
        Bent(Resident, c => c with { Subject = Name.Of([new Rdn([attribute])]) });

    private static PublicKey EcKey()
    {
        using var key = System.Security.Cryptography.ECDsa.Create(
            System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        return PublicKey.From(key);
    }

    private static PublicKey Ed25519() => PublicKey.Read(Encoded(writer =>
    {
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(Algorithm("1.3.101.112"));
            writer.WriteBitString(new byte[32]);
        }
    }));

    private static byte[] Algorithm(string oid) => Encoded(writer =>
    {
        using (writer.PushSequence())
            writer.WriteObjectIdentifier(oid);
    });

    private static byte[] Times(DateTimeOffset from, DateTimeOffset to) => Encoded(writer =>
    {
        using (writer.PushSequence())
        {
            writer.WriteUtcTime(from);
            writer.WriteUtcTime(to);
        }
    });

    private static byte[] GeneralizedTimes(DateTimeOffset from, DateTimeOffset to) => Encoded(writer =>
    {
        using (writer.PushSequence())
        {
            writer.WriteGeneralizedTime(from, omitFractionalSeconds: true);
            writer.WriteGeneralizedTime(to, omitFractionalSeconds: true);
        }
    });
}
