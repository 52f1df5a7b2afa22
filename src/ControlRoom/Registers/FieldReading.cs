using System.Globalization;
using System.Text;
using Jpki.Cps;

namespace Jpki.ControlRoom.Registers;

/// <summary>Reads what was typed into one form of writing, and shows it to people.</summary>
internal static class FieldReading
{
    public const int LongestText = 200;
    public const int LongestParagraph = 4000;
    public const int LongestPerson = 40;

    private const long LargestNumber = 999_999_999_999_999;

    private static readonly string[] Days = ["yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "yyyyMMdd", "yyyy年M月d日"];

    private static readonly string[] Hours = ["H:mm", "H:mm:ss", "H時m分", "H時m分s秒"];

    /// <summary>The value in its one form, or why there is none; an empty value is neither.</summary>
    public static (string Value, string? Trouble) Read(RegisterField field, string typed)
    {
        var text = typed.Trim();
        if (text.Length == 0)
            return ("", field.IsRequired ? $"{field.Japanese}を記入してください。" : null);
        if (!IsPlain(text, field.Kind == FieldKind.Paragraph))
            return ("", $"{field.Japanese}に使えない文字（制御文字など）があります。");
        return field.Kind switch
        {
            FieldKind.Text => Short(field, text, LongestText),
            FieldKind.Paragraph => Short(field, text.ReplaceLineEndings("\n"), LongestParagraph),
            FieldKind.Person => Person(field, Fold(text)),
            FieldKind.Number => Number(field, Fold(text)),
            FieldKind.Choice => Choice(field, text),
            FieldKind.Date => Day(text) is { } day
                ? (Iso(day), null)
                : ("", $"{field.Japanese}は 2026-11-23 のように年月日で記入してください。"),
            FieldKind.Time => Time(text) is { } time
                ? (time.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture), null)
                : ("", $"{field.Japanese}は 2026-11-23 09:30 のように日時で記入してください。"),
            _ => throw new ArgumentOutOfRangeException(nameof(field)),
        };
    }

    /// <summary>As a page or a CSV file shows a value that was read.</summary>
    public static string ForPeople(RegisterField field, string value) => field.Kind switch
    {
        FieldKind.Choice => field.Choices.FirstOrDefault(c => c.Code == value)?.Japanese ?? value,
        FieldKind.Time => value.Replace('T', ' '),
        _ => value,
    };

    public static DateOnly? Day(string text) => DateOnly.TryParseExact(
        Fold(text), Days, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    public static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>So that 全角 and half width, small letters and capitals are found alike.</summary>
    public static string Fold(string text) => string.Create(text.Length, text, (folded, source) =>
    {
        for (var i = 0; i < source.Length; i++)
        {
            var c = source[i];
            folded[i] = char.ToUpperInvariant(c is >= '！' and <= '～' ? (char)(c - 0xFEE0) : c == '　' ? ' ' : c);
        }
    });

    /// <summary>Whole characters that every database, page and CSV file can hold.</summary>
    private static bool IsPlain(string text, bool hasLines)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!Rune.TryGetRuneAt(text, i, out var rune))
                return false;
            if (Rune.IsControl(rune) && !(hasLines && rune.Value is '\n' or '\r' or '\t'))
                return false;
            i += rune.Utf16SequenceLength - 1;
        }
        return true;
    }

    private static (string, string?) Short(RegisterField field, string text, int longest) =>
        text.Length <= longest ? (text, null) : ("", $"{field.Japanese}は {longest} 文字までです。");

    private static (string, string?) Person(RegisterField field, string text) =>
        text.Length <= LongestPerson && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? (text.ToLowerInvariant(), null)
            : ("", $"{field.Japanese}には氏名ではなく番号（英数字 {LongestPerson} 文字まで）を記入してください。");

    private static (string, string?) Number(RegisterField field, string text) =>
        long.TryParse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var number)
            && number <= LargestNumber
            ? (number.ToString(CultureInfo.InvariantCulture), null)
            : ("", $"{field.Japanese}は 0 以上の整数で記入してください。");

    private static (string, string?) Choice(RegisterField field, string text)
    {
        var chosen = field.Choices.FirstOrDefault(c =>
            c.Code == text || c.Japanese == text || string.Equals(c.English, text, StringComparison.OrdinalIgnoreCase));
        return chosen is not null
            ? (chosen.Code, null)
            : ("", $"{field.Japanese}は {string.Join("、", field.Choices.Select(c => c.Japanese))} のどれかです。");
    }

    private static DateTime? Time(string text)
    {
        var folded = Fold(text).Replace('T', ' ');
        var space = folded.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 && Day(folded[..space]) is { } day && TimeOnly.TryParseExact(
            folded[(space + 1)..].Trim(), Hours, CultureInfo.InvariantCulture, DateTimeStyles.None, out var hour)
            ? day.ToDateTime(hour)
            : null;
    }
}
