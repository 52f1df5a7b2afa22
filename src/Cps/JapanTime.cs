namespace Jpki.Cps;

/// <summary>The one place that knows +09:00. A day of the practice statement is a Japanese day. 日本標準時</summary>
public static class JapanTime
{
    public static readonly TimeSpan Offset = TimeSpan.FromHours(9);

    /// <summary>The Japanese date on which <paramref name="instant"/> falls.</summary>
    public static DateOnly DayOf(DateTimeOffset instant) => instant > DateTimeOffset.MaxValue - Offset
        ? DateOnly.MaxValue                                   // Strangers' certificates end in 9999, in Greenwich.
        : DateOnly.FromDateTime(instant.ToOffset(Offset).DateTime);

    /// <summary>
    /// The last second of a period of <paramref name="years"/> counted from the day of <paramref name="start"/>:
    /// 23:59:59 in Japan on the day before the anniversary, so 14:59:59Z. Where that year has no 29 February the period
    /// ends with the 28th (Civil Code, article 143).
    /// </summary>
    public static DateTimeOffset EndOfYears(DateTimeOffset start, int years)
    {
        var first = DayOf(start);
        if (first.Year + years > DateOnly.MaxValue.Year)
            return DateTimeOffset.MaxValue;
        var anniversary = first.AddYears(years);
        var last = anniversary.Day == first.Day ? anniversary.AddDays(-1) : anniversary;
        return new DateTimeOffset(last.ToDateTime(new TimeOnly(23, 59, 59)), Offset).ToUniversalTime();
    }

    /// <summary>X.509 times hold whole seconds: the instant without its fraction, in UTC.</summary>
    public static DateTimeOffset WholeSecond(DateTimeOffset instant) =>
        DateTimeOffset.FromUnixTimeSeconds(instant.ToUnixTimeSeconds());

    /// <summary>For people: 2026年11月23日 18時05分.</summary>
    public static string ForPeople(DateTimeOffset instant)
    {
        var local = instant.ToOffset(Offset);
        return $"{local.Year}年{local.Month}月{local.Day}日 {local.Hour:D2}時{local.Minute:D2}分";
    }
}
