using System.Formats.Asn1;

namespace Jpki.X509;

/// <summary>The small pieces that OCSP requests and responses share. (RFC 6960, appendix B)</summary>
internal static class OcspDer
{
    public const string Basic = "1.3.6.1.5.5.7.48.1.1";
    public const string Nonce = "1.3.6.1.5.5.7.48.1.2";
    public const string AcceptableResponses = "1.3.6.1.5.5.7.48.1.4";
    public const string Sha1 = "1.3.14.3.2.26";
    public const string Sha256 = "2.16.840.1.101.3.4.2.1";

    private const int MaxNonceBytes = 128;
    private const int MaxExtensions = 16;

    public static readonly Asn1Tag Tag0 = new(TagClass.ContextSpecific, 0, isConstructed: true);
    public static readonly Asn1Tag Tag1 = new(TagClass.ContextSpecific, 1, isConstructed: true);
    public static readonly Asn1Tag Tag2 = new(TagClass.ContextSpecific, 2, isConstructed: true);

    /// <summary>What an EXPLICIT tag wraps: exactly one value follows in the reader; null when the tag is not next.</summary>
    public static AsnReader? ReadExplicit(AsnReader reader, Asn1Tag tag) =>
        reader.HasData && reader.PeekTag().HasSameClassAndValue(tag) ? reader.ReadSequence(tag) : null;

    /// <summary>Version v1, spelled out or left out: some writers spell it out, and openssl reads both.</summary>
    public static void ReadVersion(AsnReader reader)
    {
        if (ReadExplicit(reader, Tag0) is not { } version)
            return;
        if (!version.TryReadInt32(out var number) || number != 0)
            throw new AsnContentException("OCSP: not version 1");
        version.ThrowIfNotEmpty();
    }

    /// <summary>An AlgorithmIdentifier whose parameters are NULL or absent.</summary>
    public static string ReadAlgorithm(AsnReader reader)
    {
        var sequence = reader.ReadSequence();
        var oid = sequence.ReadObjectIdentifier();
        if (sequence.HasData)
            sequence.ReadNull();
        sequence.ThrowIfNotEmpty();
        return oid;
    }

    public static IReadOnlyList<ReadOnlyMemory<byte>> ReadCertificates(AsnReader reader, int max)
    {
        List<ReadOnlyMemory<byte>> certificates = [];
        if (ReadExplicit(reader, Tag0) is not { } wrapped)
            return certificates;
        var sequence = wrapped.ReadSequence();
        wrapped.ThrowIfNotEmpty();
        while (sequence.HasData)
        {
            if (certificates.Count == max)
                throw new AsnContentException($"OCSP: more than {max} certificates");
            certificates.Add(sequence.PeekEncodedValue());
            sequence.ReadSequence();
        }
        return certificates;
    }

    /// <summary>Extensions behind an EXPLICIT tag; none twice, and none critical that nobody here understands.</summary>
    public static IReadOnlyList<Extension> ReadExtensions(
        AsnReader reader, Asn1Tag tag, params ReadOnlySpan<string> understood)
    {
        List<Extension> extensions = [];
        if (ReadExplicit(reader, tag) is not { } wrapped)
            return extensions;
        var sequence = wrapped.ReadSequence();
        wrapped.ThrowIfNotEmpty();
        if (!sequence.HasData)
            throw new AsnContentException("OCSP: Extensions without an Extension");   // RFC 5280 4.1: SIZE (1..MAX)
        while (sequence.HasData)
        {
            var extension = ReadExtension(sequence);
            if (extensions.Count == MaxExtensions || extensions.Exists(e => e.Oid == extension.Oid))
                throw new AsnContentException($"OCSP: extension {extension.Oid} is one too many");
            // RFC 6960 4.4: an unrecognised extension is ignored, unless it is critical.
            if (extension.Critical && !understood.Contains(extension.Oid))
                throw new AsnContentException($"OCSP: critical extension {extension.Oid} is not understood");
            extensions.Add(extension);
        }
        return extensions;
    }

    /// <summary>The nonce among the extensions: 1 to 128 octets. (RFC 9654, 2.1)</summary>
    public static ReadOnlyMemory<byte>? FindNonce(IReadOnlyList<Extension> extensions)
    {
        if (extensions.FirstOrDefault(e => e.Oid == Nonce) is not { } extension)
            return null;
        AsnReader value = new(extension.Value, AsnEncodingRules.DER);
        var nonce = value.ReadOctetString();
        value.ThrowIfNotEmpty();
        return nonce.Length is >= 1 and <= MaxNonceBytes
            ? nonce
            : throw new AsnContentException($"OCSP: a nonce of {nonce.Length} octets");
    }

    public static void WriteNonce(AsnWriter writer, Asn1Tag tag, ReadOnlySpan<byte> nonce)
    {
        if (nonce.Length is < 1 or > MaxNonceBytes)
            throw new ArgumentException($"a nonce has 1 to {MaxNonceBytes} octets", nameof(nonce));
        using (writer.PushSequence(tag))
        using (writer.PushSequence())
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Nonce);
            using (writer.PushOctetString())
                writer.WriteOctetString(nonce);
        }
    }

    /// <summary>The part that requests and basic responses end with: algorithm, signature, certificates.</summary>
    public static void WriteSignature(
        AsnWriter writer, SignatureAlgorithm algorithm, byte[] signature, IReadOnlyList<Certificate> certificates)
    {
        WriteAlgorithm(writer, algorithm);
        writer.WriteBitString(signature);
        if (certificates.Count == 0)
            return;
        using (writer.PushSequence(Tag0))
        using (writer.PushSequence())
        {
            foreach (var certificate in certificates)
                writer.WriteEncodedValue(certificate.Der.Span);
        }
    }

    /// <summary>A time to the second; fractions are not for DER of this family. (RFC 5280, 4.1.2.5.2)</summary>
    public static DateTimeOffset ReadTime(AsnReader reader) =>
        reader.ReadGeneralizedTime() is var time && time.Ticks % TimeSpan.TicksPerSecond == 0
            ? time
            : throw new AsnContentException("OCSP: a time with a fraction of a second");

    public static void WriteTime(AsnWriter writer, DateTimeOffset time) =>
        writer.WriteGeneralizedTime(time, omitFractionalSeconds: true);

    public static byte[] ReadWholeBits(AsnReader reader)
    {
        var bits = reader.ReadBitString(out var unused);
        return unused == 0 ? bits : throw new AsnContentException("OCSP: a signature with unused bits");
    }
}
