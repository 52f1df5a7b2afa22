using System.Formats.Asn1;
using System.Globalization;
using Jpki.Cps;

namespace Jpki.Forms.Viewing;

/// <summary>Collects the lines of a view; whatever goes through it is bounded and harmless.</summary>
internal sealed class Sheet(ViewOptions options)
{
    /// <summary>A certificate without end says 99991231235959Z (RFC 5280 4.1.2.5): too late for Japan.</summary>
    private static readonly DateTimeOffset LastJapaneseTime = DateTimeOffset.MaxValue - JapanTime.Offset;

    private readonly List<ViewLine> lines = [];

    public ViewOptions Options => options;

    public IReadOnlyList<ViewLine> Lines => lines;

    public string Say(string japanese, string english) =>
        options.Language == ReaderLanguage.Japanese ? japanese : english;

    public string Say((string Japanese, string English) words) => Say(words.Japanese, words.English);

    public void Add(string key, string value, string? raw = null) =>
        Add(new(key, Say(Labels.Of(key)), Printable.Text(value)) { Raw = raw is null ? null : Printable.Text(raw) });

    public void Add(ViewLine line) => lines.Add(line);

    public void AddHex(string key, ReadOnlySpan<byte> octets) => Add(key, Printable.Hex(octets));

    public void AddTime(string key, DateTimeOffset at) => Add(key, Time(at), Raw(at));

    public void AddSection(string key, string? value, Action<Sheet> fill) =>
        AddSection(key, Say(Labels.Of(key)), value, fill);

    /// <summary>Lines below a line. What cannot be read becomes a line that says so.</summary>
    public void AddSection(string key, string label, string? value, Action<Sheet> fill, string? raw = null)
    {
        Sheet inner = new(options);
        inner.Try(fill);
        Add(new(key, Printable.Text(label), value is null ? null : Printable.Text(value))
        {
            Raw = raw,
            Lines = inner.lines.Count == 0 ? null : inner.lines,
        });
    }

    /// <summary>Fills, and says so when the octets are not what they should be.</summary>
    public void Try(Action<Sheet> fill)
    {
        try
        {
            fill(this);
        }
        catch (Exception e) when (IsMalformed(e))
        {
            Add("malformed", e.Message);
        }
    }

    /// <summary>What decoders throw at strangers' octets.</summary>
    public static bool IsMalformed(Exception e) =>
        e is AsnContentException or FormatException or OverflowException or ArgumentException;

    /// <summary>令和8年（2026年）11月24日 10時00分00秒 JST, or 24 November 2026 10:00:00 JST (Reiwa 8).</summary>
    public string Time(DateTimeOffset at)
    {
        if (at > LastJapaneseTime)
            return Say("期限の定めなし", "no end");
        var local = at.ToOffset(JapanTime.Offset);
        var day = DateOnly.FromDateTime(local.DateTime);
        return options.Language == ReaderLanguage.Japanese
            ? $"{Eras.ForPeople(day)} {local.Hour:D2}時{local.Minute:D2}分{local.Second:D2}秒 JST"
            : string.Create(CultureInfo.InvariantCulture, $"{local:d MMMM yyyy HH:mm:ss} JST{EnglishEra(day)}");
    }

    private static string Raw(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string EnglishEra(DateOnly day) => Eras.Of(day) is not Era.Unknown and var era
        ? $" ({Eras.RomajiOf(era)} {Eras.YearInEra(new(era, day.Year, day.Month, day.Day))})"
        : "";
}
