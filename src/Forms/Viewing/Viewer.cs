using System.Security.Cryptography;
using System.Text;
using Jpki.X509;

namespace Jpki.Forms.Viewing;

/// <summary>
/// Shows any certificate, CRL, OCSP message or PKCS#10 request to people: octets in, a tree of labelled lines out. It
/// proves nothing: no signature is trusted here, and what cannot be read is shown as it lies.
/// </summary>
public static class Viewer
{
    /// <summary>DER or PEM, also several PEM objects one after the other, also bare base64.</summary>
    /// <exception cref="FormatException">There is nothing to show: no octets, or text without an object.</exception>
    public static IReadOnlyList<ViewLine> Show(ReadOnlyMemory<byte> file, ViewOptions options) =>
        IsDer(file.Span) ? [Of(file, options)] : [.. ReadText(file.Span, options)];

    /// <summary>One DER object.</summary>
    public static ViewLine Of(ReadOnlyMemory<byte> der, ViewOptions options)
    {
        (string Kind, Func<ViewLine> Read)[] readers =
        [
            ("certificate", () => CertificateView.Of(Certificate.Read(der), options)),
            ("CRL", () => CrlView.Of(Crl.Read(der), options)),
            ("OCSP response", () => OcspView.Of(OcspResponse.Read(der), options)),
            ("PKCS#10", () => RequestView.Of(CertificationRequest.Read(der), options)),
            ("OCSP request", () => OcspView.Of(OcspRequest.Read(der), options)),
        ];
        List<string> reasons = [];
        foreach (var (kind, read) in readers)
        {
            try
            {
                return read();
            }
            catch (Exception e) when (Sheet.IsMalformed(e))
            {
                reasons.Add($"{kind}: {e.Message}");
            }
        }
        return Asn1View.Of(der, string.Join(" / ", reasons), options);
    }

    /// <summary>A SEQUENCE: everything that is shown here is one, and no text starts so.</summary>
    private static bool IsDer(ReadOnlySpan<byte> file) => file is [0x30, not (byte)'0' and not (byte)'\n', ..];

    private static List<ViewLine> ReadText(ReadOnlySpan<byte> file, ViewOptions options)
    {
        var text = Encoding.Latin1.GetString(file);
        List<ViewLine> shown = [];
        for (var rest = text.AsSpan(); PemEncoding.TryFind(rest, out var fields); rest = rest[fields.Location.End..])
        {
            if (shown.Count == options.MostEntries)
            {
                Sheet sheet = new(options);
                sheet.Add("omitted", sheet.Say("以降の PEM", "further PEM objects"));
                return [.. shown, .. sheet.Lines];
            }
            shown.Add(Of(Convert.FromBase64String(rest[fields.Base64Data].ToString()), options));
        }
        return shown.Count > 0 ? shown : [Of(FromBase64(text), options)];
    }

    private static byte[] FromBase64(string text)
    {
        try
        {
            return Convert.FromBase64String(text) is { Length: > 0 } der ? der : throw new FormatException();
        }
        catch (FormatException e)
        {
            throw new FormatException("neither DER nor PEM", e);
        }
    }
}
