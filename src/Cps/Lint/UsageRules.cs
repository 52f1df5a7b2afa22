using System.Collections.Immutable;
using Jpki.X509;
using static Jpki.Cps.Lint.Rules;

namespace Jpki.Cps.Lint;

/// <summary>What the key may do: keyUsage, basicConstraints, extendedKeyUsage. (RFC 5280 4.2.1.3, .9, .12)</summary>
internal static class UsageRules
{
    private const KeyUsages Encipherment =
        KeyUsages.KeyEncipherment | KeyUsages.DataEncipherment;

    public static readonly ImmutableArray<Rule<CertificateView>> All =
    [
        Error<CertificateView>("authority_has_key_usage", "RFC 5280 4.2.1.3", c =>
            When(c.IsAuthority && !c.Has(Oids.KeyUsage), "a certification authority without keyUsage")),

        Warning<CertificateView>("key_usage_is_critical", "RFC 5280 4.2.1.3", c =>
            When(c.IsPlain(Oids.KeyUsage), "keyUsage is not critical")),

        Error<CertificateView>("key_usage_says_something", "RFC 5280 4.2.1.3", c =>
            When(c.KeyUsage == KeyUsages.None, "keyUsage has no bit set")),

        Error<CertificateView>("only_authorities_sign_certificates", "RFC 5280 4.2.1.9", c =>
            When(Uses(c, KeyUsages.KeyCertSign) && !c.IsAuthority, "keyCertSign without cA")) with { Since = Always },

        Error<CertificateView>("authority_may_sign_certificates", "RFC 5280 4.2.1.3", c =>
            When(c.IsAuthority && c.KeyUsage is { } u && !u.HasFlag(KeyUsages.KeyCertSign), "cA without keyCertSign")),

        Error<CertificateView>("ec_keys_do_not_encipher", "RFC 8813 3", c =>
            When(
                c.Certificate.PublicKey.AlgorithmOid == Oids.EcPublicKey && c.KeyUsage is { } u
                    && (u & Encipherment) != 0,
                "an EC key for encipherment")) with { Since = new(2020, 8, 1) },

        Error<CertificateView>("authority_constraints_are_critical", "RFC 5280 4.2.1.9", c =>
            When(
                c.IsAuthority && Uses(c, KeyUsages.KeyCertSign) && c.IsPlain(Oids.BasicConstraints),
                "an authority's basicConstraints are not critical")),

        Error<CertificateView>("path_length_is_an_authoritys", "RFC 5280 4.2.1.9", c =>
            When(
                c.BasicConstraints is { PathLength: not null } && !(c.IsAuthority && Uses(c, KeyUsages.KeyCertSign)),
                "a path length in a certificate that begins no path")),

        Warning<CertificateView>("any_purpose_is_not_critical", "RFC 5280 4.2.1.12", c =>
            When(
                c.IsCritical(Oids.ExtendedKeyUsage) && c.Purposes?.Contains(Oids.AnyExtendedKeyUsage) == true,
                "anyExtendedKeyUsage in a critical extension")),

        Error<CertificateView>("nocheck_is_a_responders", "RFC 6960 4.2.2.2.1", c =>
            When(
                c.Has(Oids.OcspNoCheck) && c.Purposes?.Contains(Oids.OcspSigning) != true,
                "ocsp-nocheck in a certificate that signs no OCSP responses")),

        Warning<CertificateView>("nocheck_is_not_critical", "RFC 6960 4.2.2.2.1", c =>
            When(c.IsCritical(Oids.OcspNoCheck), "ocsp-nocheck is critical")),

        Error<CertificateView>("name_constraints_are_an_authoritys", "RFC 5280 4.2.1.10", c =>
            When(c.Has(Oids.NameConstraints) && !c.IsAuthority, "nameConstraints in an end entity's certificate")),

        Error<CertificateView>("name_constraints_are_critical", "RFC 5280 4.2.1.10", c =>
            When(c.IsPlain(Oids.NameConstraints), "nameConstraints are not critical")),
    ];

    private static bool Uses(CertificateView c, KeyUsages usage) => c.KeyUsage is { } u && u.HasFlag(usage);
}
