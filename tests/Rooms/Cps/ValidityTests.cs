using CsCheck;
using Jpki.Cps;
using Xunit;

namespace Jpki.Tests.Rooms.Cps;

/// <summary>How long a certificate lives, whatever day it begins on. (CPS 1-3-2, 6-3-1-2, 7-1)</summary>
public sealed class ValidityTests
{
    private static readonly Gen<DateTimeOffset> Instants =
        Gen.Long[0, 4_000_000_000].Select(s => DateTimeOffset.FromUnixTimeSeconds(s));

    [Theory, Cps("1-3-2①"), Cps("1-3-2②"), Cps("1-3-2③"), Cps("1-3-2④"), Cps("6-3-1-2")]
    [InlineData(CertificateKind.Resident, 3)]
    [InlineData(CertificateKind.Cross, 5)]
    [InlineData(CertificateKind.SelfSigned, 10)]
    [InlineData(CertificateKind.ValidationServer, 1)]
    [InlineData(CertificateKind.OcspResponder, 1)]
    public void Ends_with_the_last_second_in_Japan_before_the_anniversary(CertificateKind kind, int years) =>
        Instants.Sample(start =>
        {
            var (from, to) = Profiles.Of(kind).ValidityFrom(start);
            var first = JapanTime.DayOf(start);

            Assert.Equal(start, from);
            Assert.Equal(new TimeSpan(14, 59, 59), to.TimeOfDay);
            Assert.Equal(years, JapanTime.DayOf(to.AddSeconds(1)).Year - first.Year);
            Assert.InRange((JapanTime.DayOf(to).DayNumber - first.AddYears(years).DayNumber), -1, 0);
        });

    [Theory, Cps("7-1-1")]
    [InlineData("2028-02-28T15:00:00Z", "2031-02-28T14:59:59Z")]
    [InlineData("2028-02-28T14:59:59Z", "2031-02-27T14:59:59Z")]
    [InlineData("2046-12-31T14:59:59Z", "2049-12-30T14:59:59Z")]
    [InlineData("2047-01-01T15:00:00Z", "2050-01-01T14:59:59Z")]
    public void At_the_borders(string start, string end) =>
        Assert.Equal(At(end), Profiles.Resident.ValidityFrom(At(start)).NotAfter);

    [Fact, Cps("7-1-4")]
    public void A_link_begins_with_the_key_in_it_and_ends_with_the_old_self_signed_certificate()
    {
        var (old, made, end) = (At("2014-04-01T00:00:00Z"), At("2019-03-01T00:00:00Z"), At("2024-03-31T14:59:59Z"));

        Assert.Equal(new(old, end), Profiles.LinkValidity(CertificateKind.OldWithNew, old, made, end));
        Assert.Equal(new(made, end), Profiles.LinkValidity(CertificateKind.NewWithOld, old, made, end));
    }

    [Theory, Cps("3-1-7")]
    [InlineData("119120729", true)]
    [InlineData("219120729", false)]
    [InlineData("219120730", true)]
    [InlineData("319261225", true)]
    [InlineData("319890107", true)]
    [InlineData("419890107", false)]
    [InlineData("419890108", true)]
    [InlineData("420190430", true)]
    [InlineData("520190501", true)]
    [InlineData("000000000", true)]
    [InlineData("300000000", true)]
    public void A_date_of_birth_is_in_its_era_or_unknown(string code, bool isInEra)
    {
        Assert.Equal(isInEra, Eras.IsPossible(Eras.Parse(code)!.Value));
    }

    private static DateTimeOffset At(string text) =>
        DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
