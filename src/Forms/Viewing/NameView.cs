using System.Net;
using Jpki.Cps;
using Jpki.X509;

namespace Jpki.Forms.Viewing;

/// <summary>Names: RFC 4514 texts, general names, and the municipality that a name is about.</summary>
internal static class NameView
{
    private const string PointSuffix = " CRLDP";

    public static void AddName(Sheet sheet, string key, Name name) =>
        sheet.Add(key, name.IsEmpty ? sheet.Say("（空）", "(empty)") : name.ToString());

    /// <summary>dNSName www.example.jp, directoryName OU=…, 氏名 見本　花子.</summary>
    public static void AddGeneral(Sheet sheet, GeneralName name, string key = "general")
    {
        var kind = sheet.Say(KindOf(name.Kind));
        if (name.OtherNameOid is { } oid)
        {
            var value = name.Text ?? Printable.Hex(name.Der.Span);
            sheet.Add(key, $"{sheet.Say(OidNames.Of(oid))}: {value}", $"{oid}={value}");
        }
        else
        {
            sheet.Add(key, $"{kind}: {ValueOf(name)}");
        }
    }

    public static void AddAll(Sheet sheet, IEnumerable<GeneralName> names)
    {
        foreach (var name in names)
            AddGeneral(sheet, name);
    }

    /// <summary>The place of a subject (its last L) or of a CRL (its distribution point's CN), if we know it.</summary>
    public static string? MunicipalityOf(Name name)
    {
        var romaji = name.Values(Oids.LocalityName).LastOrDefault()
            ?? name.Values(Oids.CommonName).Where(cn => cn.EndsWith(PointSuffix, StringComparison.Ordinal))
                .Select(cn => cn[..^PointSuffix.Length]).FirstOrDefault();
        return romaji is null ? null : Municipalities.All
            .SelectMany(m => m.Wards.Select(w => (w.Romaji, w.Kanji)).Prepend((m.Romaji, m.Kanji)))
            .FirstOrDefault(place => place.Romaji == romaji).Kanji;
    }

    public static void AddMunicipality(Sheet sheet, Name name)
    {
        if (MunicipalityOf(name) is { } municipality)
            sheet.Add("municipality", municipality);
    }

    private static string ValueOf(GeneralName name) => name switch
    {
        { DirectoryName: { } directory } => directory.ToString(),
        { Text: { } text } => text,
        { IpAddress.Length: 4 or 16 } => new IPAddress(name.IpAddress.Span).ToString(),
        _ => Printable.Hex(name.Der.Span),
    };

    private static (string Japanese, string English) KindOf(GeneralNameKind kind) => kind switch
    {
        GeneralNameKind.OtherName => ("その他の名称", "otherName"),
        GeneralNameKind.Rfc822Name => ("電子メール", "rfc822Name"),
        GeneralNameKind.DnsName => ("DNS 名", "dNSName"),
        GeneralNameKind.DirectoryName => ("識別名", "directoryName"),
        GeneralNameKind.UniformResourceIdentifier => ("URI", "URI"),
        GeneralNameKind.IpAddress => ("IP アドレス", "iPAddress"),
        GeneralNameKind.RegisteredId => ("登録 OID", "registeredID"),
        _ => (kind.ToString(), kind.ToString()),
    };
}
