using Jpki.Cps;
using Jpki.Forms;
using Xunit;

namespace Jpki.Tests.Rooms.Forms;

/// <summary>What a subject's L says of where its holder lives.</summary>
public sealed class MunicipalitiesTests
{
    [Fact, Cps("3-1-1")]
    public void Each_of_63_municipalities_and_10_wards_is_found_by_an_address_in_it()
    {
        var places = Municipalities.All.SelectMany(m => m.Wards.Count == 0
            ? [(Municipality: m, m.Kanji, m.Romaji)]
            : m.Wards.Select(w => (Municipality: m, w.Kanji, w.Romaji))).ToArray();

        Assert.Equal(62 + 10, places.Length);
        Assert.All(places, place =>
        {
            var (municipality, kanji, romaji) = place;
            Assert.Equal(romaji, municipality.LocalityOf($"埼玉県{municipality.County}{kanji}架空町１"));
            Assert.Equal(romaji, municipality.LocalityOf($"埼玉県{kanji}架空町１"));
            Assert.All(
                Municipalities.All.Where(m => m != municipality), m => Assert.Null(m.LocalityOf($"埼玉県{kanji}架空町１")));
            Assert.Empty(SubstituteCharacters.FindIn(municipality.County + kanji));
        });
    }

    [Theory, Cps("3-1-1")]
    [InlineData("11100", "埼玉県さいたま市浦和区架空１", "Saitama-shi-Urawa-ku")]
    [InlineData("11100", "埼玉県さいたま市架空１", null)]
    [InlineData("11201", "東京都川越市架空１", null)]
    [InlineData("11201", "川越市架空１", null)]
    [InlineData("11301", "埼玉県北足立郡伊奈町架空１", "Ina-machi")]
    [InlineData("11201", "", null)]
    public void An_address_names_the_locality(string code, string address, string? locality) =>
        Assert.Equal(locality, Municipalities.Find(code)!.LocalityOf(address));
}
