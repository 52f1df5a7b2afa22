using System.Globalization;
using Jpki.Cps;
using Jpki.Forms;

namespace Jpki.Counter;

/// <summary>A synthetic resident register: the same people for the same seed, and nobody real. 住民基本台帳（架空）</summary>
public static class MadeUpPeople
{
    private const int OldestYear = 1908;
    private const int YoungestYear = 2024;

    /// <summary>
    /// <paramref name="count"/> people or 63, whichever is more: everybody lives in a real municipality, by its size,
    /// and at least one in each.
    /// </summary>
    public static IEnumerable<Resident> Of(int count, string seed)
    {
        using SeededRandom random = new("jpki resident register " + seed);
        foreach (var (municipality, share) in Shares(count))
        {
            for (var number = 1; number <= share; number++)
                yield return Next(random, municipality, number);
        }
    }

    private static Resident Next(SeededRandom random, Municipality municipality, int number)
    {
        var isForeign = random.OneIn(20);
        var gender = random.OneIn(60) ? Gender.Unknown : random.OneIn(2) ? Gender.Male : Gender.Female;
        var (name, kana) = isForeign ? random.Pick(MadeUpNames.ForeignNames) : JapaneseName(random, gender);
        return new()
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"{municipality.Code5}-{number:D6}"),
            Municipality = municipality.Code5,
            NameKana = kana,
            IsForeign = isForeign,
            Attributes = new()
            {
                Name = name,
                Alias = isForeign && random.OneIn(2) ? random.Pick(MadeUpNames.Aliases) : null,
                BirthDate = Birth(random, isForeign),
                Gender = gender,
                Address = Address(random, municipality),
            },
        };
    }

    private static (string Name, string Kana) JapaneseName(SeededRandom random, Gender gender)
    {
        var family = random.Pick(random.OneIn(25) ? MadeUpNames.RareFamilies : MadeUpNames.Families);
        var isMan = gender == Gender.Male || (gender == Gender.Unknown && random.OneIn(2));
        var given = random.Pick(random.OneIn(40)
            ? MadeUpNames.RareGivenNames
            : isMan ? MadeUpNames.Men : MadeUpNames.Women);
        return ($"{family.Kanji}\u3000{given.Kanji}", $"{family.Kana}\u3000{given.Kana}");
    }

    /// <summary>Of every era; once in eighty the day, the month or everything is unknown.</summary>
    private static BirthDate Birth(SeededRandom random, bool isForeign)
    {
        var first = new DateOnly(OldestYear, 1, 1).DayNumber;
        var last = new DateOnly(YoungestYear, 12, 31).DayNumber;
        var day = DateOnly.FromDayNumber(first + random.Below(last - first + 1));
        var era = isForeign && random.OneIn(10) ? Era.Unknown : Eras.Of(day);
        return random.Below(80) switch
        {
            0 => new(era, day.Year, day.Month, 0),
            1 => new(era, day.Year, 0, 0),
            2 when random.OneIn(4) => new(Era.Unknown, 0, 0, 0),
            _ => new(era, day.Year, day.Month, day.Day),
        };
    }

    private static string Address(SeededRandom random, Municipality municipality)
    {
        var place = municipality.Wards.Count > 0 ? random.Pick(municipality.Wards).Kanji : municipality.Kanji;
        var district = random.Pick(random.OneIn(30) ? MadeUpNames.RareDistricts : MadeUpNames.Districts);
        var lot = random.Below(3) switch
        {
            0 => $"{1 + random.Below(9)}丁目{1 + random.Below(40)}番{1 + random.Below(30)}号",
            1 => $"{1 + random.Below(9)}－{1 + random.Below(40)}－{1 + random.Below(30)}",
            _ => $"{1 + random.Below(2000)}番地{1 + random.Below(20)}",
        };
        var room = random.OneIn(3) ? $"　{random.Pick(MadeUpNames.Buildings)}{101 + random.Below(8) * 100}" : "";
        return FullWidth.Of($"埼玉県{municipality.County}{place}{district}{lot}{room}");
    }

    private static IEnumerable<(Municipality, int)> Shares(int count)
    {
        var spare = Math.Max(0, count - Municipalities.All.Count);
        var weights = Municipalities.All.Select(Weight).ToArray();
        var total = weights.Sum();
        var given = 0;
        long passed = 0;
        foreach (var (municipality, weight) in Municipalities.All.Zip(weights))
        {
            passed += weight;
            var upTo = (int)(spare * passed / total);
            yield return (municipality, 1 + upTo - given);
            given = upTo;
        }
    }

    /// <summary>Roughly its people, in ten thousands: it only has to look like the prefecture.</summary>
    private static int Weight(Municipality municipality) => municipality.Code5 switch
    {
        "11100" => 130,
        "11203" => 60,
        "11201" or "11208" or "11222" => 34,
        "11214" or "11219" or "11221" => 24,
        "11202" or "11230" => 18,
        ['1', '1', '2', ..] => 11,
        "11369" => 1,
        _ => 3,
    };
}
