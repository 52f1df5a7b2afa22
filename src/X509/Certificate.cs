using System.Formats.Asn1;

namespace Jpki.X509;

/// <summary>
/// A certificate as it was read (RFC 5280 4.1). The bytes are the truth: they are kept, and never encoded again;
/// whoever hands them over must not change them. 電子証明書
/// </summary>
public sealed class Certificate
{
    /// <summary>A generous bound; real ones are a few thousand octets.</summary>
    private const int MaxOctets = 1 << 20;

    private const int V2 = 1;
    private const int V3 = 2;

    private readonly Signed signed;

    private Certificate(ReadOnlyMemory<byte> der)
    {
        Der = der;
        signed = Signed.Read(der);
        var reader = X509.Der.OpenSequence(signed.ToBeSigned);
        Version = ReadVersion(reader);
        Serial = SerialNumber.Read(reader);
        signed.ReadSameAlgorithm(reader);
        Issuer = Name.ReadFrom(reader);
        (NotBefore, NotAfter) = ReadValidity(reader);
        Subject = Name.ReadFrom(reader);
        PublicKey = PublicKey.Read(reader.ReadEncodedValue());
        SkipUniqueIdentifiers(reader);
        Extensions = ReadExtensions(reader);
        reader.ThrowIfNotEmpty();
        if (Issuer.IsEmpty) // RFC 5280 4.1.2.4
            throw new AsnContentException("the issuer has no name");
    }

    public ReadOnlyMemory<byte> Der { get; }

    /// <summary>The octets under the signature.</summary>
    public ReadOnlyMemory<byte> ToBeSigned => signed.ToBeSigned;

    public SignatureAlgorithm Algorithm => signed.Algorithm;

    public ReadOnlyMemory<byte> Signature => signed.Signature;

    /// <summary>1, 2 or 3.</summary>
    public int Version { get; }

    public SerialNumber Serial { get; }

    public Name Issuer { get; }

    public DateTimeOffset NotBefore { get; }

    /// <summary>The last second of validity, itself included.</summary>
    public DateTimeOffset NotAfter { get; }

    public Name Subject { get; }

    public PublicKey PublicKey { get; }

    public IReadOnlyList<Extension> Extensions { get; }

    public bool IsSelfIssued => Issuer.Equals(Subject);

    public static Certificate Read(ReadOnlyMemory<byte> der) =>
        der.Length <= MaxOctets ? new(der) : throw new AsnContentException("a certificate of unreasonable size");

    /// <summary>The certificate that these signed octets and this signature make together.</summary>
    public static Certificate Of(ReadOnlyMemory<byte> toBeSigned, SignatureAlgorithm algorithm, byte[] signature) =>
        Read(Signed.Write(toBeSigned, algorithm, signature));

    public Extension? Find(string oid) => Extensions.FirstOrDefault(e => e.Oid == oid);

    /// <summary>SHA-256 of the DER: how the certificate is named where its bytes are not at hand.</summary>
    public byte[] Sha256() => System.Security.Cryptography.SHA256.HashData(Der.Span);

    public bool IsSignedBy(PublicKey key) => signed.IsSignedBy(key);

    public bool IsLiveAt(DateTimeOffset at) => NotBefore <= at && at <= NotAfter;

    /// <summary>[0] EXPLICIT Version DEFAULT v1, so an encoded v1 is not DER.</summary>
    private static int ReadVersion(AsnReader reader) => 1 + reader.ReadExplicit(
        X509.Der.Context(0, constructed: true),
        inner => inner.TryReadInt32(out var version) && version is V2 or V3
            ? version
            : throw new AsnContentException("not a certificate version"));

    private static (DateTimeOffset From, DateTimeOffset To) ReadValidity(AsnReader outer)
    {
        var reader = outer.ReadSequence();
        var validity = (reader.ReadTime(), reader.ReadTime());
        reader.ThrowIfNotEmpty();
        return validity;
    }

    /// <summary>issuerUniqueID [1] and subjectUniqueID [2]: obsolete, but v2 and v3 may have them (4.1.2.8).</summary>
    private void SkipUniqueIdentifiers(AsnReader reader)
    {
        foreach (var tag in new[] { X509.Der.Context(1), X509.Der.Context(2) })
        {
            if (!reader.NextIs(tag))
                continue;
            reader.ReadBitString(out _, tag);
            if (Version == 1)
                throw new AsnContentException("a v1 certificate has a unique identifier");
        }
    }

    private IReadOnlyList<Extension> ReadExtensions(AsnReader reader)
    {
        if (reader.HasData && Version != 3) // RFC 5280 4.1.2.9
            throw new AsnContentException("only a v3 certificate has extensions");
        return reader.ReadExplicit(X509.Der.Context(3, constructed: true), Extension.ReadList) ?? [];
    }
}
