using System.Globalization;
using System.Text;

namespace Jpki.Forms.Viewing;

/// <summary>Strangers' text and octets, bounded, and harmless to a terminal.</summary>
internal static class Printable
{
    private const int MostCharacters = 1000;
    private const int MostOctets = 64;

    /// <summary>Controls, text directions and half characters are written as their code points.</summary>
    public static string Text(string text)
    {
        StringBuilder printable = new(Math.Min(text.Length, MostCharacters));
        foreach (var rune in text.EnumerateRunes())
        {
            if (printable.Length >= MostCharacters)
                return printable.Append(CultureInfo.InvariantCulture, $"…({text.Length})").ToString();
            if (IsHarmless(rune))
                printable.Append(rune);
            else
                printable.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:X4}}}");
        }
        return printable.ToString();
    }

    /// <summary>30:82:01…, at most 64 octets of it.</summary>
    public static string Hex(ReadOnlySpan<byte> octets)
    {
        var shown = octets[..Math.Min(octets.Length, MostOctets)];
        StringBuilder hex = new(shown.Length * 3);
        foreach (var octet in shown)
            hex.Append(hex.Length == 0 ? "" : ":").Append(CultureInfo.InvariantCulture, $"{octet:X2}");
        return shown.Length == octets.Length ? hex.ToString() : $"{hex}…({octets.Length})";
    }

    private static bool IsHarmless(Rune rune) => Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate);
}
