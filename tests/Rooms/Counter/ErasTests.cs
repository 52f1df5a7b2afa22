using Jpki.Counter;
using Jpki.Forms;
using Xunit;

namespace Jpki.Tests.Rooms.Counter;

public sealed class ErasTests
{
    [Theory]
    [InlineData(Era.Showa, 1989, 1, 7, true)]
    [InlineData(Era.Heisei, 1989, 1, 7, false)]
    [InlineData(Era.Heisei, 1989, 1, 8, true)]
    [InlineData(Era.Reiwa, 2019, 5, 1, true)]
    [InlineData(Era.Showa, 1980, 2, 30, false)]
    [InlineData(Era.Showa, 1980, 2, 0, true)]
    [InlineData(Era.Unknown, 0, 0, 0, true)]
    [InlineData(Era.Unknown, 0, 2, 0, false)]
    [InlineData(Era.Unknown, 1990, 0, 3, false)]
    [InlineData((Era)7, 1990, 1, 3, false)]
    public void A_date_of_birth_lies_in_its_era(Era era, int year, int month, int day, bool possible) =>
        Assert.Equal(possible, Eras.IsPossible(new(era, year, month, day)));

    [Theory]
    [InlineData(Era.Showa, 1980, 2, 17, "昭和55年（1980年）2月17日")]
    [InlineData(Era.Reiwa, 2019, 5, 1, "令和元年（2019年）5月1日")]
    [InlineData(Era.Unknown, 1971, 4, 0, "1971年4月不明日")]
    [InlineData(Era.Unknown, 0, 0, 0, "不明")]
    public void A_date_of_birth_is_written_for_people(Era era, int year, int month, int day, string text) =>
        Assert.Equal(text, Eras.ForPeople(new(era, year, month, day)));
}
