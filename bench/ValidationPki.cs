using System.Security.Cryptography;
using Jpki.X509;

namespace Jpki.Bench;

/// <summary>Hierarchies and meshes to validate, made for the run.</summary>
internal static class ValidationPki
{
    public const string Policy = "1.2.392.200149.8.5.1.0.10";

    public static readonly DateTimeOffset Start = new(2014, 4, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A certification authority: its name and its key.</summary>
    public sealed class Issuer(string name, RSA? rsa, ECDsa? ecdsa)
    {
        private int serial;

        public Name Name { get; } = Name.Of(("C", "JP"), ("O", "Bench"), ("CN", name));

        public PublicKey Key { get; } = rsa is not null ? PublicKey.From(rsa) : PublicKey.From(ecdsa!);

        public SignatureAlgorithm Algorithm =>
            rsa is not null ? SignatureAlgorithm.Sha256WithRsa : SignatureAlgorithm.EcdsaSha256;

        public static Issuer WithRsa(string name) => new(name, RSA.Create(2048), null);

        public static Issuer WithEcdsa(string name) => new(name, null, ECDsa.Create(ECCurve.NamedCurves.nistP256));

        public Certificate Certify(Name subject, PublicKey key, bool isCa, int days = 3650) => new CertificateContent
        {
            Serial = SerialNumber.FromUnsigned(BitConverter.GetBytes(++serial).Reverse().ToArray()),
            Algorithm = Algorithm,
            Issuer = Name,
            NotBefore = Start,
            NotAfter = Start.AddDays(days),
            Subject = subject,
            PublicKey = key,
            Extensions =
            [
                Extensions.KeyUsage(isCa ? KeyUsages.KeyCertSign | KeyUsages.CrlSign : KeyUsages.DigitalSignature),
                .. isCa ? (Extension[])[Extensions.BasicConstraints(isCa: true)] : [],
                Extensions.CertificatePolicies(true, new PolicyInformation(Policy)),
                Extensions.AuthorityKeyIdentifier(Key.KeyIdentifier),
                Extensions.SubjectKeyIdentifier(key.KeyIdentifier),
            ],
        }.Sign(Sign);

        public Crl List(IEnumerable<RevokedEntry> entries) => new CrlContent
        {
            Algorithm = Algorithm,
            Issuer = Name,
            ThisUpdate = Start,
            NextUpdate = Start.AddDays(365),
            Extensions = [Extensions.AuthorityKeyIdentifier(Key.KeyIdentifier), Extensions.CrlNumber(1)],
        }.Sign(entries, Sign);

        private byte[] Sign(ReadOnlySpan<byte> hash) => rsa is not null
            ? rsa.SignHash(hash, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : ecdsa!.SignHash(hash, DSASignatureFormat.Rfc3279DerSequence);
    }
}
