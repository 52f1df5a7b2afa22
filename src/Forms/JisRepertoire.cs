using System.Text;

namespace Jpki.Forms;

/// <summary>The characters that a terminal can write on a certificate: JIS X 0208 and JIS X 0212. (CPS 3-1-8)</summary>
public static class JisRepertoire
{
    // Code page 20932 is EUC-JP in two bytes: a second byte from A1 means JIS X 0208, one below 80 means JIS X 0212.
    private const int EucJp = 20932;

    // JIS X 0208 has signs in rows 1 to 8 and kanji in rows 16 to 84; what the code page has elsewhere is a vendor's.
    private const byte FirstKanjiRow = 0xB0;
    private const byte LastSignRow = 0xA8;
    private const byte LastKanjiRow = 0xF4;

    // JIS X 0212 ends with row 77; rows 83 and 84 of the code page are IBM's extensions (髙, 﨑).
    private const byte LastSupplementaryRow = 0xED;

    /// <summary>
    /// Signs of JIS X 0208 that Windows maps to another code point than JIS does: － for −, ～ for 〜, ∥ for ‖, ￠ ￡ ￢ for
    /// ¢ £ ¬. Addresses are typed with the first of them.
    /// </summary>
    private const string VendorTwins = "\uFF0D\uFF5E\u2225\uFFE0\uFFE1\uFFE2";

    /// <summary>№: in row 2 of JIS X 0212, where the code page has nothing, because NEC had put it elsewhere.</summary>
    private const char NumeroSign = '\u2116';

    private static readonly bool[] Known = Read();

    /// <summary>Whether one UTF-16 unit is such a character. Beyond the basic plane there is none.</summary>
    public static bool Contains(char character) => Known[character];

    /// <summary>
    /// Whether a certificate can show it. Printable ASCII is JIS X 0201, which every terminal writes too.
    /// </summary>
    public static bool CanWrite(Rune rune) =>
        rune.Value is >= 0x20 and <= 0x7E || (rune.IsBmp && Contains((char)rune.Value));

    private static bool[] Read()
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(
            EucJp, EncoderFallback.ReplacementFallback, DecoderFallback.ReplacementFallback)
            ?? throw new NotSupportedException("this runtime lacks code page 20932");
        var known = new bool[char.MaxValue + 1];
        for (var code = 0xA121; code <= 0xFEFE; code++)
        {
            byte[] pair = [(byte)(code >> 8), (byte)(code & 0xFF)];
            if (IsStandard(pair[0], pair[1]) && encoding.GetString(pair) is [not '\uFFFD' and not '?' and var c])
                known[c] = true;
        }
        foreach (var twin in VendorTwins)
            known[twin] = true;
        known[NumeroSign] = true;
        return known;
    }

    private static bool IsStandard(byte row, byte cell) => cell switch
    {
        >= 0xA1 and <= 0xFE => row is <= LastSignRow or (>= FirstKanjiRow and <= LastKanjiRow),
        >= 0x21 and <= 0x7E => row <= LastSupplementaryRow,
        _ => false,
    };
}
