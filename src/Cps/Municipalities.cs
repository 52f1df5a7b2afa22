namespace Jpki.Cps;

/// <summary>
/// A ward of a designated city: part of addresses, not a counter or a CRL partition of its own here. 区
/// </summary>
public sealed record Ward(string Code5, string Code6, string Kanji, string Kana, string Romaji);

/// <summary>One of the prefecture's cities, towns and villages. 市町村</summary>
/// <param name="Code5">JIS X 0402: <c>11201</c>.</param>
/// <param name="Code6">The same with its check digit: <c>112011</c>.</param>
/// <param name="Kanji">川越市</param>
/// <param name="Kana">カワゴエシ</param>
/// <param name="Romaji">As in a certificate's subject: <c>Kawagoe-shi</c>.</param>
/// <param name="Wards">Empty but for Saitama-shi.</param>
public sealed record Municipality(
    string Code5, string Code6, string Kanji, string Kana, string Romaji, IReadOnlyList<Ward> Wards)
{
    /// <summary>The county a town or village lies in, as an address names it; empty for a city. 郡</summary>
    public string County => Code5[..4] switch
    {
        "1130" => "北足立郡",
        "1132" => "入間郡",
        "1134" => "比企郡",
        "1136" => "秩父郡",
        "1138" => "児玉郡",
        "1140" => "大里郡",
        "1144" => "南埼玉郡",
        "1146" => "北葛飾郡",
        _ => "",
    };

    /// <summary>
    /// The second L of a subject who lives at that address: the ward in a designated city
    /// (<c>Saitama-shi-Urawa-ku</c>), else the municipality; null when the address does not lie here. An address starts
    /// with the prefecture and may leave out the county.
    /// </summary>
    public string? LocalityOf(string address)
    {
        if (!address.StartsWith(Municipalities.Prefecture, StringComparison.Ordinal))
            return null;
        var rest = address.AsSpan(Municipalities.Prefecture.Length);
        if (County.Length > 0 && rest.StartsWith(County))
            rest = rest[County.Length..];
        foreach (var ward in Wards)
        {
            if (rest.StartsWith(ward.Kanji))
                return ward.Romaji;
        }
        return Wards.Count == 0 && rest.StartsWith(Kanji) ? Romaji : null;
    }
}

/// <summary>The 63 municipalities of Saitama: each has counters and a CRL partition. (CPS 4-4-4-4)</summary>
public static class Municipalities
{
    /// <summary>What every address in it begins with.</summary>
    public const string Prefecture = "埼玉県";

    private const string SaitamaShi = "11100";

    public static IReadOnlyList<Municipality> All { get; } = Read();

    private static readonly Dictionary<string, Municipality> ByCode = All.ToDictionary(m => m.Code5);

    /// <summary>
    /// By the second L of a resident's subject: a municipality's romaji or a ward's; null for neither.
    /// </summary>
    public static Municipality? OfLocality(string romaji) =>
        All.FirstOrDefault(m => m.Romaji == romaji || m.Wards.Any(w => w.Romaji == romaji));

    /// <summary>By its five digits; null when the prefecture has no such municipality.</summary>
    public static Municipality? Find(string code5) => ByCode.GetValueOrDefault(code5);

    private static Municipality[] Read()
    {
        Ward[] wards = [.. Rows("saitama-wards.csv").Select(r => new Ward(r[1], r[0], r[2], r[3], r[4]))];
        return [.. Rows("saitama-municipalities.csv")
            .Select(r => new Municipality(r[1], r[0], r[2], r[3], r[4], r[1] == SaitamaShi ? wards : []))];
    }

    private static IEnumerable<string[]> Rows(string file)
    {
        using var stream = typeof(Municipalities).Assembly.GetManifestResourceStream("Jpki.Cps.Data." + file)
            ?? throw new FileNotFoundException("embedded table is missing", file);
        using var reader = new StreamReader(stream);
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
            yield return line.Split(',');
    }
}
