using System.Formats.Asn1;

namespace Jpki.X509;

/// <summary>One extension; the value is the DER inside the OCTET STRING (RFC 5280 4.1). 拡張</summary>
public sealed record Extension(string Oid, bool Critical, ReadOnlyMemory<byte> Value)
{
    private const int MaxExtensions = 64;

    /// <summary>Extensions ::= SEQUENCE SIZE (1..MAX) OF Extension, each at most once (RFC 5280 4.2).</summary>
    public static IReadOnlyList<Extension> ReadList(AsnReader outer)
    {
        var reader = outer.ReadSequence();
        var extensions = new List<Extension>();
        do
        {
            var extension = Read(reader.ReadSequence());
            if (extensions.Count == MaxExtensions || extensions.Exists(e => e.Oid == extension.Oid))
                throw new AsnContentException("an extension appears twice, or there are too many");
            extensions.Add(extension);
        }
        while (reader.HasData);
        return extensions;
    }

    public static void WriteList(AsnWriter writer, IEnumerable<Extension> extensions)
    {
        using (writer.PushSequence())
        {
            foreach (var extension in extensions)
                extension.Write(writer);
        }
    }

    private static Extension Read(AsnReader reader)
    {
        var oid = reader.ReadObjectIdentifier();
        var critical = reader.ReadDefaultFalse();
        if (!reader.TryReadPrimitiveOctetString(out var value))
            throw new AsnContentException("an extension value is not primitive");
        reader.ThrowIfNotEmpty();
        return new(oid, critical, value);
    }

    private void Write(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oid);
            if (Critical)
                writer.WriteBoolean(true);
            writer.WriteOctetString(Value.Span);
        }
    }
}
