using System.Formats.Asn1;
using Jpki.X509;

namespace Jpki.Host.Negatives;

/// <summary>Ways to spoil what was right.</summary>
internal static class Bending
{
    public static CertificateContent Without(this CertificateContent content, string oid) =>
        content with { Extensions = [.. content.Extensions.Where(e => e.Oid != oid)] };

    public static CertificateContent Replacing(
        this CertificateContent content, string oid, Func<Extension, Extension> by) =>
        content with { Extensions = [.. content.Extensions.Select(e => e.Oid == oid ? by(e) : e)] };

    public static CertificateContent Adding(this CertificateContent content, Extension extension) =>
        content with { Extensions = [.. content.Extensions, extension] };

    public static CrlContent Replacing(this CrlContent content, string oid, Extension by) =>
        content with { Extensions = [.. content.Extensions.Select(e => e.Oid == oid ? by : e)] };

    /// <summary>The same octets but for one text, which must have the same length in UTF-8.</summary>
    public static byte[] Forged(Certificate certificate, string was, string becomes)
    {
        var der = certificate.Der.ToArray();
        var place = der.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(was));
        System.Text.Encoding.UTF8.GetBytes(becomes).CopyTo(der.AsSpan(place));
        return der;
    }

    /// <summary>The last bit of a signature turned over: it is the last of the octets.</summary>
    public static byte[] WithLastBitTurned(ReadOnlyMemory<byte> der)
    {
        var octets = der.ToArray();
        octets[^1] ^= 1;
        return octets;
    }

    /// <summary>An extension that nobody knows, and that nobody may pass over.</summary>
    public static Extension UnknownCritical { get; } =
        new("1.2.392.200149.8.5.999", Critical: true, new byte[] { 0x05, 0x00 });

    /// <summary>The otherName values of a subjectAltName, under OIDs and string types of one's own choice.</summary>
    public static Extension OtherNames(
        params (string Oid, string Text, UniversalTagNumber Type)[] values)
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        Asn1Tag zero = new(TagClass.ContextSpecific, 0, isConstructed: true);
        using (writer.PushSequence())
        {
            foreach (var (oid, text, type) in values)
            {
                using (writer.PushSequence(zero))
                {
                    writer.WriteObjectIdentifier(oid);
                    using (writer.PushSequence(zero))
                        writer.WriteCharacterString(type, text);
                }
            }
        }
        return new(Oids.SubjectAltName, Critical: false, writer.Encode());
    }
}
