using System.Security.Cryptography;
using Jpki.X509;

namespace Jpki.Tests;

/// <summary>A key of a test's own, with the algorithm it signs by.</summary>
internal sealed class TestKey(AsymmetricAlgorithm key) : IDisposable
{
    public AsymmetricAlgorithm Key { get; } = key;

    public PublicKey PublicKey { get; } = key is RSA rsa ? PublicKey.From(rsa) : PublicKey.From((ECDsa)key);

    public SignatureAlgorithm Algorithm { get; } =
        key is RSA ? SignatureAlgorithm.Sha256WithRsa : SignatureAlgorithm.EcdsaSha256;

    public static TestKey Rsa(int bits = 2048) => new(RSA.Create(bits));

    public static TestKey P256() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    public byte[] SignHash(ReadOnlySpan<byte> hash) => Key is RSA rsa
        ? rsa.SignHash(hash, Algorithm.Hash, RSASignaturePadding.Pkcs1)
        : ((ECDsa)Key).SignHash(hash, DSASignatureFormat.Rfc3279DerSequence);

    public void Dispose() => Key.Dispose();
}

/// <summary>
/// A small certification authority for tests, laid out as the prefecture's: partitioned CRLs by directory name. A test
/// says only what is unusual, with <c>ca.Leaf(key) with { … }</c>, and signs the result with <c>ca.Sign</c>.
/// </summary>
internal sealed class TestPki : IDisposable
{
    public static readonly DateTimeOffset Start = new(2014, 4, 1, 0, 0, 0, TimeSpan.Zero);

    public static readonly Name CaName = Name.Parse(
        "OU=The Governor of Saitama Prefecture,OU=Saitama Prefecture,O=JPKI-TEST,C=JP");

    public static readonly Name CrldpName = Name.Parse(
        "CN=Kawagoe-shi CRLDP,OU=Saitama-ken,OU=CRL Distribution Points,OU=Saitama Prefecture,O=JPKI-TEST,C=JP");

    private int lastSerial = 1;

    public TestPki(TestKey? key = null, DateTimeOffset? startsAt = null)
    {
        StartsAt = startsAt ?? Start;
        Key = key ?? TestKey.Rsa();
        Certificate = new CertificateContent
        {
            Serial = SerialNumber.FromUnsigned([1]),
            Algorithm = Key.Algorithm,
            Issuer = CaName,
            NotBefore = StartsAt,
            NotAfter = StartsAt.AddYears(10),
            Subject = CaName,
            PublicKey = Key.PublicKey,
            Extensions =
            [
                Extensions.KeyUsage(KeyUsages.KeyCertSign | KeyUsages.CrlSign),
                Extensions.BasicConstraints(isCa: true),
                Extensions.CrlDistributionPoints(CaName),
                Extensions.SubjectKeyIdentifier(Key.PublicKey.KeyIdentifier),
            ],
        }.Sign(Key.SignHash);
    }

    public TestKey Key { get; }

    /// <summary>When everything here begins to be valid; <see cref="Start"/> unless the test says otherwise.</summary>
    public DateTimeOffset StartsAt { get; }

    /// <summary>The self-signed certificate.</summary>
    public Certificate Certificate { get; }

    public Extension AuthorityKeyIdentifier =>
        Extensions.AuthorityKeyIdentifier(Key.PublicKey.KeyIdentifier, CaName, Certificate.Serial);

    /// <summary>What a holder's certificate is to say.</summary>
    public CertificateContent Leaf(PublicKey key) => new()
    {
        Serial = SerialNumber.FromUnsigned([(byte)(++lastSerial >> 8), (byte)(lastSerial & 0xFF)]),
        Algorithm = Key.Algorithm,
        Issuer = CaName,
        NotBefore = StartsAt,
        NotAfter = StartsAt.AddYears(3),
        Subject = Name.Of(("C", "JP"), ("L", "Saitama-ken"), ("L", "Kawagoe-shi"), ("CN", $"Holder {lastSerial}")),
        PublicKey = key,
        Extensions =
        [
            Extensions.KeyUsage(KeyUsages.DigitalSignature | KeyUsages.NonRepudiation),
            Extensions.CrlDistributionPoints(CrldpName),
            AuthorityKeyIdentifier,
            Extensions.SubjectKeyIdentifier(key.KeyIdentifier),
        ],
    };

    /// <summary>The municipality's CRL, as it is on the first day.</summary>
    public CrlContent CrlContent() => new()
    {
        Algorithm = Key.Algorithm,
        Issuer = CaName,
        ThisUpdate = StartsAt,
        NextUpdate = StartsAt.AddHours(72),
        Extensions =
        [
            AuthorityKeyIdentifier,
            Extensions.CrlNumber(1),
            Extensions.IssuingDistributionPoint(
                new(DistributionPointName.Of(CrldpName)) { OnlyContainsUserCerts = true }),
        ],
    };

    public Certificate Sign(CertificateContent content) => content.Sign(Key.SignHash);

    public Crl Crl(params IEnumerable<RevokedEntry> entries) => CrlContent().Sign(entries, Key.SignHash);

    public void Dispose() => Key.Dispose();
}
