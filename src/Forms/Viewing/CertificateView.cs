using System.Formats.Asn1;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using Jpki.Cps;
using Jpki.X509;

namespace Jpki.Forms.Viewing;

/// <summary>A certificate, for people: what it is, whose, until when, and everything it says.</summary>
internal static class CertificateView
{
    private const string Authentication = "1.2.392.200149.8.5.1.3.30";

    public static ViewLine Of(Certificate certificate, ViewOptions options)
    {
        Sheet sheet = new(options);
        sheet.Try(s => Fill(s, certificate));
        return new("certificate", sheet.Say(Labels.Of("certificate")), KindOf(sheet, certificate))
        {
            Lines = sheet.Lines,
        };
    }

    private static void Fill(Sheet sheet, Certificate certificate)
    {
        if (HolderNames(certificate) is { Count: > 0 } names && HolderView.IsIn(names))
            sheet.AddSection("holder", null, inner => HolderView.Fill(inner, names));
        NameView.AddName(sheet, "subject", certificate.Subject);
        NameView.AddMunicipality(sheet, certificate.Subject);
        NameView.AddName(sheet, "issuer", certificate.Issuer);
        sheet.Add("serial", certificate.Serial.ToString());
        sheet.AddSection("validity", null, inner =>
        {
            inner.AddTime("notBefore", certificate.NotBefore);
            inner.AddTime("notAfter", certificate.NotAfter);
        });
        AddKey(sheet, certificate.PublicKey);
        AddAlgorithm(sheet, certificate.Algorithm);
        ExtensionView.AddAll(sheet, certificate.Extensions);
        AddFingerprints(sheet, certificate.Der.Span);
        sheet.Add("version", $"v{certificate.Version}");
    }

    public static void AddKey(Sheet sheet, PublicKey key)
    {
        var bits = key.Bits > 0 ? sheet.Say($" {key.Bits}ビット", $" {key.Bits} bits") : "";
        sheet.AddSection("key", OidNames.WithOid(sheet, key.AlgorithmOid) + bits, inner =>
        {
            if (key.IsRsa)
                inner.Add("exponent", Exponent(key).ToString(CultureInfo.InvariantCulture));
            if (key.AlgorithmOid == Oids.EcPublicKey && Curve(key) is { } curve)
                inner.Add("curve", OidNames.WithOid(inner, curve), curve);
            inner.AddHex("keyIdentifier", key.KeyIdentifier);
            inner.AddHex("keySha256", SHA256.HashData(key.Der.Span));
        });
    }

    public static void AddAlgorithm(Sheet sheet, SignatureAlgorithm algorithm) =>
        sheet.Add("algorithm", OidNames.WithOid(sheet, algorithm.Oid), algorithm.Oid);

    public static void AddFingerprints(Sheet sheet, ReadOnlySpan<byte> der)
    {
        var (sha256, sha1) = (SHA256.HashData(der), CryptographicOperations.HashData(HashAlgorithmName.SHA1, der));
        sheet.AddSection("fingerprints", null, inner =>
        {
            inner.AddHex("sha256", sha256);
            inner.AddHex("sha1", sha1);
        });
    }

    private static string KindOf(Sheet sheet, Certificate certificate)
    {
        var isCa = Read(certificate, Oids.BasicConstraints, Extensions.ReadBasicConstraints)?.IsCa == true;
        var policies = Read(certificate, Oids.CertificatePolicies, Extensions.ReadCertificatePolicies) ?? [];
        var purposes = Read(certificate, Oids.ExtendedKeyUsage, Extensions.ReadExtendedKeyUsage) ?? [];
        return sheet.Say(0 switch
        {
            _ when certificate.IsSelfIssued && certificate.IsSignedBy(certificate.PublicKey) =>
                ("自己署名証明書", "self-signed certificate"),
            _ when certificate.IsSelfIssued => ("リンク証明書（同じ名称の新旧の鍵）", "link certificate (old and new key of one name)"),
            _ when isCa => ("他の認証局への証明書（相互認証証明書等）", "certificate for another authority (cross certificate)"),
            _ when HolderView.IsIn(HolderNames(certificate)) => ("電子証明書（利用者の署名用）", "holder's signature certificate"),
            _ when purposes.Contains(Oids.OcspSigning) => ("OCSP レスポンダ証明書", "OCSP responder's certificate"),
            _ when policies.Any(p => p.Policy is Authentication) =>
                ("利用者証明用電子証明書", "holder's authentication certificate"),
            _ when policies.Any(IsValidationServers) => ("官職証明書検証サーバ証明書", "validation server's certificate"),
            _ => ("その他の証明書", "another certificate"),
        });
    }

    private static bool IsValidationServers(PolicyInformation policy) =>
        policy.Policy == PolicyOids.Production.ValidationServer || policy.Policy == PolicyOids.Test.ValidationServer;

    private static IReadOnlyList<GeneralName> HolderNames(Certificate certificate) =>
        Read(certificate, Oids.SubjectAltName, Extensions.ReadSubjectAltName) ?? [];

    /// <summary>Null when it is not there, or cannot be read: then its own line says so.</summary>
    private static T? Read<T>(Certificate certificate, string oid, Func<Extension, T> read) where T : class
    {
        try
        {
            return certificate.Find(oid) is { } extension ? read(extension) : null;
        }
        catch (Exception e) when (Sheet.IsMalformed(e))
        {
            return null;
        }
    }

    private static BigInteger Exponent(PublicKey key)
    {
        var numbers = new AsnReader(key.KeyBits, AsnEncodingRules.DER).ReadSequence();
        numbers.ReadInteger();
        return numbers.ReadInteger();
    }

    private static string? Curve(PublicKey key)
    {
        var algorithm = new AsnReader(key.Der, AsnEncodingRules.DER).ReadSequence().ReadSequence();
        algorithm.ReadObjectIdentifier();
        return algorithm.HasData && algorithm.PeekTag() == Asn1Tag.ObjectIdentifier
            ? algorithm.ReadObjectIdentifier() : null;
    }
}
