using System.Formats.Asn1;
using System.Globalization;

namespace Jpki.Forms.Viewing;

/// <summary>Any ASN.1, element by element, as far as it goes: for what no reader here understands.</summary>
internal sealed class Asn1View
{
    private const int MostDepth = 12;
    private const int MostElements = 300;

    private int left = MostElements;

    private Asn1View()
    {
    }

    /// <summary>A view of octets, and why nothing better can be said of them.</summary>
    public static ViewLine Of(ReadOnlyMemory<byte> data, string reason, ViewOptions options)
    {
        Sheet sheet = new(options);
        sheet.Add("malformed", reason);
        new Asn1View().Fill(sheet, data, 0);
        CertificateView.AddFingerprints(sheet, data.Span);
        return new("unknown", sheet.Say(Labels.Of("unknown")), $"{data.Length} octets") { Lines = sheet.Lines };
    }

    private void Fill(Sheet sheet, ReadOnlyMemory<byte> data, int depth)
    {
        for (var rest = data; !rest.IsEmpty;)
        {
            if (left-- <= 0)
            {
                sheet.Add("omitted", $"{rest.Length} octets");
                return;
            }
            if (!AsnDecoder.TryReadEncodedValue(
                rest.Span, AsnEncodingRules.BER, out var tag, out var offset, out var length, out var consumed))
            {
                sheet.AddHex("hex", rest.Span);
                return;
            }
            Add(sheet, tag, rest[..consumed], rest.Slice(offset, length), depth);
            rest = rest[consumed..];
        }
    }

    private void Add(
        Sheet sheet, Asn1Tag tag, ReadOnlyMemory<byte> element, ReadOnlyMemory<byte> content, int depth)
    {
        var name = tag.TagClass == TagClass.Universal
            ? ((UniversalTagNumber)tag.TagValue).ToString() : $"[{tag.TagClass} {tag.TagValue}]";
        if (tag.IsConstructed && depth < MostDepth)
            sheet.AddSection("element", name, null, inner => Fill(inner, content, depth + 1));
        else
            sheet.Add(new("element", name, Printable.Text(ValueOf(tag, element, content))));
    }

    private static string ValueOf(Asn1Tag tag, ReadOnlyMemory<byte> element, ReadOnlyMemory<byte> content)
    {
        try
        {
            return TextOf(tag, new AsnReader(element, AsnEncodingRules.BER)) ?? Printable.Hex(content.Span);
        }
        catch (Exception e) when (Sheet.IsMalformed(e))
        {
            return Printable.Hex(content.Span);
        }
    }

    private static string? TextOf(Asn1Tag tag, AsnReader reader) =>
        tag.TagClass != TagClass.Universal || tag.IsConstructed ? null : (UniversalTagNumber)tag.TagValue switch
        {
            UniversalTagNumber.ObjectIdentifier => reader.ReadObjectIdentifier(),
            UniversalTagNumber.Boolean => reader.ReadBoolean() ? "TRUE" : "FALSE",
            UniversalTagNumber.UtcTime => reader.ReadUtcTime().ToString("u", CultureInfo.InvariantCulture),
            UniversalTagNumber.GeneralizedTime =>
                reader.ReadGeneralizedTime().ToString("u", CultureInfo.InvariantCulture),
            UniversalTagNumber.UTF8String or UniversalTagNumber.PrintableString or UniversalTagNumber.IA5String
                or UniversalTagNumber.BMPString or UniversalTagNumber.T61String or UniversalTagNumber.VisibleString
                or UniversalTagNumber.NumericString =>
                reader.ReadCharacterString((UniversalTagNumber)tag.TagValue),
            _ => null,
        };
}
