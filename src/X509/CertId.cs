using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Jpki.X509;

/// <summary>
/// Which certificate an OCSP question or answer is about. It keeps the bytes it was read from, so that an answer repeats
/// the question's own words. (RFC 6960, 4.1.1)
/// </summary>
public sealed class CertId : IEquatable<CertId>
{
    private CertId(ReadOnlyMemory<byte> der) => Der = der;

    public ReadOnlyMemory<byte> Der { get; }

    /// <summary>The OID of the hash function; any is read, SHA-1 and SHA-256 are understood.</summary>
    public required string HashAlgorithm { get; init; }

    public required ReadOnlyMemory<byte> IssuerNameHash { get; init; }

    public required ReadOnlyMemory<byte> IssuerKeyHash { get; init; }

    public required SerialNumber Serial { get; init; }

    /// <summary>The identifier of the certificate that <paramref name="issuer"/> signed under that number.</summary>
    public static CertId Of(HashAlgorithmName hash, Name issuer, PublicKey issuerKey, SerialNumber serial)
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(OidOf(hash));
                writer.WriteNull();
            }
            writer.WriteOctetString(CryptographicOperations.HashData(hash, issuer.Der.Span));
            writer.WriteOctetString(KeyHash(hash, issuerKey));
            writer.WriteInteger(serial.Bytes.Span);
        }
        return Read(new AsnReader(writer.Encode(), AsnEncodingRules.DER));
    }

    /// <summary>The hash of the BIT STRING's contents, without tag, length and unused bits. (RFC 6960, 4.1.1)</summary>
    public static byte[] KeyHash(HashAlgorithmName hash, PublicKey key)
    {
        AsnReader subjectPublicKeyInfo = new AsnReader(key.Der, AsnEncodingRules.DER).ReadSequence();
        subjectPublicKeyInfo.ReadEncodedValue();
        return CryptographicOperations.HashData(hash, subjectPublicKeyInfo.ReadBitString(out _));
    }

    public bool Equals(CertId? other) => other is not null && Der.Span.SequenceEqual(other.Der.Span);

    public override bool Equals(object? obj) => Equals(obj as CertId);

    public override int GetHashCode()
    {
        HashCode code = new();
        code.AddBytes(Der.Span);
        return code.ToHashCode();
    }

    public override string ToString() => Serial.ToString();

    internal static CertId Read(AsnReader reader)
    {
        var der = reader.PeekEncodedValue();
        var sequence = reader.ReadSequence();
        var algorithm = OcspDer.ReadAlgorithm(sequence);
        CertId id = new(der)
        {
            HashAlgorithm = algorithm,
            IssuerNameHash = sequence.ReadOctetString(),
            IssuerKeyHash = sequence.ReadOctetString(),
            Serial = OcspDer.ReadSerial(sequence),
        };
        sequence.ThrowIfNotEmpty();
        if (!id.HasHashesOfItsLength())
            throw new AsnContentException("CertID: a hash is not as long as its algorithm makes it");
        return id;
    }

    private bool HasHashesOfItsLength() => HashAlgorithm switch
    {
        OcspDer.Sha1 => Both(SHA1.HashSizeInBytes),
        OcspDer.Sha256 => Both(SHA256.HashSizeInBytes),
        _ => Both(IssuerNameHash.Length) && !IssuerNameHash.IsEmpty,
    };

    private bool Both(int length) => IssuerNameHash.Length == length && IssuerKeyHash.Length == length;

    private static string OidOf(HashAlgorithmName hash) =>
        hash == HashAlgorithmName.SHA1 ? OcspDer.Sha1
        : hash == HashAlgorithmName.SHA256 ? OcspDer.Sha256
        : throw new ArgumentException($"no CertID is made with {hash.Name}", nameof(hash));
}
