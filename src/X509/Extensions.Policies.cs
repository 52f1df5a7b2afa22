using System.Formats.Asn1;

namespace Jpki.X509;

/// <summary>A policy a certificate was issued under, and where its practice statement is. 証明書ポリシ</summary>
public sealed record PolicyInformation(string Policy, string? CpsUri = null);

/// <summary>Two policies that the issuer and the subject hold to be equivalent (RFC 5280 4.2.1.5).</summary>
public sealed record PolicyMapping(string IssuerDomainPolicy, string SubjectDomainPolicy);

/// <summary>After how many certificates a policy is required, or mapping is forbidden (RFC 5280 4.2.1.11).</summary>
public sealed record PolicyConstraints(int? RequireExplicitPolicy, int? InhibitPolicyMapping);

/// <summary>Extensions about policies.</summary>
public static partial class Extensions
{
    public static Extension CertificatePolicies(bool critical, params PolicyInformation[] policies) =>
        Make(Oids.CertificatePolicies, critical, writer =>
        {
            using (writer.PushSequence())
            {
                foreach (var policy in policies)
                    Write(writer, policy);
            }
        });

    public static IReadOnlyList<PolicyInformation> ReadCertificatePolicies(Extension extension)
    {
        var policies = ReadSequenceOf(extension, ReadPolicy);
        if (policies.DistinctBy(p => p.Policy).Count() != policies.Count) // RFC 5280 4.2.1.4
            throw new AsnContentException("a policy appears twice");
        return policies;
    }

    public static Extension PolicyMappings(bool critical, params PolicyMapping[] mappings) =>
        Make(Oids.PolicyMappings, critical, writer =>
        {
            using (writer.PushSequence())
            {
                foreach (var mapping in mappings)
                {
                    using (writer.PushSequence())
                    {
                        writer.WriteObjectIdentifier(mapping.IssuerDomainPolicy);
                        writer.WriteObjectIdentifier(mapping.SubjectDomainPolicy);
                    }
                }
            }
        });

    public static IReadOnlyList<PolicyMapping> ReadPolicyMappings(Extension extension) =>
        ReadSequenceOf(extension, outer =>
        {
            var reader = outer.ReadSequence();
            var mapping = new PolicyMapping(reader.ReadObjectIdentifier(), reader.ReadObjectIdentifier());
            reader.ThrowIfNotEmpty();
            return mapping;
        });

    public static Extension PolicyConstraints(PolicyConstraints constraints) =>
        Make(Oids.PolicyConstraints, true, writer =>
        {
            using (writer.PushSequence())
            {
                if (constraints.RequireExplicitPolicy is { } explicitPolicy)
                    writer.WriteInteger(explicitPolicy, Der.Context(0));
                if (constraints.InhibitPolicyMapping is { } mapping)
                    writer.WriteInteger(mapping, Der.Context(1));
            }
        });

    public static PolicyConstraints ReadPolicyConstraints(Extension extension)
    {
        var reader = Der.OpenSequence(extension.Value);
        int? explicitPolicy = reader.NextIs(Der.Context(0)) ? ReadNonNegative(reader, Der.Context(0)) : null;
        int? mapping = reader.NextIs(Der.Context(1)) ? ReadNonNegative(reader, Der.Context(1)) : null;
        reader.ThrowIfNotEmpty();
        return explicitPolicy is null && mapping is null
            ? throw new AsnContentException("policy constraints constrain nothing") // RFC 5280 4.2.1.11
            : new(explicitPolicy, mapping);
    }

    public static Extension InhibitAnyPolicy(int skipCertificates) =>
        Make(Oids.InhibitAnyPolicy, true, w => w.WriteInteger(skipCertificates));

    public static int ReadInhibitAnyPolicy(Extension extension) =>
        Der.ReadWhole(extension.Value, r => ReadNonNegative(r));

    private static void Write(AsnWriter writer, PolicyInformation policy)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(policy.Policy);
            if (policy.CpsUri is null)
                return;
            using (writer.PushSequence())
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(Oids.CpsQualifier);
                writer.WriteCharacterString(UniversalTagNumber.IA5String, policy.CpsUri);
            }
        }
    }

    private static PolicyInformation ReadPolicy(AsnReader outer)
    {
        var reader = outer.ReadSequence();
        var policy = new PolicyInformation(reader.ReadObjectIdentifier());
        if (reader.HasData)
            policy = policy with { CpsUri = ReadQualifiers(reader.ReadSequence()) };
        reader.ThrowIfNotEmpty();
        return policy;
    }

    /// <summary>SEQUENCE SIZE (1..MAX) OF PolicyQualifierInfo: the first CPS pointer; the rest is skipped.</summary>
    private static string? ReadQualifiers(AsnReader reader)
    {
        string? cpsUri = null;
        do
        {
            var qualifier = reader.ReadSequence();
            if (qualifier.ReadObjectIdentifier() == Oids.CpsQualifier)
                cpsUri ??= qualifier.ReadCharacterString(UniversalTagNumber.IA5String);
            else
                qualifier.ReadEncodedValue();
            qualifier.ThrowIfNotEmpty();
        }
        while (reader.HasData);
        return cpsUri;
    }
}
