using System.Formats.Asn1;

namespace Jpki.X509;

/// <summary>A RelativeDistinguishedName: a set of attributes, nearly always of one. 相対識別名</summary>
public sealed record Rdn(IReadOnlyList<AttributeTypeAndValue> Attributes)
{
    private const int MaxAttributes = 16;

    public static Rdn Read(AsnReader outer, Asn1Tag? tag = null)
    {
        var reader = outer.ReadSetOf(tag);
        var attributes = new List<AttributeTypeAndValue>();
        do
        {
            attributes.Add(AttributeTypeAndValue.Read(reader));
        }
        while (reader.HasData && attributes.Count < MaxAttributes);
        reader.ThrowIfNotEmpty();
        return new(attributes);
    }

    public void Write(AsnWriter writer, Asn1Tag? tag = null)
    {
        using (writer.PushSetOf(tag))
        {
            foreach (var attribute in Attributes)
                attribute.Write(writer);
        }
    }
}
