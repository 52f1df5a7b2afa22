using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Jpki.X509;

/// <summary>A SubjectPublicKeyInfo (RFC 5280 4.1.2.7). Foreign algorithms can be carried, not used. 公開鍵</summary>
public sealed class PublicKey : IEquatable<PublicKey>
{
    /// <summary>Above this a single check costs too much to be somebody else's choice.</summary>
    private const int MaxRsaBits = 16384;

    private readonly ReadOnlyMemory<byte> keyBits;

    // Imported once and only ever used to verify, which OpenSSL's keys allow from many threads at once.
    private readonly Lazy<AsymmetricAlgorithm?> key;

    private PublicKey(ReadOnlyMemory<byte> der)
    {
        var reader = X509.Der.OpenSequence(der);
        var algorithm = reader.ReadSequence();
        Der = der;
        AlgorithmOid = algorithm.ReadObjectIdentifier();
        keyBits = reader.ReadOctetBits();
        reader.ThrowIfNotEmpty();
        Bits = AlgorithmOid switch
        {
            Oids.RsaEncryption => RsaBits(algorithm, keyBits),
            Oids.EcPublicKey => CurveBits(algorithm),
            _ => 0,
        };
        key = new(Import);
    }

    public ReadOnlyMemory<byte> Der { get; }

    public string AlgorithmOid { get; }

    public bool IsRsa => AlgorithmOid == Oids.RsaEncryption;

    /// <summary>Size of the modulus or curve; 0 when neither RSA nor one of the three NIST curves.</summary>
    public int Bits { get; }

    /// <summary>SHA-1 of the BIT STRING's contents (RFC 5280 4.2.1.2, method 1).</summary>
    public byte[] KeyIdentifier => CryptographicOperations.HashData(HashAlgorithmName.SHA1, keyBits.Span);

    /// <summary>Contents of the BIT STRING: what OCSP hashes to name an issuer (RFC 6960 4.1.1).</summary>
    public ReadOnlyMemory<byte> KeyBits => keyBits;

    public static PublicKey Read(ReadOnlyMemory<byte> der) => new(der);

    public static PublicKey From(RSA key) => new(key.ExportSubjectPublicKeyInfo());

    public static PublicKey From(ECDsa key) => new(key.ExportSubjectPublicKeyInfo());

    /// <summary>False for a wrong signature, and for any combination this key cannot have signed.</summary>
    public bool Verify(SignatureAlgorithm algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) =>
        (key.Value, algorithm.IsKnown, algorithm.IsRsa) switch
        {
            (RSA rsa, true, true) => rsa.VerifyData(data, signature, algorithm.Hash, RSASignaturePadding.Pkcs1),
            (ECDsa ecdsa, true, false) =>
                ecdsa.VerifyData(data, signature, algorithm.Hash, DSASignatureFormat.Rfc3279DerSequence),
            _ => false,
        };

    public bool Equals(PublicKey? other) => other is not null && Der.Span.SequenceEqual(other.Der.Span);

    public override bool Equals(object? obj) => Equals(obj as PublicKey);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(keyBits.Span);
        return hash.ToHashCode();
    }

    private static int RsaBits(AsnReader algorithm, ReadOnlyMemory<byte> keyBits)
    {
        algorithm.ReadNull();
        algorithm.ThrowIfNotEmpty();
        var numbers = X509.Der.OpenSequence(keyBits);
        var modulus = numbers.ReadInteger();
        var exponent = numbers.ReadInteger();
        numbers.ThrowIfNotEmpty();
        if (modulus.Sign <= 0 || exponent.Sign <= 0)
            throw new AsnContentException("an RSA number is not positive");
        return checked((int)modulus.GetBitLength());
    }

    private static int CurveBits(AsnReader algorithm)
    {
        if (!algorithm.NextIs(UniversalTagNumber.ObjectIdentifier)) // RFC 5480 2.1.1: only named curves
            return 0;
        var bits = algorithm.ReadObjectIdentifier() switch
        {
            Oids.P256 => 256,
            Oids.P384 => 384,
            Oids.P521 => 521,
            _ => 0,
        };
        algorithm.ThrowIfNotEmpty();
        return bits;
    }

    /// <summary>Null when the numbers make no usable key: such a key has signed nothing.</summary>
    private AsymmetricAlgorithm? Import()
    {
        if (Bits is 0 or > MaxRsaBits)
            return null;
        AsymmetricAlgorithm imported = IsRsa ? RSA.Create() : ECDsa.Create();
        try
        {
            imported.ImportSubjectPublicKeyInfo(Der.Span, out _);
            return imported;
        }
        catch (CryptographicException)
        {
            imported.Dispose();
            return null;
        }
    }
}
