using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Jpki.X509;

/// <summary>
/// RSASSA-PSS-params (RFC 4055 3.1): a hash, MGF1 with the same hash, and a salt as long as the hash. Other parameters
/// are read and give an algorithm that verifies nothing.
/// </summary>
internal static class RsassaPss
{
    private const int DefaultSaltOctets = 20;

    /// <summary>The hash, or none when the parameters are not the recommended ones.</summary>
    public static HashAlgorithmName ReadHash(AsnReader outer)
    {
        var reader = outer.ReadSequence();
        var hash = reader.ReadExplicit(OcspDer.Tag0, ReadAlgorithm) ?? Oids.Sha1;
        var maskHash = reader.ReadExplicit(OcspDer.Tag1, ReadMaskHash) ?? Oids.Sha1;
        var salt = reader.ReadExplicit<int?>(OcspDer.Tag2, r => Extensions.ReadNonNegative(r)) ?? DefaultSaltOctets;
        var trailer = reader.ReadExplicit<int?>(Der.Context(3, constructed: true), r => Extensions.ReadNonNegative(r));
        reader.ThrowIfNotEmpty();
        var (name, octets) = HashOf(hash);
        return hash == maskHash && salt == octets && trailer is null or 1 ? name : default;
    }

    private static string ReadMaskHash(AsnReader outer)
    {
        var reader = outer.ReadSequence();
        if (reader.ReadObjectIdentifier() != Oids.Mgf1)
            throw new AsnContentException("a mask generation function that nobody knows");
        var hash = ReadAlgorithm(reader);
        reader.ThrowIfNotEmpty();
        return hash;
    }

    private static string ReadAlgorithm(AsnReader outer)
    {
        var reader = outer.ReadSequence();
        var oid = reader.ReadObjectIdentifier();
        if (reader.HasData)
            reader.ReadNull();
        reader.ThrowIfNotEmpty();
        return oid;
    }

    private static (HashAlgorithmName Name, int Octets) HashOf(string oid) => oid switch
    {
        Oids.Sha1 => (HashAlgorithmName.SHA1, SHA1.HashSizeInBytes),
        Oids.Sha256 => (HashAlgorithmName.SHA256, SHA256.HashSizeInBytes),
        Oids.Sha384 => (HashAlgorithmName.SHA384, SHA384.HashSizeInBytes),
        Oids.Sha512 => (HashAlgorithmName.SHA512, SHA512.HashSizeInBytes),
        _ => default,
    };
}
