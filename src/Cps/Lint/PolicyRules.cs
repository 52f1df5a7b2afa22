using System.Collections.Immutable;
using Jpki.X509;
using static Jpki.Cps.Lint.Rules;

namespace Jpki.Cps.Lint;

/// <summary>Policies, their mapping and their constraints. (RFC 5280 4.2.1.4, .5, .11, .14)</summary>
internal static class PolicyRules
{
    public static readonly ImmutableArray<Rule<CertificateView>> All =
    [
        Notice<CertificateView>("policy_pointer_is_a_uri", "RFC 5280 4.2.1.4", c =>
            c.Policies?.FirstOrDefault(p => p.CpsUri is { } uri && !Uri.IsWellFormedUriString(uri, UriKind.Absolute))
                is { } policy ? $"the CPS pointer of {policy.Policy} is no URI" : null),

        Warning<CertificateView>("end_entity_policy_is_definite", "RFC 5280 4.2.1.4", c =>
            When(
                !c.IsAuthority && c.Policies?.Any(p => p.Policy == Oids.AnyPolicy) == true,
                "anyPolicy in an end entity's certificate")),

        Error<CertificateView>("any_policy_is_not_mapped", "RFC 5280 4.2.1.5", c =>
            When(
                c.Mappings?.Any(m => m.IssuerDomainPolicy == Oids.AnyPolicy || m.SubjectDomainPolicy == Oids.AnyPolicy)
                    == true,
                "anyPolicy is mapped")),

        Warning<CertificateView>("policy_mappings_are_critical", "RFC 5280 4.2.1.5", c =>
            When(c.IsPlain(Oids.PolicyMappings), "policyMappings is not critical")),

        Warning<CertificateView>("mapped_policies_are_asserted", "RFC 5280 4.2.1.5", c =>
            c.Mappings?.FirstOrDefault(m => c.Policies?.Any(p => p.Policy == m.IssuerDomainPolicy) != true) is { } m
                ? $"{m.IssuerDomainPolicy} is mapped and not among the policies"
                : null),

        Error<CertificateView>("policy_mappings_are_an_authoritys", "RFC 5280 4.2.1.5", c =>
            When(c.Has(Oids.PolicyMappings) && !c.IsAuthority, "policyMappings in an end entity's certificate")),

        Error<CertificateView>("policy_constraints_are_critical", "RFC 5280 4.2.1.11", c =>
            When(c.IsPlain(Oids.PolicyConstraints), "policyConstraints are not critical")),

        Error<CertificateView>("inhibit_any_policy_is_critical", "RFC 5280 4.2.1.14", c =>
            When(c.IsPlain(Oids.InhibitAnyPolicy), "inhibitAnyPolicy is not critical")),
    ];
}
