using System.Collections.Immutable;
using System.Formats.Asn1;
using Jpki.X509;
using static Jpki.Cps.Lint.Rules;

namespace Jpki.Cps.Lint;

/// <summary>Version, serial number, signature, validity: the fields around names and key. (RFC 5280 4.1)</summary>
internal static class FrameRules
{
    private const int FirstYearOfGeneralizedTime = 2050;

    private static readonly HashSet<string> Known =
    [
        Oids.KeyUsage, Oids.BasicConstraints, Oids.ExtendedKeyUsage, Oids.CertificatePolicies, Oids.PolicyMappings,
        Oids.PolicyConstraints, Oids.SubjectAltName, Oids.IssuerAltName, Oids.CrlDistributionPoints,
        Oids.AuthorityKeyIdentifier, Oids.SubjectKeyIdentifier, Oids.NameConstraints, Oids.InhibitAnyPolicy,
    ];

    public static readonly ImmutableArray<Rule<CertificateView>> All =
    [
        Error<CertificateView>("version_is_3", "RFC 5280 4.1.2.1", c =>
            Unless(c.Certificate.Version == 3, $"version {c.Certificate.Version}, without extensions")),

        Error<CertificateView>("serial_is_positive", "RFC 5280 4.1.2.2", c =>
            Unless(
                c.Certificate.Serial.Bytes.Span is [< 0x80, ..] and not [0], "the serial number is zero or negative"))
            with { Since = new(1999, 1, 1) },

        Error<CertificateView>("serial_fits_20_octets", "RFC 5280 4.1.2.2", c =>
            Unless(
                c.Certificate.Serial.Bytes.Length <= SerialNumber.MaxOctets,
                $"the serial number has {c.Certificate.Serial.Bytes.Length} octets")),

        Warning<CertificateView>("signature_algorithm_is_known", "RFC 5280 4.1.1.2", c =>
            Unless(
                c.Certificate.Algorithm.IsWritten,
                $"{c.Certificate.Algorithm.Oid} is neither RSA PKCS#1 nor ECDSA")),

        Warning<CertificateView>("signature_is_not_sha1", "RFC 6194 3", c =>
            When(c.Certificate.Algorithm == SignatureAlgorithm.Sha1WithRsa, "signed with SHA-1"))
            with { Since = new(2014, 1, 1) },

        Error<CertificateView>("validity_has_a_length", "RFC 5280 4.1.2.5", c =>
            Unless(c.Certificate.NotBefore <= c.Certificate.NotAfter, "it ends before it begins"))
            with { Since = Always },

        Error<CertificateView>("time_form_fits_its_year", "RFC 5280 4.1.2.5", c =>
            Unless(
                Fits(c.TimeForms.NotBefore, c.Certificate.NotBefore)
                    && Fits(c.TimeForms.NotAfter, c.Certificate.NotAfter),
                "dates through 2049 are UTCTime, later ones GeneralizedTime")) with { Since = new(1999, 1, 1) },

        Error<CertificateView>("no_unique_identifiers", "RFC 5280 4.1.2.8", c =>
            When(c.HasUniqueIdentifiers, "a unique identifier is there")) with { Since = new(1999, 1, 1) },

        Error<CertificateView>("extension_values_are_as_defined", "RFC 5280 4.2", c =>
            When(c.Undecoded.Count > 0, $"cannot be unpacked: {string.Join(", ", c.Undecoded)}"))
            with { Since = Always },

        Warning<CertificateView>("critical_extensions_are_known", "RFC 5280 4.2", c =>
            c.Certificate.Extensions.FirstOrDefault(e => e.Critical && !Known.Contains(e.Oid)) is { } unknown
                ? $"{unknown.Oid} is critical, and few will know it"
                : null),
    ];

    internal static bool Fits(UniversalTagNumber form, DateTimeOffset time) =>
        form == (time.UtcDateTime.Year < FirstYearOfGeneralizedTime
            ? UniversalTagNumber.UtcTime
            : UniversalTagNumber.GeneralizedTime);
}
