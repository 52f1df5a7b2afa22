using System.Collections.Immutable;
using Jpki.X509;
using static Jpki.Cps.Lint.Rules;

namespace Jpki.Cps.Lint;

/// <summary>
/// What the practice statement's own profiles fix for every kind: extensions, lifetime, usage. (CPS 7-1) They say
/// nothing of a certificate whose kind is not ours.
/// </summary>
internal static class ProfileRules
{
    private static readonly TimeOnly LastSecondOfAJapaneseDay = new(14, 59, 59);

    public static readonly ImmutableArray<Rule<CertificateView>> All =
    [
        Ours("cps_extensions_are_complete", "CPS 7-1", (c, profile) =>
            profile.Extensions.FirstOrDefault(slot => !slot.IsOptional && !c.Has(slot.Oid)) is { } missing
                ? $"{missing.Oid} is missing in {profile.Kind}"
                : null),

        Ours("cps_extensions_are_no_others", "CPS 7-1", (c, profile) =>
            c.Certificate.Extensions.FirstOrDefault(e => SlotOf(profile, e.Oid) is null) is { } other
                ? $"{other.Oid} has no place in {profile.Kind}"
                : null),

        Ours("cps_extensions_are_in_order", "CPS 7-1", (c, profile) =>
            Unless(
                IsInOrder(c.Certificate, profile)
                    || (c.Kind == CertificateKind.SelfSigned && IsInOrder(c.Certificate, Profiles.NationalSelfSigned)),
                $"the extensions are not in the order of {profile.Kind}")),

        Ours("cps_extensions_are_marked", "CPS 7-1", (c, profile) =>
            c.Certificate.Extensions.FirstOrDefault(e => SlotOf(profile, e.Oid) is { } slot
                && slot.Critical != e.Critical)
                is { } wrong
                ? $"{wrong.Oid} is {(wrong.Critical ? "" : "not ")}critical"
                : null),

        Ours("cps_key_usage", "CPS 7-1", (c, profile) =>
            When(c.KeyUsage is { } usage && usage != profile.KeyUsage, $"keyUsage is {c.KeyUsage}")),

        Ours("cps_purpose", "CPS 7-1", (c, _) =>
            c.Purposes is { } purposes && PurposesOf(c.Kind) is { } wanted && !purposes.SequenceEqual(wanted)
                ? $"extendedKeyUsage is {string.Join(", ", purposes)}"
                : null),

        Ours("cps_authority_without_path_length", "CPS 7-1-3", (c, _) =>
            When(
                c.Kind is CertificateKind.SelfSigned or CertificateKind.OldWithNew or CertificateKind.NewWithOld
                    && c.BasicConstraints is { PathLength: not null },
                "the governor's own certificate limits its path")),

        Ours("cps_lifetime", "CPS 1-3-2", (c, profile) =>
            When(
                profile.Years > 0
                    && c.Certificate.NotAfter != JapanTime.EndOfYears(c.Certificate.NotBefore, profile.Years),
                $"it does not end with the day before the {profile.Years}. anniversary of its first day in Japan")),

        Ours("cps_ends_with_a_japanese_day", "CPS 7-1", (c, _) =>
            Unless(
                TimeOnly.FromTimeSpan(c.Certificate.NotAfter.UtcDateTime.TimeOfDay) == LastSecondOfAJapaneseDay,
                "it does not end at 23:59:59 in Japan")),

        Ours("cps_subject_is_the_issuer", "CPS 7-1-3", (c, profile) =>
            When(
                c.Certificate.IsSelfIssued != (profile.IsAuthority && c.Kind != CertificateKind.Cross),
                $"issuer and subject are {(c.Certificate.IsSelfIssued ? "" : "not ")}the same in {profile.Kind}")),
    ];

    /// <summary>A rule about certificates of a known kind.</summary>
    internal static Rule<CertificateView> Ours(
        string id, string source, Func<CertificateView, CertificateProfile, string?> objection) =>
        Error<CertificateView>(id, source, c => c.Profile is { } profile ? objection(c, profile) : null)
            with { Since = Always };

    private static ExtensionSlot? SlotOf(CertificateProfile profile, string oid)
    {
        foreach (var slot in profile.Extensions)
        {
            if (slot.Oid == oid)
                return slot;
        }
        return null;
    }

    /// <summary>Strictly ahead in the profile with every step; what is not in it is another rule's.</summary>
    private static bool IsInOrder(Certificate certificate, CertificateProfile profile)
    {
        var last = -1;
        foreach (var extension in certificate.Extensions)
        {
            if (SlotOf(profile, extension.Oid) is not { } slot)
                continue;
            var place = profile.Extensions.IndexOf(slot);
            if (place < last)
                return false;
            last = place;
        }
        return true;
    }

    private static string[]? PurposesOf(CertificateKind? kind) => kind switch
    {
        CertificateKind.OcspResponder => [Oids.OcspSigning],
        CertificateKind.Client => [Oids.ClientAuth],
        CertificateKind.Door => [Oids.ServerAuth, Oids.ClientAuth],
        _ => null,
    };
}
