using System.Collections.Immutable;
using Jpki.X509;
using static Jpki.Cps.Lint.Rules;

namespace Jpki.Cps.Lint;

/// <summary>Other names, and where to look things up. (RFC 5280 4.2.1.6, .7, .13, .15, 4.2.2)</summary>
internal static class PlaceRules
{
    public static readonly ImmutableArray<Rule<CertificateView>> All =
    [
        Error<CertificateView>("alternative_names_are_not_empty", "RFC 5280 4.2.1.6", c =>
            When(c.SubjectAltName?.Any(n => n.Text == "") == true, "an empty name in subjectAltName")),

        Warning<CertificateView>("alternative_names_are_critical_only_alone", "RFC 5280 4.2.1.6", c =>
            When(
                c.IsCritical(Oids.SubjectAltName) && !c.Certificate.Subject.IsEmpty,
                "subjectAltName is critical beside a subject")),

        Error<CertificateView>("dns_names_are_host_names", "RFC 5280 4.2.1.6", c =>
            When(
                c.SubjectAltName?.Any(n => n is { Kind: GeneralNameKind.DnsName, Text: { } text }
                    && !IsHostName(text)) == true,
                "a dNSName is no host name")),

        Warning<CertificateView>("issuer_alternative_names_are_not_critical", "RFC 5280 4.2.1.7", c =>
            When(c.IsCritical(Oids.IssuerAltName), "issuerAltName is critical")),

        Warning<CertificateView>("distribution_points_are_not_critical", "RFC 5280 4.2.1.13", c =>
            When(c.IsCritical(Oids.CrlDistributionPoints), "cRLDistributionPoints is critical")),

        Error<CertificateView>("distribution_points_cover_all_reasons", "RFC 5280 4.2.1.13", c =>
            When(
                c.Points is { } points && points.All(p => p.Reasons is not null),
                "no distribution point covers all reasons")),

        Error<CertificateView>("freshest_crl_is_not_critical", "RFC 5280 4.2.1.15", c =>
            When(c.IsCritical(Oids.FreshestCrl), "freshestCRL is critical")),

        Error<CertificateView>("authority_access_is_not_critical", "RFC 5280 4.2.2.1", c =>
            When(c.IsCritical(Oids.AuthorityInfoAccess), "authorityInfoAccess is critical")),

        Error<CertificateView>("subject_access_is_not_critical", "RFC 5280 4.2.2.2", c =>
            When(c.IsCritical(Oids.SubjectInfoAccess), "subjectInfoAccess is critical")),

        Warning<CertificateView>("services_are_reached_by_uri", "RFC 5280 4.2.2.1", c =>
            c.Access?.FirstOrDefault(a => a.Method == Oids.AccessOcsp
                && !(a.Location.Text is { } uri && uri.StartsWith("http", StringComparison.Ordinal))) is not null
                ? "OCSP without an http URI"
                : null),
    ];

    private static bool IsHostName(string text) => text.Length is > 0 and <= 253
        && text.Split('.').Index().All(label => IsLabel(label.Item) || (label is { Index: 0, Item: "*" }));

    private static bool IsLabel(string label) => label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-'
        && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
