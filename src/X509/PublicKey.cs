using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Jpki.X509;

/// <summary>A SubjectPublicKeyInfo (RFC 5280 4.1.2.7). Foreign algorithms can be carried, not used. 公開鍵</summary>
public sealed class PublicKey : IEquatable<PublicKey>
{
    /// <summary>Above this a single check costs too much to be somebody else's choice.</summary>
    private const int MaxRsaBits = 16384;
    private const int MaxExponentBits = 256;
    private const int MaxDsaBits = 4096;

    private readonly ReadOnlyMemory<byte> keyBits;

    // Imported once and only ever used to verify, which OpenSSL's keys allow from many threads at once.
    private readonly Lazy<AsymmetricAlgorithm?> key;
    private readonly Lazy<Paths.Digest> digest;

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
            Oids.Dsa => DsaBits(algorithm),
            _ => 0,
        };
        LacksParameters = AlgorithmOid == Oids.Dsa && Bits == 0;
        key = new(Import);
        digest = new(() => Paths.Digest.Of(Der.Span));
    }

    public ReadOnlyMemory<byte> Der { get; }

    public string AlgorithmOid { get; }

    public bool IsRsa => AlgorithmOid == Oids.RsaEncryption;

    /// <summary>
    /// Size of the modulus, prime or curve; 0 when neither RSA, DSA nor one of the three NIST curves.
    /// </summary>
    public int Bits { get; }

    /// <summary>A DSA key that takes its parameters from the key that signed it (RFC 3279 2.3.2).</summary>
    public bool LacksParameters { get; }

    /// <summary>SHA-1 of the BIT STRING's contents (RFC 5280 4.2.1.2, method 1).</summary>
    public byte[] KeyIdentifier => CryptographicOperations.HashData(HashAlgorithmName.SHA1, keyBits.Span);

    /// <summary>Contents of the BIT STRING: what OCSP hashes to name an issuer (RFC 6960 4.1.1).</summary>
    public ReadOnlyMemory<byte> KeyBits => keyBits;

    internal Paths.Digest Digest => digest.Value;

    public static PublicKey Read(ReadOnlyMemory<byte> der) => new(der);

    public static PublicKey From(RSA key) => new(key.ExportSubjectPublicKeyInfo());

    public static PublicKey From(ECDsa key) => new(key.ExportSubjectPublicKeyInfo());

    /// <summary>This key with the parameters of its signer's, where it lacks its own (RFC 5280 6.1.4(e)).</summary>
    public PublicKey WithParametersOf(PublicKey signer) =>
        LacksParameters && signer.AlgorithmOid == Oids.Dsa && !signer.LacksParameters ? DsaKey(signer) : this;

    /// <summary>False for a wrong signature, and for any combination this key cannot have signed.</summary>
    public bool Verify(SignatureAlgorithm algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) =>
        algorithm.IsKnown
        && VerifyHash(algorithm, CryptographicOperations.HashData(algorithm.Hash, data), signature);

    /// <summary>The same with what the algorithm's hash function made of the data.</summary>
    public bool VerifyHash(SignatureAlgorithm algorithm, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature) =>
        (key.Value, algorithm.IsKnown, algorithm.IsRsa, algorithm.IsDsa) switch
        {
            (RSA rsa, true, true, _) => rsa.VerifyHash(hash, signature, algorithm.Hash,
                algorithm.IsPss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1),
            (ECDsa ecdsa, true, false, false) =>
                ecdsa.VerifyHash(hash, signature, DSASignatureFormat.Rfc3279DerSequence),
            (DSA dsa, true, _, true) => dsa.VerifySignature(hash, signature, DSASignatureFormat.Rfc3279DerSequence),
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
        return exponent.GetBitLength() <= MaxExponentBits
            ? checked((int)modulus.GetBitLength())
            : throw new AsnContentException("an RSA exponent of unreasonable size");
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

    /// <summary>Dss-Parms ::= SEQUENCE { p, q, g }, or nothing when they are inherited.</summary>
    private static int DsaBits(AsnReader algorithm)
    {
        if (!algorithm.HasData)
            return 0;
        var numbers = algorithm.ReadSequence();
        algorithm.ThrowIfNotEmpty();
        var bits = numbers.ReadInteger().GetBitLength();
        numbers.ReadInteger();
        numbers.ReadInteger();
        numbers.ThrowIfNotEmpty();
        return bits <= MaxDsaBits ? (int)bits : throw new AsnContentException("a DSA key of unreasonable size");
    }

    private PublicKey DsaKey(PublicKey signer)
    {
        var algorithm = X509.Der.OpenSequence(signer.Der).ReadEncodedValue();
        return new(X509.Der.Write(writer =>
        {
            using (writer.PushSequence())
            {
                writer.WriteEncodedValue(algorithm.Span);
                writer.WriteBitString(keyBits.Span);
            }
        }));
    }

    /// <summary>Null when the numbers make no usable key: such a key has signed nothing.</summary>
    private AsymmetricAlgorithm? Import()
    {
        if (Bits is 0 or > MaxRsaBits)
            return null;
        AsymmetricAlgorithm imported = AlgorithmOid switch
        {
            Oids.RsaEncryption => RSA.Create(),
            Oids.Dsa => DSA.Create(),
            _ => ECDsa.Create(),
        };
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
