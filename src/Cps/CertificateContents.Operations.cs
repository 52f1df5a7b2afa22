using System.Net;
using System.Security.Cryptography.X509Certificates;
using Jpki.X509;

namespace Jpki.Cps;

/// <summary>The operations CA as issuer: what every certificate of the inner network says of it. (CPS 5-2-2③)</summary>
/// <param name="Names">The site's.</param>
/// <param name="Anchor">Its own certificate.</param>
/// <param name="CrlUri">Where its CRL is fetched by HTTP; null where it is nowhere.</param>
public sealed record OperationsIssuer(PrefectureNames Names, Certificate Anchor, string? CrlUri = null);

/// <summary>What the operations CA signs for the inner network. 要員の権限に応じた証明書 (CPS 5-2-2③)</summary>
public static partial class CertificateContents
{
    public static CertificateContent OperationsCa(
        PrefectureNames names, CertificateFrame frame, SignatureAlgorithm algorithm) =>
        Operations(names, frame, algorithm, names.Operations) with
        {
            Extensions = Fill(Profiles.OperationsCa, oid => oid switch
            {
                Oids.BasicConstraints => Extensions.BasicConstraints(isCa: true),
                Oids.KeyUsage => Profiles.OperationsCa.KeyUsageExtension,
                Oids.SubjectKeyIdentifier => Extensions.SubjectKeyIdentifier(frame.Key.KeyIdentifier),
                _ => null,
            }),
        };

    /// <summary><c>CN=id,OU=role</c> under the operations' name.</summary>
    public static CertificateContent Client(
        OperationsIssuer issuer, CertificateFrame frame, string role, string id) =>
        Inner(issuer, frame, (role, id), Profiles.Client, [Oids.ClientAuth], []);

    /// <summary>TLS servers here are clients of other doors too, so the key has both purposes.</summary>
    public static CertificateContent Door(
        OperationsIssuer issuer, CertificateFrame frame, string role, string id, IReadOnlyList<string> hosts) =>
        Inner(issuer, frame, (role, id), Profiles.Door, [Oids.ServerAuth, Oids.ClientAuth], hosts);

    private static CertificateContent Inner(
        OperationsIssuer issuer, CertificateFrame frame, (string Role, string Id) who,
        CertificateProfile profile, string[] purposes, IReadOnlyList<string> hosts) =>
        Operations(
            issuer.Names, frame, issuer.Anchor.Algorithm,
            issuer.Names.Operations.With("OU", who.Role).With("CN", who.Id)) with
        {
            Extensions = Fill(profile, oid => oid switch
            {
                Oids.KeyUsage => profile.KeyUsageExtension,
                Oids.ExtendedKeyUsage => Extensions.ExtendedKeyUsage(purposes),
                Oids.CrlDistributionPoints when issuer.CrlUri is { } uri => Extensions.CrlDistributionPoints(
                    new DistributionPoint(new([GeneralName.Of(GeneralNameKind.UniformResourceIdentifier, uri)]))),
                Oids.AuthorityKeyIdentifier =>
                    Extensions.AuthorityKeyIdentifier(issuer.Anchor.PublicKey.KeyIdentifier),
                Oids.SubjectKeyIdentifier => Extensions.SubjectKeyIdentifier(frame.Key.KeyIdentifier),
                Oids.SubjectAltName => HostNames(hosts),
                _ => null,
            }),
        };

    private static CertificateContent Operations(
        PrefectureNames names, CertificateFrame frame, SignatureAlgorithm algorithm, Name subject) => new()
        {
            Serial = frame.Serial,
            Algorithm = algorithm,
            Issuer = names.Operations,
            Subject = subject,
            NotBefore = frame.Validity.NotBefore,
            NotAfter = frame.Validity.NotAfter,
            PublicKey = frame.Key,
        };

    private static Extension HostNames(IReadOnlyList<string> hosts)
    {
        SubjectAlternativeNameBuilder names = new();
        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host, out var address))
                names.AddIpAddress(address);
            else
                names.AddDnsName(host);
        }
        return new(Oids.SubjectAltName, Critical: false, names.Build().RawData);
    }
}
