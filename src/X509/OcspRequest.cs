using System.Formats.Asn1;

namespace Jpki.X509;

/// <summary>Who signs a request, and the certificates that show who that is.</summary>
public sealed record OcspRequestor(
    Name Name, SignatureAlgorithm Algorithm, HashSigner Sign, IReadOnlyList<ReadOnlyMemory<byte>> Certificates);

/// <summary>A question about the status of certificates, signed or not. OCSPレスポンド照会 (RFC 6960, 4.1.1)</summary>
public sealed class OcspRequest
{
    public const int MaxOctets = 64 * 1024;
    public const int MaxRequests = 256;

    private OcspRequest(ReadOnlyMemory<byte> der)
    {
        var sequence = Der.OpenSequence(der);
        ToBeSigned = sequence.PeekEncodedValue();
        var body = sequence.ReadSequence();
        OcspDer.ReadVersion(body);
        RequestorName = body.ReadExplicit(OcspDer.Tag1, ReadGeneralName);
        CertIds = ReadRequestList(body.ReadSequence());
        var extensions = OcspDer.ReadExtensions(body, OcspDer.Tag2, Oids.OcspNonce, OcspDer.AcceptableResponses);
        body.ThrowIfNotEmpty();
        RefuseOtherResponseTypes(extensions);
        Nonce = OcspDer.FindNonce(extensions);
        if (sequence.NextIs(OcspDer.Tag0))
            (Algorithm, Signature, Certificates) = sequence.ReadExplicit(OcspDer.Tag0, ReadSignature);
        sequence.ThrowIfNotEmpty();
    }

    public ReadOnlyMemory<byte> ToBeSigned { get; }

    /// <summary>The GeneralName of who asks, DER; null when it is not said.</summary>
    public ReadOnlyMemory<byte>? RequestorName { get; }

    /// <summary>What is asked: at least one certificate.</summary>
    public IReadOnlyList<CertId> CertIds { get; }

    public ReadOnlyMemory<byte>? Nonce { get; }

    /// <summary>Null when nobody signed.</summary>
    public SignatureAlgorithm? Algorithm { get; }

    public ReadOnlyMemory<byte> Signature { get; }

    /// <summary>The certificates that came with the signature, DER and unread: a stranger may have sent them.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Certificates { get; } = [];

    /// <exception cref="AsnContentException">It is no such request, or larger than anybody needs.</exception>
    public static OcspRequest Read(ReadOnlyMemory<byte> der) => der.Length <= MaxOctets
        ? new(der)
        : throw new AsnContentException($"OCSPRequest: more than {MaxOctets} octets");

    /// <summary>Writes a request; signed when there is a requestor.</summary>
    public static byte[] Create(
        IReadOnlyList<CertId> certIds, ReadOnlyMemory<byte>? nonce = null, OcspRequestor? requestor = null)
    {
        var body = Der.Write(writer => WriteBody(writer, certIds, nonce, requestor?.Name));
        var writer = Der.NewWriter();
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(body);
            if (requestor is not null)
            {
                var signature = requestor.Sign(requestor.Algorithm.ComputeHash(body));
                using (writer.PushSequence(OcspDer.Tag0))
                using (writer.PushSequence())
                    OcspDer.WriteSignature(writer, requestor.Algorithm, signature, requestor.Certificates);
            }
        }
        return writer.Encode();
    }

    /// <summary>True when that key signed it; false when another did, or nobody.</summary>
    public bool IsSignedBy(PublicKey key) =>
        Algorithm is not null && key.Verify(Algorithm, ToBeSigned.Span, Signature.Span);

    // RFC 5280 4.2.1.6: nine choices, [0] to [8]
    private static ReadOnlyMemory<byte>? ReadGeneralName(AsnReader reader) =>
        reader.PeekTag() is { TagClass: TagClass.ContextSpecific, TagValue: <= 8 }
            ? reader.ReadEncodedValue()
            : throw new AsnContentException("requestorName: not a GeneralName");

    private static List<CertId> ReadRequestList(AsnReader list)
    {
        List<CertId> certIds = [];
        while (list.HasData)
        {
            if (certIds.Count == MaxRequests)
                throw new AsnContentException($"OCSPRequest: more than {MaxRequests} requests");
            var request = list.ReadSequence();
            certIds.Add(CertId.Read(request));
            OcspDer.ReadExtensions(request, OcspDer.Tag0);
            request.ThrowIfNotEmpty();
        }
        return certIds.Count > 0 ? certIds : throw new AsnContentException("OCSPRequest: asks about nothing");
    }

    /// <summary>RFC 6960 4.4.3: who lists the types of response it reads must list the common one.</summary>
    private static void RefuseOtherResponseTypes(IReadOnlyList<Extension> extensions)
    {
        if (extensions.FirstOrDefault(e => e.Oid == OcspDer.AcceptableResponses) is not { } extension)
            return;
        var types = Der.OpenSequence(extension.Value);
        var readsBasic = false;
        while (types.HasData)
            readsBasic |= types.ReadObjectIdentifier() == Oids.OcspBasic;
        if (!readsBasic)
            throw new AsnContentException("OCSPRequest: id-pkix-ocsp-basic is not acceptable to it");
    }

    private static (SignatureAlgorithm, ReadOnlyMemory<byte>, IReadOnlyList<ReadOnlyMemory<byte>>) ReadSignature(
        AsnReader wrapped)
    {
        var reader = wrapped.ReadSequence();
        var signature = (SignatureAlgorithm.Read(reader), reader.ReadOctetBits(), OcspDer.ReadCertificates(reader));
        reader.ThrowIfNotEmpty();
        return signature;
    }

    private static void WriteBody(
        AsnWriter writer, IReadOnlyList<CertId> certIds, ReadOnlyMemory<byte>? nonce, Name? requestor)
    {
        using (writer.PushSequence())
        {
            if (requestor is not null)
            {
                using (writer.PushSequence(OcspDer.Tag1))
                using (writer.PushSequence(Der.Context(4, constructed: true)))   // directoryName
                    writer.WriteEncodedValue(requestor.Der.Span);
            }
            using (writer.PushSequence())
            {
                foreach (var certId in certIds)
                {
                    using (writer.PushSequence())
                        writer.WriteEncodedValue(certId.Der.Span);
                }
            }
            if (nonce is { } octets)
                OcspDer.WriteNonce(writer, OcspDer.Tag2, octets);
        }
    }
}
