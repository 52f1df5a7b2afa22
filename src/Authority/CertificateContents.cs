using Jpki.Cps;
using Jpki.Forms;
using Jpki.X509;

namespace Jpki.Authority;

/// <summary>
/// Fills the profiles of chapter 7 with one certificate's values, slot by slot in the profile's order. (CPS 7-1)
/// </summary>
internal static class CertificateContents
{
    public static CertificateContent SelfSigned(
        PrefectureNames names, SerialNumber serial, Intent intent, PublicKey key, SignatureAlgorithm algorithm) => new()
        {
            Serial = serial,
            Algorithm = algorithm,
            Issuer = names.Authority,
            Subject = names.Authority,
            NotBefore = intent.NotBefore,
            NotAfter = intent.NotAfter,
            PublicKey = key,
            Extensions = Fill(Profiles.SelfSigned, oid => oid switch
            {
                Oids.KeyUsage => Extensions.KeyUsage(KeyUsages.KeyCertSign | KeyUsages.CrlSign),
                Oids.BasicConstraints => Extensions.BasicConstraints(isCa: true),
                // Its own name: the ARL lies in the CA's own entry.
                Oids.CrlDistributionPoints => Extensions.CrlDistributionPoints(names.Authority),
                Oids.SubjectAltName => Extensions.SubjectAltName(GeneralName.Of(names.AuthorityInJapanese)),
                Oids.SubjectKeyIdentifier => Extensions.SubjectKeyIdentifier(key.KeyIdentifier),
                _ => null,
            }),
        };

    public static CertificateContent Resident(
        PrefectureNames names, Generation issuer, SerialNumber serial, Intent intent, Municipality municipality,
        IssuanceNotice notice, PublicKey key) => new()
        {
            Serial = serial,
            Algorithm = issuer.Algorithm,
            Issuer = names.Authority,
            Subject = Name.Of(
                ("C", "JP"), ("L", names.Prefecture),
                ("L", municipality.LocalityOf(notice.Attributes.Address) ?? municipality.Romaji),
                ("CN", notice.SubjectCommonName)),
            NotBefore = intent.NotBefore,
            NotAfter = intent.NotAfter,
            PublicKey = key,
            Extensions = Fill(Profiles.Resident, oid => oid switch
            {
                Oids.KeyUsage => Extensions.KeyUsage(KeyUsages.DigitalSignature | KeyUsages.NonRepudiation),
                Oids.SubjectAltName => Extensions.SubjectAltName(Attributes(notice.Attributes)),
                Oids.CertificatePolicies => Policy(names, names.Policies.Certificates),
                Oids.IssuerAltName => Extensions.IssuerAltName(GeneralName.Of(names.AuthorityInJapanese)),
                Oids.CrlDistributionPoints => Extensions.CrlDistributionPoints(names.DistributionPointOf(municipality)),
                Oids.AuthorityKeyIdentifier => Issuer(issuer),
                Oids.SubjectKeyIdentifier => Extensions.SubjectKeyIdentifier(key.KeyIdentifier),
                _ => null,
            }),
        };

    public static CertificateContent Responder(
        PrefectureNames names, Generation issuer, SerialNumber serial, Intent intent, Name subject,
        PublicKey key) => new()
        {
            Serial = serial,
            Algorithm = issuer.Algorithm,
            Issuer = names.Authority,
            Subject = subject,
            NotBefore = intent.NotBefore,
            NotAfter = intent.NotAfter,
            PublicKey = key,
            Extensions = Fill(Profiles.OcspResponder, oid => oid switch
            {
                Oids.KeyUsage => Extensions.KeyUsage(KeyUsages.DigitalSignature),
                Oids.ExtendedKeyUsage => Extensions.ExtendedKeyUsage(Oids.OcspSigning),
                Oids.CertificatePolicies => Policy(names, names.Policies.OcspResponder),
                Oids.OcspNoCheck => Extensions.OcspNoCheck(),
                Oids.AuthorityKeyIdentifier => Issuer(issuer),
                Oids.SubjectKeyIdentifier => Extensions.SubjectKeyIdentifier(key.KeyIdentifier),
                _ => null,
            }),
        };

    /// <summary>An OCSP node's name: the CA's name without its last part, and the node.</summary>
    public static Name ResponderName(PrefectureNames names, string node) =>
        Name.Of(names.Authority.Rdns.SkipLast(1)).With("OU", "OCSP Responder").With("CN", node);

    /// <summary>The six otherName values, in the order found on real cards. (CPS 4-2-2)</summary>
    private static GeneralName[] Attributes(CertifiedAttributes person) =>
    [
        GeneralName.OtherName(HolderAttributes.CommonName, person.CommonName),
        GeneralName.OtherName(HolderAttributes.BirthDate, person.BirthDate.Code),
        GeneralName.OtherName(HolderAttributes.Gender, $"{(int)person.Gender}"),
        GeneralName.OtherName(HolderAttributes.Address, person.Address),
        GeneralName.OtherName(HolderAttributes.CommonNameSubstitutes, person.CommonNameSubstitutes),
        GeneralName.OtherName(HolderAttributes.AddressSubstitutes, person.AddressSubstitutes),
    ];

    private static Extension Policy(PrefectureNames names, string oid) =>
        Extensions.CertificatePolicies(critical: true, new PolicyInformation(oid, names.StatementUri));

    private static Extension Issuer(Generation issuer) => Extensions.AuthorityKeyIdentifier(
        issuer.Certificate.PublicKey.KeyIdentifier, issuer.Certificate.Issuer, issuer.Certificate.Serial);

    private static Extension[] Fill(CertificateProfile profile, Func<string, Extension?> value) =>
        [.. profile.Extensions.Select(slot =>
            (value(slot.Oid) ?? throw new InvalidOperationException($"{profile.Kind} has no value for {slot.Oid}"))
                with { Critical = slot.Critical })];
}
