using Jpki.X509;

namespace Jpki.Forms.Viewing;

/// <summary>Extensions about CRLs: where they are, which they are, when the next one comes.</summary>
internal static class CrlExtensionView
{
    /// <summary>False for any other extension.</summary>
    public static bool TryRead(Sheet sheet, Extension extension)
    {
        switch (extension.Oid)
        {
            case Oids.CrlDistributionPoints:
            case Oids.FreshestCrl:
                foreach (var point in Extensions.ReadCrlDistributionPoints(extension))
                    sheet.AddSection("distributionPoint", null, inner => AddPoint(inner, point));
                return true;
            case Oids.IssuingDistributionPoint:
                AddScope(sheet, Extensions.ReadIssuingDistributionPoint(extension));
                return true;
            case Oids.CrlNumber:
            case Oids.DeltaCrlIndicator:
                sheet.Add("number", $"{Extensions.ReadCrlNumber(extension)}");
                return true;
            case Oids.NextPublish:
                sheet.AddTime("nextPublish", Extensions.ReadNextPublish(extension));
                return true;
            default:
                return false;
        }
    }

    /// <summary>Which certificates a CRL speaks for, in words.</summary>
    public static string ScopeOf(Sheet sheet, IssuingDistributionPoint? point) => point switch
    {
        null => sheet.Say("発行者のすべての証明書", "every certificate of the issuer"),
        { OnlyContainsUserCerts: true } => sheet.Say("利用者の証明書のみ", "end entities' certificates only"),
        { OnlyContainsCaCerts: true } => sheet.Say("認証局の証明書のみ（ARL）", "CA certificates only (ARL)"),
        { OnlyContainsAttributeCerts: true } => sheet.Say("属性証明書のみ", "attribute certificates only"),
        _ => sheet.Say("この配布点の証明書", "the certificates of this point"),
    };

    private static void AddScope(Sheet sheet, IssuingDistributionPoint point)
    {
        sheet.Add("scope", ScopeOf(sheet, point) + (point.IndirectCrl ? sheet.Say("（間接 CRL）", " (indirect)") : ""));
        AddName(sheet, point.Name);
        if (point.OnlySomeReasons is { } reasons)
            sheet.Add("reasons", reasons.ToString());
    }

    private static void AddPoint(Sheet sheet, DistributionPoint point)
    {
        AddName(sheet, point.Name);
        if (point.Reasons is { } reasons)
            sheet.Add("reasons", reasons.ToString());
        if (point.CrlIssuer is { } issuer)
            sheet.AddSection("crlIssuer", null, inner => NameView.AddAll(inner, issuer));
    }

    private static void AddName(Sheet sheet, DistributionPointName? name)
    {
        NameView.AddAll(sheet, name?.FullName ?? []);
        if (name?.NameRelativeToCrlIssuer is { } relative)
            sheet.Add("general", Name.Of([relative]).ToString());
        foreach (var directory in name?.FullName.Select(n => n.DirectoryName).OfType<Name>() ?? [])
            NameView.AddMunicipality(sheet, directory);
    }
}
