using System.Collections.Immutable;
using Jpki.X509;
using static Jpki.Cps.Lint.Rules;

namespace Jpki.Cps.Lint;

/// <summary>A CRL around its entries. (RFC 5280 5.1, 5.2; CPS 4-4-9, 7-2)</summary>
internal static class CrlRules
{
    private const int MaxNumberOctets = 20;

    private static readonly string[] Known =
        [Oids.IssuingDistributionPoint, Oids.DeltaCrlIndicator, Oids.AuthorityKeyIdentifier, Oids.CrlNumber];

    public static readonly ImmutableArray<Rule<CrlView>> All =
    [
        Error<CrlView>("crl_version_is_2", "RFC 5280 5.1.2.1", c => Unless(c.Crl.Version == 2, "version 1")),

        Warning<CrlView>("crl_signature_is_not_sha1", "RFC 6194 3", c =>
            When(c.Crl.Algorithm == SignatureAlgorithm.Sha1WithRsa, "signed with SHA-1"))
            with { Since = new(2014, 1, 1) },

        Error<CrlView>("crl_says_when_the_next_comes", "RFC 5280 5.1.2.5", c =>
            When(c.Crl.NextUpdate is null, "no nextUpdate")),

        Error<CrlView>("crl_next_is_later", "RFC 5280 5.1.2.5", c =>
            When(c.Crl.NextUpdate <= c.Crl.ThisUpdate, "nextUpdate is not after thisUpdate")),

        Error<CrlView>("crl_time_form_fits_its_year", "RFC 5280 5.1.2.4", c =>
            Unless(
                FrameRules.Fits(c.ThisUpdateForm, c.Crl.ThisUpdate)
                    && (c.Crl.NextUpdate is not { } next || FrameRules.Fits(c.NextUpdateForm!.Value, next)),
                "dates through 2049 are UTCTime, later ones GeneralizedTime")),

        Error<CrlView>("crl_extension_values_are_as_defined", "RFC 5280 5.2", c =>
            When(c.Undecoded.Count > 0, $"cannot be unpacked: {string.Join(", ", c.Undecoded)}"))
            with { Since = Always },

        Error<CrlView>("crl_names_its_key", "RFC 5280 5.2.1", c =>
            When(c.AuthorityKey?.KeyIdentifier is null, "no key identifier in authorityKeyIdentifier")),

        Error<CrlView>("crl_has_a_number", "RFC 5280 5.2.3", c => Unless(c.Has(Oids.CrlNumber), "no cRLNumber")),

        Error<CrlView>("crl_number_fits", "RFC 5280 5.2.3", c =>
            When(
                c.Number is { } number && (number.Sign < 0 || number.GetByteCount() > MaxNumberOctets),
                "cRLNumber is negative or longer than 20 octets")),

        Error<CrlView>("crl_number_is_not_critical", "RFC 5280 5.2.3", c =>
            When(c.IsCritical(Oids.CrlNumber), "cRLNumber is critical")),

        Error<CrlView>("crl_scope_is_critical", "RFC 5280 5.2.5", c =>
            When(
                c.Has(Oids.IssuingDistributionPoint) && !c.IsCritical(Oids.IssuingDistributionPoint),
                "issuingDistributionPoint is not critical")),

        Error<CrlView>("crl_delta_is_critical", "RFC 5280 5.2.4", c =>
            When(
                c.Has(Oids.DeltaCrlIndicator) && !c.IsCritical(Oids.DeltaCrlIndicator),
                "deltaCRLIndicator is not critical")),

        Warning<CrlView>("crl_critical_extensions_are_known", "RFC 5280 5.2", c =>
            c.Crl.Extensions.FirstOrDefault(e => e.Critical && !Known.Contains(e.Oid)) is { } unknown
                ? $"{unknown.Oid} is critical, and few will know it"
                : null),

        Ours("cps_crl_validity", "CPS 4-4-9", c =>
            Unless(c.Crl.NextUpdate - c.Crl.ThisUpdate == Periods.CrlValidity, "not valid for 72 hours")),

        Ours("cps_crl_next_publish", "CPS 7-2-1", c =>
            Unless(
                c.NextPublish - c.Crl.ThisUpdate == Periods.CrlInterval, "nextPublish is not a day after thisUpdate")),

        Ours("cps_crl_extensions", "CPS 7-2", c =>
            Unless(
                c.Crl.Extensions.Select(e => new ExtensionSlot(e.Oid, e.Critical))
                    .SequenceEqual(CrlContents.LayoutOf(c.Kind!.Value)),
                "the extensions are not those of the profile in their order")),

        Ours("cps_crl_scope", "CPS 4-4-4-4", c =>
            Unless(
                c.Point is null || (c.Point.OnlyContainsUserCerts != c.Point.OnlyContainsCaCerts
                    && c.Point is { IndirectCrl: false, OnlySomeReasons: null, OnlyContainsAttributeCerts: false }),
                "not all reasons of either residents' or authorities' certificates")),

        Ours("cps_crl_point", "CPS 4-4-4-4", c =>
            Unless(
                c.Point is null || c.Point.Name?.FullName is [{ DirectoryName: { } name }]
                    && name.Equals(c.Crl.Issuer) == (c.Kind == CrlKind.Arl),
                "the ARL belongs in the governor's entry, a CRL in that of its partition")),
    ];

    /// <summary>A rule about the governor's lists and the operations CA's.</summary>
    private static Rule<CrlView> Ours(string id, string source, Func<CrlView, string?> objection) =>
        Error<CrlView>(id, source, c => c.Kind is null ? null : objection(c)) with { Since = Always };
}
