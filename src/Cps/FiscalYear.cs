namespace Jpki.Cps;

/// <summary>
/// The year of Japanese public records, from April to March, named after the year it begins in. Retention is counted
/// from the 1 April after the record, as for all public records. 年度 (CPS 4-12-1-2)
/// </summary>
public static class FiscalYear
{
    public static int Of(DateOnly day) => day.Month >= 4 ? day.Year : day.Year - 1;

    public static DateOnly FirstDay(int year) => new(year, 4, 1);

    /// <summary>31 March of the calendar year that follows.</summary>
    public static DateOnly LastDay(int year) => new(year + 1, 3, 31);

    /// <summary>The last day on which a record of that day must still be kept.</summary>
    public static DateOnly EndOfRetention(DateOnly day, int years) => LastDay(Of(day) + years);
}
