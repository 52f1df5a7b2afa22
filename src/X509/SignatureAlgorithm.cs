using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Jpki.X509;

/// <summary>
/// How something is signed. RSA is written with NULL parameters (RFC 4055), ECDSA with none (RFC 5758). Algorithms that
/// are not ours are kept by their OID, so that what they sign can be read, and nothing they sign verifies. 署名アルゴリズム
/// </summary>
public sealed record SignatureAlgorithm
{
    private SignatureAlgorithm(string oid, HashAlgorithmName hash, bool isRsa) =>
        (Oid, Hash, IsRsa) = (oid, hash, isRsa);

    public static SignatureAlgorithm Sha1WithRsa { get; } = new(Oids.Sha1WithRsa, HashAlgorithmName.SHA1, true);
    public static SignatureAlgorithm Sha256WithRsa { get; } = new(Oids.Sha256WithRsa, HashAlgorithmName.SHA256, true);
    public static SignatureAlgorithm Sha384WithRsa { get; } = new(Oids.Sha384WithRsa, HashAlgorithmName.SHA384, true);
    public static SignatureAlgorithm Sha512WithRsa { get; } = new(Oids.Sha512WithRsa, HashAlgorithmName.SHA512, true);
    public static SignatureAlgorithm EcdsaSha256 { get; } = new(Oids.EcdsaSha256, HashAlgorithmName.SHA256, false);
    public static SignatureAlgorithm EcdsaSha384 { get; } = new(Oids.EcdsaSha384, HashAlgorithmName.SHA384, false);
    public static SignatureAlgorithm EcdsaSha512 { get; } = new(Oids.EcdsaSha512, HashAlgorithmName.SHA512, false);

    /// <summary>Only read: others have signed with DSA, nobody here does (RFC 3279 2.2.2, RFC 5758 3.1).</summary>
    public static SignatureAlgorithm DsaSha1 { get; } =
        new(Oids.DsaSha1, HashAlgorithmName.SHA1, false) { IsDsa = true };
    public static SignatureAlgorithm DsaSha256 { get; } =
        new(Oids.DsaSha256, HashAlgorithmName.SHA256, false) { IsDsa = true };

    private static readonly SignatureAlgorithm[] Known =
    [
        Sha256WithRsa, EcdsaSha256, Sha384WithRsa, Sha512WithRsa, Sha1WithRsa, EcdsaSha384, EcdsaSha512, DsaSha1,
        DsaSha256,
    ];

    public string Oid { get; }

    public HashAlgorithmName Hash { get; }

    public bool IsRsa { get; }

    public bool IsDsa { get; private init; }

    /// <summary>RSASSA-PSS; only read, and only with the parameters that RFC 4055 3.1 recommends.</summary>
    public bool IsPss { get; private init; }

    public bool IsKnown => Hash.Name is not null;

    /// <summary>Whether anything is signed so here: RSASSA-PKCS1-v1_5 or ECDSA.</summary>
    public bool IsWritten => IsKnown && !IsDsa && !IsPss;

    public static SignatureAlgorithm FromOid(string oid) =>
        Array.Find(Known, a => a.Oid == oid) ?? new(oid, default, false);

    /// <summary>AlgorithmIdentifier. RFC 4055 5: absent parameters must be accepted for RSA as well as NULL.</summary>
    public static SignatureAlgorithm Read(AsnReader outer)
    {
        var reader = outer.ReadSequence();
        var algorithm = FromOid(reader.ReadObjectIdentifier());
        if (algorithm.Oid == Oids.RsassaPss)
            algorithm = new(Oids.RsassaPss, RsassaPss.ReadHash(reader), true) { IsPss = true };
        else if (algorithm.IsRsa && reader.HasData)
            reader.ReadNull();
        if (!algorithm.IsKnown && reader.HasData)
            reader.ReadEncodedValue();
        reader.ThrowIfNotEmpty();
        return algorithm;
    }

    public void Write(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            if (IsPss)
                throw new NotSupportedException("nothing here is signed with RSASSA-PSS");
            writer.WriteObjectIdentifier(Oid);
            if (IsRsa)
                writer.WriteNull();
        }
    }

    public byte[] ComputeHash(ReadOnlySpan<byte> data) => IsKnown
        ? CryptographicOperations.HashData(Hash, data)
        : throw new NotSupportedException($"no signatures with {Oid}");
}
