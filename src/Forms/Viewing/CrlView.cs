using Jpki.X509;

namespace Jpki.Forms.Viewing;

/// <summary>A CRL or ARL, for people. Its entries are read as they are written out, however many. 失効リスト</summary>
internal static class CrlView
{
    public static ViewLine Of(Crl crl, ViewOptions options)
    {
        Sheet sheet = new(options);
        sheet.Try(s => Fill(s, crl));
        return new("crl", sheet.Say(Labels.Of("crl")), KindOf(sheet, crl)) { Lines = sheet.Lines };
    }

    private static void Fill(Sheet sheet, Crl crl)
    {
        NameView.AddName(sheet, "issuer", crl.Issuer);
        if (PointOf(crl)?.Name?.FullName.Select(n => n.DirectoryName).OfType<Name>().FirstOrDefault() is { } point)
            NameView.AddMunicipality(sheet, point);
        sheet.AddTime("thisUpdate", crl.ThisUpdate);
        if (crl.NextUpdate is { } next)
            sheet.AddTime("nextUpdate", next);
        CertificateView.AddAlgorithm(sheet, crl.Algorithm);
        ExtensionView.AddAll(sheet, crl.Extensions);
        AddEntries(sheet, crl);
        CertificateView.AddFingerprints(sheet, crl.Der.Span);
        sheet.Add("version", $"v{crl.Version}");
    }

    private static string KindOf(Sheet sheet, Crl crl) => CrlExtensionView.ScopeOf(sheet, PointOf(crl));

    private static void AddEntries(Sheet sheet, Crl crl)
    {
        long count = 0;
        string? trouble = null;
        try
        {
            foreach (var _ in crl.Entries())
                count++;
        }
        catch (Exception e) when (Sheet.IsMalformed(e))
        {
            trouble = e.Message;
        }
        var shown = Math.Min(count, sheet.Options.MostEntries);
        sheet.Add(new("entries", sheet.Say(Labels.Of("entries")), sheet.Say($"{count}件", $"{count}"))
        {
            Raw = $"{count}",
            Lines = count == 0 && trouble is null ? null : Lines(sheet.Options, crl, shown, count - shown, trouble),
        });
    }

    private static IEnumerable<ViewLine> Lines(
        ViewOptions options, Crl crl, long shown, long omitted, string? trouble)
    {
        foreach (var entry in shown == 0 ? [] : crl.Entries().Take((int)shown))
            yield return Line(options, entry);
        Sheet rest = new(options);
        if (omitted > 0)
            rest.Add("omitted", rest.Say($"ほか{omitted}件", $"{omitted} more"));
        if (trouble is not null)
            rest.Add("malformed", trouble);
        foreach (var line in rest.Lines)
            yield return line;
    }

    private static ViewLine Line(ViewOptions options, RevokedEntry entry)
    {
        Sheet sheet = new(options);
        sheet.AddTime("revokedAt", entry.RevokedAt);
        var code = entry.ReasonCode;
        sheet.Add("reason", RevocationWords.Of(sheet, code), code is null ? null : $"{code}");
        if (entry.CertificateIssuer is { } issuer)
            NameView.AddName(sheet, "certificateIssuer", issuer);
        if (entry.HasUnknownCriticalExtension)
            sheet.Add("malformed", sheet.Say("分からない重要な拡張がある", "an unknown critical extension"));
        return new("entry", sheet.Say(Labels.Of("serial")), entry.Serial.ToString()) { Lines = sheet.Lines };
    }

    /// <summary>Null where there is none, or it cannot be read: then its own line says so.</summary>
    private static IssuingDistributionPoint? PointOf(Crl crl)
    {
        try
        {
            return crl.Find(Oids.IssuingDistributionPoint) is { } extension
                ? Extensions.ReadIssuingDistributionPoint(extension) : null;
        }
        catch (Exception e) when (Sheet.IsMalformed(e))
        {
            return null;
        }
    }
}
