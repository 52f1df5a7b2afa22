using System.Collections.Immutable;
using Jpki.X509;
using static Jpki.Cps.Lint.Rules;

namespace Jpki.Cps.Lint;

/// <summary>One entry of a CRL. (RFC 5280 5.1.2.6, 5.3; CPS 4-4-4-2)</summary>
internal static class EntryRules
{
    public static readonly ImmutableArray<Rule<EntryView>> All =
    [
        Error<EntryView>("entry_serial_is_one", "RFC 5280 4.1.2.2", e =>
            Unless(e.Entry.Serial.IsWritable, "a serial number is not positive, or longer than 20 octets")),

        Warning<EntryView>("entry_reason_is_told_or_left_out", "RFC 5280 5.3.1", e =>
            When(e.Entry.ReasonCode == (int)CrlReason.Unspecified, "the reason unspecified is written out")),

        Error<EntryView>("entry_leaves_only_deltas", "RFC 5280 5.3.1", e =>
            When(
                e.Entry.ReasonCode == (int)CrlReason.RemoveFromCrl && !e.List.Has(Oids.DeltaCrlIndicator),
                "removeFromCRL in a CRL that is no delta")),

        Warning<EntryView>("entry_is_of_the_past", "RFC 5280 5.1.2.4", e =>
            When(e.Entry.RevokedAt > e.List.Crl.ThisUpdate, "revoked after the list was made")),

        Error<EntryView>("entry_has_no_unknown_critical_extension", "RFC 5280 5.3", e =>
            When(e.Entry.HasUnknownCriticalExtension, "a critical entry extension that nobody knows")),

        Error<EntryView>("cps_entry_reason", "CPS 4-4-4-2", e =>
            Unless(
                e.List.Kind is null || e.Entry.ReasonCode is >= 1 and <= 5,
                "not one of the five reasons; nothing is ever suspended")) with { Since = Always },
    ];

    /// <summary>
    /// True when no rule can object, at a glance; a million entries are looked at, and rules asked only about the odd
    /// one.
    /// </summary>
    public static bool IsBeyondDoubt(in RevokedEntry entry, long thisUpdateTicks) =>
        entry.ReasonCode.GetValueOrDefault() is >= 1 and <= 5 && !entry.HasUnknownCriticalExtension
        && entry.RevokedAt.UtcTicks <= thisUpdateTicks
        && entry.Serial.Bytes.Span is [> 0 and < 0x80, ..] and { Length: <= SerialNumber.MaxOctets };
}
