using System.Formats.Asn1;

namespace Jpki.X509;

/// <summary>What a certificate shall say, before anybody signs it (RFC 5280 4.1.2). 電子証明書の記載内容</summary>
public sealed record CertificateContent
{
    private const int V3 = 2;

    public required SerialNumber Serial { get; init; }

    public required SignatureAlgorithm Algorithm { get; init; }

    public required Name Issuer { get; init; }

    /// <summary>Written in whole seconds; what is below a second is dropped.</summary>
    public required DateTimeOffset NotBefore { get; init; }

    public required DateTimeOffset NotAfter { get; init; }

    public required Name Subject { get; init; }

    public required PublicKey PublicKey { get; init; }

    public IReadOnlyList<Extension> Extensions { get; init; } = [];

    public byte[] ToBeSigned()
    {
        if (!Serial.IsWritable || Issuer.IsEmpty || NotAfter < NotBefore)
            throw new InvalidOperationException("a certificate needs a positive serial, an issuer and a validity");
        return Der.Write(Write);
    }

    public Certificate Sign(HashSigner sign) => Certificate.Read(Signed.Write(ToBeSigned(), Algorithm, sign));

    private void Write(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            if (Extensions.Count > 0)
            {
                using (writer.PushSequence(Der.Context(0, constructed: true)))
                    writer.WriteInteger(V3);
            }

            Serial.Write(writer);
            Algorithm.Write(writer);
            writer.WriteEncodedValue(Issuer.Der.Span);
            using (writer.PushSequence())
            {
                writer.WriteTime(NotBefore);
                writer.WriteTime(NotAfter);
            }

            writer.WriteEncodedValue(Subject.Der.Span);
            writer.WriteEncodedValue(PublicKey.Der.Span);
            if (Extensions.Count > 0)
            {
                using (writer.PushSequence(Der.Context(3, constructed: true)))
                    Extension.WriteList(writer, Extensions);
            }
        }
    }
}
