using System.Formats.Asn1;

namespace Jpki.X509;

/// <summary>A PKCS#10 request (RFC 2986): a name and a public key, signed to prove possession. 電子証明書発行要求</summary>
public sealed class CertificationRequest
{
    private const int MaxOctets = 1 << 16;

    private static readonly Asn1Tag Attributes = X509.Der.Context(0, constructed: true);

    private readonly Signed signed;

    private CertificationRequest(ReadOnlyMemory<byte> der)
    {
        Der = der;
        signed = Signed.Read(der);
        var reader = X509.Der.OpenSequence(signed.ToBeSigned);
        if (!reader.TryReadInt32(out var version) || version != 0)
            throw new AsnContentException("not version 1 of a certification request");
        Subject = Name.ReadFrom(reader);
        PublicKey = PublicKey.Read(reader.ReadEncodedValue());
        RequestedExtensions = ReadAttributes(reader.ReadSetOf(Attributes));
        reader.ThrowIfNotEmpty();
    }

    public ReadOnlyMemory<byte> Der { get; }

    public Name Subject { get; }

    public PublicKey PublicKey { get; }

    /// <summary>What the requester would like; a certification authority decides for itself.</summary>
    public IReadOnlyList<Extension> RequestedExtensions { get; }

    public SignatureAlgorithm Algorithm => signed.Algorithm;

    /// <summary>Does the requester hold the private key? (CPS 3-1-11)</summary>
    public bool IsSelfSigned => signed.IsSignedBy(PublicKey);

    public static CertificationRequest Read(ReadOnlyMemory<byte> der) =>
        der.Length <= MaxOctets ? new(der) : throw new AsnContentException("a request of unreasonable size");

    public static byte[] Create(Name subject, PublicKey key, SignatureAlgorithm algorithm, HashSigner sign) =>
        Signed.Write(X509.Der.Write(w => WriteInfo(w, subject, key)), algorithm, sign);

    private static void WriteInfo(AsnWriter writer, Name subject, PublicKey key)
    {
        using (writer.PushSequence())
        {
            writer.WriteInteger(0);
            writer.WriteEncodedValue(subject.Der.Span);
            writer.WriteEncodedValue(key.Der.Span);
            using (writer.PushSetOf(Attributes))
            {
                // No attributes: the empty set is written all the same (RFC 2986 4.1).
            }
        }
    }

    private static IReadOnlyList<Extension> ReadAttributes(AsnReader reader)
    {
        IReadOnlyList<Extension> extensions = [];
        while (reader.HasData)
        {
            var attribute = reader.ReadSequence();
            var oid = attribute.ReadObjectIdentifier();
            var values = attribute.ReadSetOf();
            attribute.ThrowIfNotEmpty();
            if (oid != Oids.ExtensionRequest)
                continue;
            extensions = Extension.ReadList(values);
            values.ThrowIfNotEmpty();
        }

        return extensions;
    }
}
