using System.Formats.Asn1;

namespace Jpki.X509;

/// <summary>What a responder signs: its answers and when it gave them. (RFC 6960, 4.2.1)</summary>
public sealed record BasicOcspContent
{
    public required SignatureAlgorithm Algorithm { get; init; }

    /// <summary>The responder's key; its SHA-1 is the responderID byKey.</summary>
    public required PublicKey Responder { get; init; }

    public required DateTimeOffset ProducedAt { get; init; }

    public required IReadOnlyList<SingleResponse> Responses { get; init; }

    /// <summary>The question's nonce, word for word; null when it had none.</summary>
    public ReadOnlyMemory<byte>? Nonce { get; init; }

    /// <summary>The delegated responder's certificate, DER. (RFC 6960, 4.2.2.2)</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Certificates { get; init; } = [];

    /// <summary>The whole OCSPResponse, status successful.</summary>
    public byte[] Sign(HashSigner signer)
    {
        var toBeSigned = ToBeSigned();
        return Assemble(toBeSigned, signer(Algorithm.ComputeHash(toBeSigned)));
    }

    /// <summary>The whole OCSPResponse around octets that are signed already.</summary>
    public byte[] Assemble(ReadOnlySpan<byte> toBeSigned, byte[] signature)
    {
        var writer = Der.NewWriter();
        using (writer.PushSequence())
        {
            writer.WriteEnumeratedValue(OcspResponseStatus.Successful);
            using (writer.PushSequence(OcspDer.Tag0))
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(Oids.OcspBasic);
                using (writer.PushOctetString())
                using (writer.PushSequence())
                {
                    writer.WriteEncodedValue(toBeSigned);
                    OcspDer.WriteSignature(writer, Algorithm, signature, Certificates);
                }
            }
        }
        return writer.Encode();
    }

    public byte[] ToBeSigned()
    {
        var writer = Der.NewWriter();
        using (writer.PushSequence())
        {
            using (writer.PushSequence(OcspDer.Tag2))
                writer.WriteOctetString(Responder.KeyIdentifier);
            OcspDer.WriteTime(writer, ProducedAt);
            using (writer.PushSequence())
            {
                foreach (var response in Responses)
                    response.Write(writer);
            }
            if (Nonce is { } nonce)
                OcspDer.WriteNonce(writer, OcspDer.Tag1, nonce);
        }
        return writer.Encode();
    }
}

/// <summary>A signed answer as it was read. (RFC 6960, 4.2.1)</summary>
public sealed class BasicOcspResponse
{
    private BasicOcspResponse(AsnReader reader)
    {
        ToBeSigned = reader.PeekEncodedValue();
        var data = reader.ReadSequence();
        OcspDer.ReadVersion(data);
        ResponderName = data.ReadExplicit(OcspDer.Tag1, Name.ReadFrom);
        if (ResponderName is null)
            ResponderKeyHash = ReadKeyHash(data.ReadSequence(OcspDer.Tag2));
        ProducedAt = OcspDer.ReadTime(data);
        Responses = ReadResponses(data.ReadSequence());
        var extensions = OcspDer.ReadExtensions(data, OcspDer.Tag1, Oids.OcspNonce);
        data.ThrowIfNotEmpty();
        Nonce = OcspDer.FindNonce(extensions);
        Algorithm = SignatureAlgorithm.Read(reader);
        Signature = reader.ReadOctetBits();
        Certificates = OcspDer.ReadCertificates(reader);
        reader.ThrowIfNotEmpty();
    }

    public ReadOnlyMemory<byte> ToBeSigned { get; }

    /// <summary>responderID byName; null when it is byKey.</summary>
    public Name? ResponderName { get; }

    /// <summary>responderID byKey: the SHA-1 of the responder's key; null when it is byName.</summary>
    public ReadOnlyMemory<byte>? ResponderKeyHash { get; }

    public DateTimeOffset ProducedAt { get; }

    public IReadOnlyList<SingleResponse> Responses { get; }

    public ReadOnlyMemory<byte>? Nonce { get; }

    public SignatureAlgorithm Algorithm { get; }

    public ReadOnlyMemory<byte> Signature { get; }

    /// <summary>DER, unread.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Certificates { get; }

    public bool IsSignedBy(PublicKey key) => key.Verify(Algorithm, ToBeSigned.Span, Signature.Span);

    internal static BasicOcspResponse Read(ReadOnlyMemory<byte> der) => new(Der.OpenSequence(der));

    private static byte[] ReadKeyHash(AsnReader wrapped)
    {
        var octets = wrapped.ReadOctetString();
        wrapped.ThrowIfNotEmpty();
        return octets;
    }

    private static List<SingleResponse> ReadResponses(AsnReader reader)
    {
        List<SingleResponse> responses = [];
        while (reader.HasData)
            responses.Add(SingleResponse.Read(reader));
        return responses;
    }
}
