using System.Formats.Asn1;

namespace Jpki.X509;

/// <summary>The small pieces that OCSP requests and responses share. (RFC 6960, appendix B)</summary>
internal static class OcspDer
{
    public const string AcceptableResponses = "1.3.6.1.5.5.7.48.1.4";

    private const int MaxNonceOctets = 128;
    private const int MaxCertificates = 16;

    public static readonly Asn1Tag Tag0 = Der.Context(0, constructed: true);
    public static readonly Asn1Tag Tag1 = Der.Context(1, constructed: true);
    public static readonly Asn1Tag Tag2 = Der.Context(2, constructed: true);

    /// <summary>Version v1. It should be left out; some spell it out, and nothing is lost by reading that.</summary>
    public static void ReadVersion(AsnReader reader)
    {
        if (reader.ReadExplicit(Tag0, r => r.ReadInteger()) != 0)
            throw new AsnContentException("OCSP: not version 1");
    }

    public static IReadOnlyList<ReadOnlyMemory<byte>> ReadCertificates(AsnReader reader) =>
        reader.ReadExplicit(Tag0, ReadCertificateList) ?? [];

    /// <summary>Extensions behind an EXPLICIT tag, none critical that nobody here understands.</summary>
    public static IReadOnlyList<Extension> ReadExtensions(
        AsnReader reader, Asn1Tag tag, params ReadOnlySpan<string> understood)
    {
        var extensions = reader.ReadExplicit(tag, Extension.ReadList) ?? [];
        foreach (var extension in extensions)
        {
            // RFC 6960 4.4: an unrecognised extension is ignored, unless it is critical.
            if (extension.Critical && !understood.Contains(extension.Oid))
                throw new AsnContentException($"OCSP: critical extension {extension.Oid} is not understood");
        }
        return extensions;
    }

    /// <summary>The nonce among the extensions: 1 to 128 octets. (RFC 9654, 2.1)</summary>
    public static ReadOnlyMemory<byte>? FindNonce(IReadOnlyList<Extension> extensions)
    {
        if (extensions.FirstOrDefault(e => e.Oid == Oids.OcspNonce) is not { } extension)
            return null;
        var nonce = Der.ReadWhole(extension.Value, r => r.ReadOctetString());
        return nonce.Length is >= 1 and <= MaxNonceOctets
            ? nonce
            : throw new AsnContentException($"OCSP: a nonce of {nonce.Length} octets");
    }

    public static void WriteNonce(AsnWriter writer, Asn1Tag tag, ReadOnlyMemory<byte> nonce)
    {
        if (nonce.Length is < 1 or > MaxNonceOctets)
            throw new ArgumentException($"a nonce has 1 to {MaxNonceOctets} octets", nameof(nonce));
        Extension extension = new(Oids.OcspNonce, false, Der.Write(w => w.WriteOctetString(nonce.Span)));
        using (writer.PushSequence(tag))
            Extension.WriteList(writer, [extension]);
    }

    /// <summary>What signed requests and basic responses end with: algorithm, signature, certificates.</summary>
    public static void WriteSignature(AsnWriter writer, SignatureAlgorithm algorithm, byte[] signature,
        IReadOnlyList<ReadOnlyMemory<byte>> certificates)
    {
        algorithm.Write(writer);
        writer.WriteBitString(signature);
        if (certificates.Count == 0)
            return;
        using (writer.PushSequence(Tag0))
        using (writer.PushSequence())
        {
            foreach (var certificate in certificates)
                writer.WriteEncodedValue(certificate.Span);
        }
    }

    /// <summary>GeneralizedTime to the second, whatever the year. (RFC 6960, 4.2.2.1)</summary>
    public static DateTimeOffset ReadTime(AsnReader reader) => reader.NextIs(UniversalTagNumber.GeneralizedTime)
        ? reader.ReadTime()
        : throw new AsnContentException("OCSP: not a GeneralizedTime");

    public static void WriteTime(AsnWriter writer, DateTimeOffset time) =>
        writer.WriteGeneralizedTime(time, omitFractionalSeconds: true);

    private static List<ReadOnlyMemory<byte>> ReadCertificateList(AsnReader wrapped)
    {
        var sequence = wrapped.ReadSequence();
        List<ReadOnlyMemory<byte>> certificates = [];
        while (sequence.HasData)
        {
            if (certificates.Count == MaxCertificates || !sequence.NextIs(UniversalTagNumber.Sequence))
                throw new AsnContentException("OCSP: not a list of certificates, or a very long one");
            certificates.Add(sequence.ReadEncodedValue());
        }
        return certificates;
    }
}
