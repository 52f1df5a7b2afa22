using CsCheck;
using Jpki.Cps;
using Xunit;

namespace Jpki.Tests.Rooms.Cps;

/// <summary>Dates of birth: which can be, and how they are written.</summary>
public sealed class ErasTests
{
    private static readonly DateOnly Today = new(2026, 11, 24);

    private static readonly Gen<DateOnly> Days =
        Gen.Int[new DateOnly(1868, 1, 25).DayNumber, Today.DayNumber].Select(DateOnly.FromDayNumber);

    [Theory]
    [InlineData(Era.Meiji, 1868, 1, 25, Era.Meiji, 1912, 7, 30)]
    [InlineData(Era.Taisho, 1912, 7, 30, Era.Taisho, 1926, 12, 25)]
    [InlineData(Era.Showa, 1926, 12, 25, Era.Showa, 1989, 1, 7)]
    [InlineData(Era.Heisei, 1989, 1, 8, Era.Heisei, 2019, 4, 30)]
    [InlineData(Era.Reiwa, 2019, 5, 1, Era.Reiwa, 2026, 11, 24)]
    public void An_eras_first_and_last_day_are_its_own_and_the_days_around_are_not(
        Era era, int year, int month, int day, Era _, int lastYear, int lastMonth, int lastDay)
    {
        var (first, last) = (new DateOnly(year, month, day), new DateOnly(lastYear, lastMonth, lastDay));

        Assert.Null(Eras.Objection(Written(era, first), Today));
        Assert.Null(Eras.Objection(Written(era, last), Today));
        Assert.NotNull(Eras.Objection(Written(era, first.AddDays(-1)), Today));
        Assert.NotNull(Eras.Objection(Written(era, last.AddDays(1)), Today));
    }

    [Fact]
    public void A_day_in_its_era_can_be_with_any_of_its_last_parts_unknown() => Days.Sample(day =>
    {
        var known = Written(Eras.Of(day), day);

        return Eras.Objection(known, Today) is null
            && Eras.Objection(known with { Day = 0 }, Today) is null
            && Eras.Objection(known with { Day = 0, Month = 0 }, Today) is null
            && Eras.Objection(known with { Day = 0, Month = 0, Year = 0 }, Today) is null
            && Eras.Objection(known with { Era = Era.Unknown }, Today) is null;
    });

    [Fact]
    public void A_day_in_an_era_it_does_not_touch_cannot_be() => Gen.Select(Days, Gen.Enum<Era>()).Sample((day, era) =>
    {
        if (era == Era.Unknown)
            return true;
        var (from, to) = Eras.DaysOf(era);

        return Eras.IsPossible(Written(era, day)) == (day >= from && day <= to)
            && Eras.IsPossible(new(era, day.Year, 0, 0)) == (day.Year >= from.Year && day.Year <= to.Year);
    });

    [Fact]
    public void A_date_survives_its_nine_digits_and_its_year_in_the_era() => Days.Sample(day =>
    {
        var date = Written(Eras.Of(day), day);

        return Eras.Parse(date.Code) == date && Eras.Gregorian(date.Era, Eras.YearInEra(date)) == date.Year;
    });

    [Theory]
    [InlineData(Era.Showa, 1980, 2, 30, "1980年2月は29日まで")]
    [InlineData(Era.Showa, 1981, 2, 29, "1981年2月は28日まで")]
    [InlineData(Era.Heisei, 2000, 2, 29, null)]
    [InlineData(Era.Meiji, 1900, 2, 29, "1900年2月は28日まで")]
    [InlineData(Era.Heisei, 1989, 1, 7, "平成は1989年1月8日から")]
    [InlineData(Era.Showa, 2015, 0, 0, "昭和は1926年12月25日から1989年1月7日まで")]
    [InlineData(Era.Showa, 1989, 2, 0, "昭和は")]
    [InlineData(Era.Reiwa, 2026, 11, 25, "将来")]
    [InlineData(Era.Reiwa, 2026, 11, 0, null)]
    [InlineData(Era.Unknown, 1867, 12, 31, "明治より前")]
    [InlineData(Era.Unknown, 0, 2, 0, "年が不明")]
    [InlineData(Era.Unknown, 1990, 0, 3, "月が不明")]
    [InlineData(Era.Unknown, 1990, 13, 3, "月は1から12")]
    [InlineData(Era.Heisei, 12018, 1, 3, "暦にありません")]
    [InlineData(Era.Heisei, -1, 1, 3, "暦にありません")]
    [InlineData((Era)7, 1990, 1, 3, "元号")]
    public void An_impossible_date_is_refused_with_its_reason(Era era, int year, int month, int day, string? reason)
    {
        var objection = Eras.Objection(new(era, year, month, day), Today);

        if (reason is null)
            Assert.Null(objection);
        else
            Assert.Contains(reason, objection, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("319800217", true)]
    [InlineData("400000000", true)]
    [InlineData("31980021", false)]
    [InlineData("3198O0217", false)]
    [InlineData("３１９８００２１７", false)]
    public void Only_nine_digits_are_a_date(string code, bool isDate) =>
        Assert.Equal(isDate, Eras.Parse(code) is not null);

    [Theory]
    [InlineData(Era.Showa, 1980, 2, 17, "昭和55年（1980年）2月17日")]
    [InlineData(Era.Reiwa, 2019, 5, 1, "令和元年（2019年）5月1日")]
    [InlineData(Era.Unknown, 1971, 4, 0, "1971年4月日不明")]
    [InlineData(Era.Taisho, 1915, 0, 0, "大正4年（1915年）月日不明")]
    [InlineData(Era.Heisei, 0, 0, 0, "平成（年月日不明）")]
    [InlineData(Era.Unknown, 0, 0, 0, "不明")]
    public void A_date_of_birth_is_written_for_people(Era era, int year, int month, int day, string text) =>
        Assert.Equal(text, Eras.ForPeople(new BirthDate(era, year, month, day)));

    private static BirthDate Written(Era era, DateOnly day) => new(era, day.Year, day.Month, day.Day);
}
