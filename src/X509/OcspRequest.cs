using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Jpki.X509;

/// <summary>Who signs a request, and the certificates that show who that is.</summary>
public sealed record OcspRequestSigner(
    Name Requestor, SignatureAlgorithm Algorithm, HashSigner Sign, IReadOnlyList<Certificate> Certificates);

/// <summary>A question about the status of certificates, signed or not. OCSPレスポンド照会 (RFC 6960, 4.1.1)</summary>
public sealed class OcspRequest
{
    public const int MaxBytes = 64 * 1024;
    public const int MaxRequests = 256;

    private const int MaxCertificates = 16;

    private OcspRequest() { }

    public required ReadOnlyMemory<byte> ToBeSigned { get; init; }

    /// <summary>The GeneralName of who asks, DER; null when it is not said.</summary>
    public required ReadOnlyMemory<byte>? RequestorName { get; init; }

    /// <summary>At least one.</summary>
    public required IReadOnlyList<CertId> CertIds { get; init; }

    public required ReadOnlyMemory<byte>? Nonce { get; init; }

    /// <summary>Null when nobody signed.</summary>
    public ReadOnlyMemory<byte>? Signature { get; private init; }

    /// <summary>Null when nobody signed, or with an algorithm unknown here.</summary>
    public SignatureAlgorithm? Algorithm { get; private init; }

    /// <summary>The certificates that came with the signature, DER, unread: whoever sent them may be a stranger.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Certificates { get; private init; } = [];

    /// <exception cref="AsnContentException">It is no such request, or larger than anybody needs.</exception>
    public static OcspRequest Read(ReadOnlyMemory<byte> der)
    {
        if (der.Length > MaxBytes)
            throw new AsnContentException($"OCSPRequest: more than {MaxBytes} octets");
        AsnReader outer = new(der, AsnEncodingRules.DER);
        var sequence = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        var toBeSigned = sequence.PeekEncodedValue();
        var body = sequence.ReadSequence();
        OcspDer.ReadVersion(body);
        var requestorName = ReadRequestorName(body);
        var certIds = ReadRequestList(body.ReadSequence());
        var extensions = OcspDer.ReadExtensions(body, OcspDer.Tag2, OcspDer.Nonce, OcspDer.AcceptableResponses);
        body.ThrowIfNotEmpty();
        RefuseOtherResponseTypes(extensions);
        var signature = OcspDer.ReadExplicit(sequence, OcspDer.Tag0);
        sequence.ThrowIfNotEmpty();
        return Signed(signature, new()
        {
            ToBeSigned = toBeSigned,
            RequestorName = requestorName,
            CertIds = certIds,
            Nonce = OcspDer.FindNonce(extensions),
        });
    }

    /// <summary>Writes a request; signed when there is a signer.</summary>
    public static byte[] Create(
        IReadOnlyList<CertId> certIds, ReadOnlyMemory<byte>? nonce = null, OcspRequestSigner? signer = null)
    {
        var toBeSigned = WriteBody(certIds, nonce, signer?.Requestor);
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(toBeSigned);
            if (signer is null)
                return Close(writer);
            using (writer.PushSequence(OcspDer.Tag0))
            using (writer.PushSequence())
            {
                var hash = CryptographicOperations.HashData(signer.Algorithm.Hash, toBeSigned);
                OcspDer.WriteSignature(writer, signer.Algorithm, signer.Sign(hash), signer.Certificates);
            }
        }
        return writer.Encode();
    }

    /// <summary>True when that key signed it; false when another did, or nobody.</summary>
    public bool IsSignedBy(PublicKey key) =>
        Signature is { } signature && Algorithm is not null && key.Verify(Algorithm, ToBeSigned.Span, signature.Span);

    private static ReadOnlyMemory<byte>? ReadRequestorName(AsnReader body)
    {
        if (OcspDer.ReadExplicit(body, OcspDer.Tag1) is not { } wrapped)
            return null;
        var tag = wrapped.PeekTag();
        if (tag.TagClass != TagClass.ContextSpecific || tag.TagValue > 8)
            throw new AsnContentException("requestorName: not a GeneralName");   // RFC 5280 4.2.1.6
        var name = wrapped.ReadEncodedValue();
        wrapped.ThrowIfNotEmpty();
        return name;
    }

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

    /// <summary>RFC 6960 4.4.3: whoever lists the response types it reads must list the one that everybody writes.</summary>
    private static void RefuseOtherResponseTypes(IReadOnlyList<Extension> extensions)
    {
        if (extensions.FirstOrDefault(e => e.Oid == OcspDer.AcceptableResponses) is not { } extension)
            return;
        AsnReader value = new(extension.Value, AsnEncodingRules.DER);
        var types = value.ReadSequence();
        value.ThrowIfNotEmpty();
        var readsBasic = false;
        while (types.HasData)
            readsBasic |= types.ReadObjectIdentifier() == OcspDer.Basic;
        if (!readsBasic)
            throw new AsnContentException("OCSPRequest: id-pkix-ocsp-basic is not acceptable to it");
    }

    private static OcspRequest Signed(AsnReader? wrapped, OcspRequest request)
    {
        if (wrapped is null)
            return request;
        var sequence = wrapped.ReadSequence();
        wrapped.ThrowIfNotEmpty();
        OcspRequest signed = new()
        {
            ToBeSigned = request.ToBeSigned,
            RequestorName = request.RequestorName,
            CertIds = request.CertIds,
            Nonce = request.Nonce,
            Algorithm = OcspDer.ReadSignatureAlgorithm(sequence),
            Signature = OcspDer.ReadWholeBits(sequence),
            Certificates = OcspDer.ReadCertificates(sequence, MaxCertificates),
        };
        sequence.ThrowIfNotEmpty();
        return signed;
    }

    private static byte[] WriteBody(IReadOnlyList<CertId> certIds, ReadOnlyMemory<byte>? nonce, Name? requestor)
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            if (requestor is not null)
            {
                using (writer.PushSequence(OcspDer.Tag1))
                using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 4, isConstructed: true)))
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
                OcspDer.WriteNonce(writer, OcspDer.Tag2, octets.Span);
        }
        return writer.Encode();
    }
}
