using System.Formats.Asn1;

namespace Jpki.X509;

/// <summary>One type and value of a name. <see cref="Text"/> is null when the value is no character string.</summary>
public sealed record AttributeTypeAndValue(string Oid, string? Text, ReadOnlyMemory<byte> ValueDer)
{
    public static AttributeTypeAndValue Read(AsnReader outer)
    {
        var reader = outer.ReadSequence();
        var oid = reader.ReadObjectIdentifier();
        var value = reader.ReadEncodedValue();
        reader.ThrowIfNotEmpty();
        return new(oid, ReadText(value), value);
    }

    /// <summary>PrintableString for country and its like, IA5String where RFCs ask, else UTF8String.</summary>
    public static AttributeTypeAndValue Of(string oid, string text) =>
        new(oid, text, Der.Write(w => w.WriteCharacterString(StringTypeOf(oid), text)));

    public void Write(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oid);
            writer.WriteEncodedValue(ValueDer.Span);
        }
    }

    internal static string? ReadText(ReadOnlyMemory<byte> value)
    {
        var reader = Der.Open(value);
        var tag = reader.PeekTag();
        var isText = tag.TagClass == TagClass.Universal && (UniversalTagNumber)tag.TagValue
            is UniversalTagNumber.UTF8String or UniversalTagNumber.PrintableString or UniversalTagNumber.IA5String
            or UniversalTagNumber.BMPString or UniversalTagNumber.T61String or UniversalTagNumber.VisibleString
            or UniversalTagNumber.NumericString;
        if (!isText)
            return null;
        var text = reader.ReadCharacterString((UniversalTagNumber)tag.TagValue);
        reader.ThrowIfNotEmpty();
        return text;
    }

    private static UniversalTagNumber StringTypeOf(string oid) => oid switch
    {
        Oids.CountryName or Oids.SerialNumber or Oids.DnQualifier => UniversalTagNumber.PrintableString,
        Oids.DomainComponent or Oids.EmailAddress => UniversalTagNumber.IA5String,
        _ => UniversalTagNumber.UTF8String,
    };
}
