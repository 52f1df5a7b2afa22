using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace Jpki.ControlRoom.Registers;

/// <summary>One record of a CSV file, and the line it begins on.</summary>
internal readonly record struct CsvRecord(int Line, string[] Values);

/// <summary>A CSV file as it may come from any device: UTF-8 or Shift_JIS (Windows-31J), RFC 4180 quoting.</summary>
internal static class CsvText
{
    public const int MostOctets = 10 * 1024 * 1024;
    public const int MostRecords = 50_000;

    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Windows-31J: the Shift_JIS of Windows, with NEC's and IBM's characters.</summary>
    private static readonly Encoding Windows31J = CodePagesEncodingProvider.Instance.GetEncoding(
        932, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;

    private static readonly CsvConfiguration Format = new(CultureInfo.InvariantCulture)
    {
        HasHeaderRecord = false,
        IgnoreBlankLines = true,
        DetectDelimiter = false,
        MaxFieldSize = 2 * FieldReading.LongestParagraph,
        BadDataFound = bad => throw new FormatException($"{bad.Context.Parser!.RawRow} 行目の引用符（\"）が正しくありません。"),
    };

    /// <summary>Every record that is not empty, the header first.</summary>
    /// <exception cref="FormatException">It is no such file; the message is for people.</exception>
    public static CsvRecord[] Read(ReadOnlySpan<byte> octets)
    {
        using CsvParser parser = new(new StringReader(Decode(octets)), Format);
        List<CsvRecord> records = [];
        try
        {
            while (parser.Read())
            {
                var values = parser.Record!;
                if (records.Count > MostRecords)
                    throw new FormatException($"一度に取り込めるのは {MostRecords} 件までです。分けて取り込んでください。");
                records.Add(new(parser.RawRow - values.Sum(Breaks), values));
            }
        }
        catch (MaxFieldSizeException)
        {
            throw new FormatException($"{parser.RawRow} 行目に長すぎる項目があります。");
        }
        return [.. records];
    }

    private static string Decode(ReadOnlySpan<byte> octets)
    {
        if (octets.Length > MostOctets)
            throw new FormatException("ファイルは 10 MB までです。");
        var text = octets.StartsWith(Encoding.UTF8.Preamble) ? octets[Encoding.UTF8.Preamble.Length..] : octets;
        try
        {
            return Utf8.GetString(text);
        }
        catch (DecoderFallbackException)
        {
            return DecodeWindows31J(text);
        }
    }

    private static string DecodeWindows31J(ReadOnlySpan<byte> text)
    {
        try
        {
            return Windows31J.GetString(text);
        }
        catch (DecoderFallbackException)
        {
            throw new FormatException("文字コードが UTF-8 でも Shift_JIS でもありません。");
        }
    }

    private static int Breaks(string value) =>
        value.Count(c => c == '\n') + value.Where((c, i) => c == '\r' && !value.AsSpan(i + 1).StartsWith("\n")).Count();
}
