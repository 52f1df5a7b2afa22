using Jpki.X509;

namespace Jpki.Forms.Viewing;

/// <summary>Each extension by its name and criticality, with its meaning below; the unknown as hex.</summary>
internal static class ExtensionView
{
    private static readonly (KeyUsages Bit, string Japanese, string English)[] Usages =
    [
        (KeyUsages.DigitalSignature, "デジタル署名", "digitalSignature"),
        (KeyUsages.NonRepudiation, "否認防止", "nonRepudiation"),
        (KeyUsages.KeyEncipherment, "鍵の暗号化", "keyEncipherment"),
        (KeyUsages.DataEncipherment, "データの暗号化", "dataEncipherment"),
        (KeyUsages.KeyAgreement, "鍵共有", "keyAgreement"),
        (KeyUsages.KeyCertSign, "証明書への署名", "keyCertSign"),
        (KeyUsages.CrlSign, "CRL への署名", "cRLSign"),
        (KeyUsages.EncipherOnly, "暗号化のみ", "encipherOnly"),
        (KeyUsages.DecipherOnly, "復号のみ", "decipherOnly"),
    ];

    public static void AddAll(Sheet sheet, IReadOnlyList<Extension> extensions)
    {
        if (extensions.Count == 0)
            return;
        sheet.AddSection("extensions", null, inner =>
        {
            foreach (var extension in extensions)
                Add(inner, extension);
        });
    }

    private static void Add(Sheet sheet, Extension extension)
    {
        var criticality = extension.Critical ? sheet.Say("重要", "critical") : sheet.Say("重要でない", "not critical");
        sheet.AddSection(
            OidNames.Of(extension.Oid).English, OidNames.WithOid(sheet, extension.Oid), criticality, inner =>
            {
                try
                {
                    Read(inner, extension);
                }
                catch (Exception e) when (Sheet.IsMalformed(e))
                {
                    inner.Add("malformed", e.Message);
                    inner.AddHex("hex", extension.Value.Span);
                }
            },
            extension.Oid);
    }

    private static void Read(Sheet sheet, Extension extension)
    {
        switch (extension.Oid)
        {
            case Oids.KeyUsage:
                AddUsages(sheet, Extensions.ReadKeyUsage(extension));
                break;
            case Oids.BasicConstraints:
                var constraints = Extensions.ReadBasicConstraints(extension);
                sheet.Add("isCa", constraints.IsCa ? sheet.Say("はい", "yes") : sheet.Say("いいえ", "no"));
                if (constraints.PathLength is { } length)
                    sheet.Add("pathLength", $"{length}");
                break;
            case Oids.SubjectKeyIdentifier:
                sheet.AddHex("keyIdentifier", Extensions.ReadSubjectKeyIdentifier(extension));
                break;
            case Oids.AuthorityKeyIdentifier:
                AddIssuer(sheet, Extensions.ReadAuthorityKeyIdentifier(extension));
                break;
            case Oids.SubjectAltName:
            case Oids.IssuerAltName:
                NameView.AddAll(sheet, Extensions.ReadSubjectAltName(extension));
                break;
            case Oids.ExtendedKeyUsage:
                foreach (var purpose in Extensions.ReadExtendedKeyUsage(extension))
                    sheet.Add("purpose", OidNames.WithOid(sheet, purpose), purpose);
                break;
            case Oids.OcspNoCheck:
                Extensions.ReadOcspNoCheck(extension);
                break;
            default:
                if (!PolicyExtensionView.TryRead(sheet, extension) && !CrlExtensionView.TryRead(sheet, extension))
                    sheet.AddHex("hex", extension.Value.Span);
                break;
        }
    }

    private static void AddUsages(Sheet sheet, KeyUsages usages) => sheet.Add("usages", string.Join(
        sheet.Say("、", ", "),
        Usages.Where(u => usages.HasFlag(u.Bit)).Select(u => sheet.Say(u.Japanese, u.English))), usages.ToString());

    private static void AddIssuer(Sheet sheet, AuthorityKeyIdentifier issuer)
    {
        if (issuer.KeyIdentifier is { } key)
            sheet.AddHex("keyIdentifier", key);
        NameView.AddAll(sheet, issuer.Issuer ?? []);
        if (issuer.Serial is { } serial)
            sheet.Add("serial", serial.ToString());
    }
}
