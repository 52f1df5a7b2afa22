using System.Collections.Immutable;
using Jpki.X509;
using static Jpki.Cps.Lint.Rules;

namespace Jpki.Cps.Lint;

/// <summary>Which key is in it and which signed it. (RFC 5280 4.2.1.1, 4.2.1.2)</summary>
internal static class IdentifierRules
{
    public static readonly ImmutableArray<Rule<CertificateView>> All =
    [
        Error<CertificateView>("authority_names_its_key", "RFC 5280 4.2.1.2", c =>
            When(c.IsAuthority && !c.Has(Oids.SubjectKeyIdentifier), "an authority without subjectKeyIdentifier")),

        Warning<CertificateView>("end_entity_names_its_key", "RFC 5280 4.2.1.2", c =>
            When(!c.IsAuthority && !c.Has(Oids.SubjectKeyIdentifier), "no subjectKeyIdentifier")),

        Error<CertificateView>("subject_key_identifier_is_not_critical", "RFC 5280 4.2.1.2", c =>
            When(c.IsCritical(Oids.SubjectKeyIdentifier), "subjectKeyIdentifier is critical")),

        Notice<CertificateView>("subject_key_identifier_is_the_keys_hash", "RFC 5280 4.2.1.2", c =>
            When(
                c.SubjectKey is { } key && !key.AsSpan().SequenceEqual(c.Certificate.PublicKey.KeyIdentifier),
                "subjectKeyIdentifier is not the SHA-1 of the key")),

        Error<CertificateView>("issuer_key_is_named", "RFC 5280 4.2.1.1", c =>
            When(
                !c.IsSelfSigned && c.AuthorityKey?.KeyIdentifier is null,
                "no key identifier in authorityKeyIdentifier")),

        Error<CertificateView>("authority_key_identifier_is_not_critical", "RFC 5280 4.2.1.1", c =>
            When(c.IsCritical(Oids.AuthorityKeyIdentifier), "authorityKeyIdentifier is critical")),
    ];
}
