using System.Globalization;

namespace Jpki.Cps;

/// <summary>The eras since Meiji, and dates as people and certificates write them. 元号</summary>
public static class Eras
{
    /// <summary>
    /// Days in the calendar of today, also before 1873. An era's first day was two eras' in 1912 and 1926, and people
    /// born on it are registered under either.
    /// </summary>
    private static readonly (Era Era, DateOnly From, DateOnly To, string Name, string Romaji)[] All =
    [
        (Era.Reiwa, new(2019, 5, 1), DateOnly.MaxValue, "令和", "Reiwa"),
        (Era.Heisei, new(1989, 1, 8), new(2019, 4, 30), "平成", "Heisei"),
        (Era.Showa, new(1926, 12, 25), new(1989, 1, 7), "昭和", "Showa"),
        (Era.Taisho, new(1912, 7, 30), new(1926, 12, 25), "大正", "Taisho"),
        (Era.Meiji, new(1868, 1, 25), new(1912, 7, 30), "明治", "Meiji"),
    ];

    /// <summary>The era of a day: the newer one on a day of two; Unknown before Meiji.</summary>
    public static Era Of(DateOnly day) => All.FirstOrDefault(e => day >= e.From).Era;

    /// <summary>昭和; empty for no era.</summary>
    public static string NameOf(Era era) => All.FirstOrDefault(e => e.Era == era).Name ?? "";

    /// <summary>Showa; empty for no era.</summary>
    public static string RomajiOf(Era era) => All.FirstOrDefault(e => e.Era == era).Romaji ?? "";

    /// <summary>The first and the last day of an era.</summary>
    public static (DateOnly From, DateOnly To) DaysOf(Era era)
    {
        var (_, from, to, _, _) = All.First(e => e.Era == era);
        return (from, to);
    }

    /// <summary>
    /// Why nobody can have been born then, in Japanese; null when somebody can. Unknown parts are 0: the day, the
    /// month and the day, or all three; the era may still be known.
    /// </summary>
    public static string? Objection(BirthDate date, DateOnly today)
    {
        if (!Enum.IsDefined(date.Era))
            return "元号が定められたものではありません。";
        if (date is { Year: 0, Month: 0, Day: 0 })
            return null;
        return NotOnTheCalendar(date) ?? NotInItsTime(date, today);
    }

    /// <summary>Whether a date of birth can be, whatever day it is today.</summary>
    public static bool IsPossible(BirthDate date) => Objection(date, DateOnly.MaxValue) is null;

    /// <summary>昭和55 is 1980; without an era the year is Gregorian already. 0 stays unknown.</summary>
    public static int Gregorian(Era era, int yearInEra) =>
        yearInEra == 0 || era == Era.Unknown ? yearInEra : DaysOf(era).From.Year + yearInEra - 1;

    /// <summary>1980 is 昭和55.</summary>
    public static int YearInEra(BirthDate date) =>
        date.Year == 0 || date.Era == Era.Unknown ? date.Year : date.Year - DaysOf(date.Era).From.Year + 1;

    /// <summary>From the nine digits of <see cref="BirthDate.Code"/>; null when it is not nine digits.</summary>
    public static BirthDate? Parse(string code) => code.Length == 9 && code.All(char.IsAsciiDigit)
        ? new((Era)Number(code[..1]), Number(code[1..5]), Number(code[5..7]), Number(code[7..]))
        : null;

    /// <summary>For people: 昭和55年（1980年）2月17日, and 不明 for what nobody knows.</summary>
    public static string ForPeople(BirthDate date)
    {
        var name = NameOf(date.Era);
        if (date.Year == 0)
            return name.Length == 0 ? "不明" : $"{name}（年月日不明）";
        var year = name.Length == 0 ? Gregorian(date.Year) : InEra(name, YearInEra(date), date.Year);
        return (date.Month, date.Day) switch
        {
            (0, _) => year + "月日不明",
            (var month, 0) => $"{year}{month}月日不明",
            var (month, day) => $"{year}{month}月{day}日",
        };
    }

    /// <summary>A day of our own: 令和8年（2026年）11月24日.</summary>
    public static string ForPeople(DateOnly day) => ForPeople(new BirthDate(Of(day), day.Year, day.Month, day.Day));

    private static string? NotOnTheCalendar(BirthDate date) => date switch
    {
        { Year: 0 } => "年が不明のときは、月日も不明とします。",
        { Year: < 0 or > 9999 } => "年が暦にありません。",
        { Month: < 0 or > 12 } => "月は1から12までです。",
        { Month: 0, Day: not 0 } => "月が不明のときは、日も不明とします。",
        { Month: > 0 } when date.Day < 0 || date.Day > DateTime.DaysInMonth(date.Year, date.Month) =>
            $"{date.Year}年{date.Month}月は{DateTime.DaysInMonth(date.Year, date.Month)}日までです。",
        _ => null,
    };

    private static string? NotInItsTime(BirthDate date, DateOnly today)
    {
        var (first, last) = Span(date);
        if (first > today)
            return "将来の日付です。";
        if (last < DaysOf(Era.Meiji).From)
            return "明治より前の日付です。";
        if (date.Era == Era.Unknown)
            return null;
        var (from, to) = DaysOf(date.Era);
        return last >= from && first <= to ? null
            : to == DateOnly.MaxValue ? $"{NameOf(date.Era)}は{Day(from)}からです。"
            : $"{NameOf(date.Era)}は{Day(from)}から{Day(to)}までです。";
    }

    /// <summary>The days that a date on the calendar can mean, its unknown parts being any.</summary>
    private static (DateOnly First, DateOnly Last) Span(BirthDate date)
    {
        var (year, month, day) = (date.Year, date.Month, date.Day);
        if (month == 0)
            return (new(year, 1, 1), new(year, 12, 31));
        return day == 0
            ? (new(year, month, 1), new(year, month, DateTime.DaysInMonth(year, month)))
            : (new(year, month, day), new(year, month, day));
    }

    private static string InEra(string name, int year, int gregorian) =>
        $"{name}{(year == 1 ? "元" : year.ToString(CultureInfo.InvariantCulture))}年（{Gregorian(gregorian)}）";

    private static string Gregorian(int year) => $"{year}年";

    private static string Day(DateOnly day) => $"{day.Year}年{day.Month}月{day.Day}日";

    private static int Number(string digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
}
