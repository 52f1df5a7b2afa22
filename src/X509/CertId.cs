using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Jpki.X509;

/// <summary>
/// Which certificate an OCSP question or answer is about. It keeps the bytes it was read from, so that an answer
/// repeats the question's own words. (RFC 6960, 4.1.1)
/// </summary>
public sealed class CertId : IEquatable<CertId>
{
    private CertId(AsnReader reader)
    {
        Der = reader.PeekEncodedValue();
        var sequence = reader.ReadSequence();
        HashAlgorithm = ReadHashAlgorithm(sequence.ReadSequence());
        IssuerNameHash = sequence.ReadOctetString();
        IssuerKeyHash = sequence.ReadOctetString();
        Serial = SerialNumber.Read(sequence);
        sequence.ThrowIfNotEmpty();
        if (!HasHashesOfItsLength())
            throw new AsnContentException("CertID: a hash is not as long as its algorithm makes it");
    }

    public ReadOnlyMemory<byte> Der { get; }

    /// <summary>The OID of the hash function; any is read, SHA-1 and SHA-256 are understood.</summary>
    public string HashAlgorithm { get; }

    public ReadOnlyMemory<byte> IssuerNameHash { get; }

    public ReadOnlyMemory<byte> IssuerKeyHash { get; }

    public SerialNumber Serial { get; }

    /// <summary>The identifier of the certificate that <paramref name="issuer"/> signed under that number.</summary>
    public static CertId Of(HashAlgorithmName hash, Name issuer, PublicKey issuerKey, SerialNumber serial)
    {
        var writer = X509.Der.NewWriter();
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(OidOf(hash));
                writer.WriteNull();
            }
            writer.WriteOctetString(CryptographicOperations.HashData(hash, issuer.Der.Span));
            writer.WriteOctetString(CryptographicOperations.HashData(hash, issuerKey.KeyBits.Span));
            serial.Write(writer);
        }
        return Read(X509.Der.Open(writer.Encode()));
    }

    public static CertId Read(AsnReader reader) => new(reader);

    /// <summary>Does it name that issuer, by the hashes of both its name and its key?</summary>
    public bool IsIssuedBy(Name issuer, PublicKey issuerKey)
    {
        var hash = HashAlgorithm switch
        {
            Oids.Sha1 => HashAlgorithmName.SHA1,
            Oids.Sha256 => HashAlgorithmName.SHA256,
            _ => default,
        };
        return hash.Name is not null
            && IssuerNameHash.Span.SequenceEqual(CryptographicOperations.HashData(hash, issuer.Der.Span))
            && IssuerKeyHash.Span.SequenceEqual(CryptographicOperations.HashData(hash, issuerKey.KeyBits.Span));
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

    /// <summary>An AlgorithmIdentifier whose parameters are NULL or, as RFC 5754 2 has it, absent.</summary>
    private static string ReadHashAlgorithm(AsnReader algorithm)
    {
        var oid = algorithm.ReadObjectIdentifier();
        if (algorithm.HasData)
            algorithm.ReadNull();
        algorithm.ThrowIfNotEmpty();
        return oid;
    }

    private bool HasHashesOfItsLength() => HashAlgorithm switch
    {
        Oids.Sha1 => AreBoth(SHA1.HashSizeInBytes),
        Oids.Sha256 => AreBoth(SHA256.HashSizeInBytes),
        _ => AreBoth(IssuerNameHash.Length) && !IssuerNameHash.IsEmpty,
    };

    private bool AreBoth(int length) => IssuerNameHash.Length == length && IssuerKeyHash.Length == length;

    private static string OidOf(HashAlgorithmName hash) =>
        hash == HashAlgorithmName.SHA1 ? Oids.Sha1
        : hash == HashAlgorithmName.SHA256 ? Oids.Sha256
        : throw new ArgumentException($"no CertID is made with {hash.Name}", nameof(hash));
}
