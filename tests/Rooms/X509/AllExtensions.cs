using Jpki.X509;

namespace Jpki.Tests.Rooms.X509;

/// <summary>Every extension through its reader, and back through its builder.</summary>
internal static class AllExtensions
{
    public static void ReadEach(IEnumerable<Extension> extensions)
    {
        foreach (var extension in extensions)
            Read(extension);
    }

    private static object? Read(Extension e) => e.Oid switch
    {
        Oids.KeyUsage => Extensions.ReadKeyUsage(e),
        Oids.BasicConstraints => Extensions.ReadBasicConstraints(e),
        Oids.ExtendedKeyUsage => Extensions.ReadExtendedKeyUsage(e),
        Oids.SubjectKeyIdentifier => Extensions.ReadSubjectKeyIdentifier(e),
        Oids.AuthorityKeyIdentifier => Extensions.ReadAuthorityKeyIdentifier(e),
        Oids.SubjectAltName => Extensions.ReadSubjectAltName(e),
        Oids.IssuerAltName => Extensions.ReadIssuerAltName(e),
        Oids.AuthorityInfoAccess => Extensions.ReadAuthorityInfoAccess(e),
        Oids.CertificatePolicies => Extensions.ReadCertificatePolicies(e),
        Oids.PolicyMappings => Extensions.ReadPolicyMappings(e),
        Oids.PolicyConstraints => Extensions.ReadPolicyConstraints(e),
        Oids.NameConstraints => Extensions.ReadNameConstraints(e),
        Oids.InhibitAnyPolicy => Extensions.ReadInhibitAnyPolicy(e),
        Oids.CrlDistributionPoints or Oids.FreshestCrl => Extensions.ReadCrlDistributionPoints(e),
        Oids.IssuingDistributionPoint => Extensions.ReadIssuingDistributionPoint(e),
        Oids.CrlNumber => Extensions.ReadCrlNumber(e),
        Oids.NextPublish => Extensions.ReadNextPublish(e),
        _ => null,
    };

    /// <summary>The same extension from its parsed parts, by our own builders.</summary>
    public static Extension Rebuild(Extension e) => e.Oid switch
    {
        Oids.KeyUsage => Extensions.KeyUsage(Extensions.ReadKeyUsage(e)),
        Oids.BasicConstraints => Extensions.BasicConstraints(
            Extensions.ReadBasicConstraints(e).IsCa, Extensions.ReadBasicConstraints(e).PathLength),
        Oids.SubjectKeyIdentifier => Extensions.SubjectKeyIdentifier(Extensions.ReadSubjectKeyIdentifier(e)),
        Oids.AuthorityKeyIdentifier => Rebuild(Extensions.ReadAuthorityKeyIdentifier(e)),
        Oids.SubjectAltName => Extensions.SubjectAltName([.. Extensions.ReadSubjectAltName(e).Select(Rebuild)]),
        Oids.IssuerAltName => Extensions.IssuerAltName([.. Extensions.ReadIssuerAltName(e).Select(Rebuild)]),
        Oids.CertificatePolicies =>
            Extensions.CertificatePolicies(e.Critical, [.. Extensions.ReadCertificatePolicies(e)]),
        Oids.CrlDistributionPoints => Extensions.CrlDistributionPoints(
            [.. Extensions.ReadCrlDistributionPoints(e).Select(p => Rebuild(p.Name!.FullName[0].DirectoryName!))]),
        _ => throw new NotSupportedException(e.Oid),
    };

    /// <summary>The same name from its texts alone.</summary>
    public static Name Rebuild(Name name) =>
        Name.Of([.. name.Rdns.Select(r => (r.Attributes[0].Oid, r.Attributes[0].Text!))]);

    private static GeneralName Rebuild(GeneralName name) => name.Kind switch
    {
        GeneralNameKind.DirectoryName => GeneralName.Of(Rebuild(name.DirectoryName!)),
        GeneralNameKind.OtherName => GeneralName.OtherName(name.OtherNameOid!, name.Text!),
        _ => GeneralName.Of(name.Kind, name.Text!),
    };

    private static Extension Rebuild(AuthorityKeyIdentifier id) => Extensions.AuthorityKeyIdentifier(
        id.KeyIdentifier!, Rebuild(id.Issuer![0].DirectoryName!), id.Serial!.Value);
}
