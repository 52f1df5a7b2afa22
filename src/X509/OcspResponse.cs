using System.Formats.Asn1;

namespace Jpki.X509;

/// <summary>How an OCSP question fared. (RFC 6960, 4.2.1)</summary>
public enum OcspResponseStatus
{
    Successful = 0,
    MalformedRequest = 1,
    InternalError = 2,
    TryLater = 3,
    SigRequired = 5,
    Unauthorized = 6,
}

/// <summary>An answer about the status of certificates, or the reason why there is none. (RFC 6960, 4.2.1)</summary>
public sealed class OcspResponse
{
    private const int MaxOctets = 1024 * 1024;

    private OcspResponse(ReadOnlyMemory<byte> der)
    {
        var sequence = Der.OpenSequence(der);
        Status = sequence.ReadEnumeratedValue<OcspResponseStatus>();
        if (!Enum.IsDefined(Status))
            throw new AsnContentException($"OCSPResponse: status {(int)Status}");
        var bytes = sequence.ReadExplicit(OcspDer.Tag0, ReadResponseBytes);
        sequence.ThrowIfNotEmpty();
        if (bytes.HasValue != (Status == OcspResponseStatus.Successful))
            throw new AsnContentException("OCSPResponse: success without an answer, or an answer without success");
        if (bytes is { } basic)
            Basic = BasicOcspResponse.Read(basic);
    }

    public OcspResponseStatus Status { get; }

    /// <summary>The answer itself; there exactly when the status is successful.</summary>
    public BasicOcspResponse? Basic { get; }

    public static OcspResponse Read(ReadOnlyMemory<byte> der) => der.Length <= MaxOctets
        ? new(der)
        : throw new AsnContentException($"OCSPResponse: more than {MaxOctets} octets");

    /// <summary>Writes an answer that says only why there is none.</summary>
    public static byte[] Error(OcspResponseStatus status)
    {
        ArgumentOutOfRangeException.ThrowIfEqual((int)status, (int)OcspResponseStatus.Successful);
        var writer = Der.NewWriter();
        using (writer.PushSequence())
            writer.WriteEnumeratedValue(status);
        return writer.Encode();
    }

    private static ReadOnlyMemory<byte>? ReadResponseBytes(AsnReader wrapped)
    {
        var reader = wrapped.ReadSequence();
        if (reader.ReadObjectIdentifier() != Oids.OcspBasic)
            throw new AsnContentException("OCSPResponse: not of type id-pkix-ocsp-basic");
        var basic = reader.ReadOctetString();
        reader.ThrowIfNotEmpty();
        return basic;
    }
}
