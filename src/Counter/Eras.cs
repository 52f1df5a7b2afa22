using System.Globalization;
using Jpki.Forms;

namespace Jpki.Counter;

/// <summary>The era of a day, and dates as the counter's papers write them. 元号</summary>
internal static class Eras
{
    private static readonly (Era Era, DateOnly From, string Name)[] Starts =
    [
        (Era.Reiwa, new(2019, 5, 1), "令和"),
        (Era.Heisei, new(1989, 1, 8), "平成"),
        (Era.Showa, new(1926, 12, 25), "昭和"),
        (Era.Taisho, new(1912, 7, 30), "大正"),
        (Era.Meiji, new(1868, 1, 25), "明治"),
    ];

    public static Era Of(DateOnly day) => Starts.FirstOrDefault(s => day >= s.From).Era;

    /// <summary>
    /// Whether a date of birth can be: the day exists and lies in its era. Unknown parts, written 0, pass.
    /// </summary>
    public static bool IsPossible(BirthDate date)
    {
        if (!Enum.IsDefined(date.Era) || date.Year is < 0 or > 9999 || date.Month is < 0 or > 12)
            return false;
        if (date.Month == 0 || date.Year == 0)
            return date.Day == 0 && (date.Year > 0 || date.Month == 0);
        if (date.Day < 0 || date.Day > DateTime.DaysInMonth(date.Year, date.Month))
            return false;
        return date.Era == Era.Unknown || date.Day == 0
            || Of(new DateOnly(date.Year, date.Month, date.Day)) == date.Era;
    }

    /// <summary>昭和55 is 1980; without an era the year is Gregorian already. 0 stays unknown.</summary>
    public static int Gregorian(Era era, int yearInEra) =>
        yearInEra == 0 || era == Era.Unknown ? yearInEra : Starts.First(s => s.Era == era).From.Year + yearInEra - 1;

    /// <summary>1980 is 昭和55.</summary>
    public static int YearInEra(BirthDate date) =>
        date.Year == 0 || date.Era == Era.Unknown
            ? date.Year
            : date.Year - Starts.First(s => s.Era == date.Era).From.Year + 1;

    /// <summary>From the nine digits of <see cref="BirthDate.Code"/>.</summary>
    public static BirthDate Parse(string code) =>
        new((Era)Number(code[..1]), Number(code[1..5]), Number(code[5..7]), Number(code[7..]));

    /// <summary>For people: 昭和55年（1980年）2月17日; 不明 for what nobody knows.</summary>
    public static string ForPeople(BirthDate date)
    {
        if (date.Year == 0)
            return "不明";
        var (era, from, name) = Starts.FirstOrDefault(s => s.Era == date.Era);
        var inEra = date.Year - from.Year + 1;
        var year = era == Era.Unknown
            ? $"{date.Year}年"
            : $"{name}{(inEra == 1 ? "元" : inEra.ToString(CultureInfo.InvariantCulture))}年（{date.Year}年）";
        return $"{year}{Part(date.Month)}月{Part(date.Day)}日";
    }

    private static int Number(string digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string Part(int part) => part == 0 ? "不明" : part.ToString(CultureInfo.InvariantCulture);
}
