using Jpki.X509;
using Jpki.X509.Paths;
using Xunit;

namespace Jpki.Tests.Rooms.Authority;

/// <summary>
/// Fifteen years of the Authority's life: daily lists, a key change every five years, a compromise in the twelfth. In
/// JPKI_LONG=1 every day is lived; else one in a hundred and eighty, and every day around an event.
/// </summary>
public sealed class FifteenYearsTests
{
    private const int Years = 15;

    private const int HalfYear = 365 / 2;

    private const int Stride = 180;

    private static readonly PathValidator Validator = new(TimeProvider.System);

    private static readonly int[] Events = [5 * 365, 10 * 365, (11 * 365) + 100];

    [Fact, Cps("4-13"), Cps("4-14-2"), Cps("4-4-9")]
    public async Task On_every_day_a_living_certificate_has_a_path_to_the_oldest_and_the_newest_anchor()
    {
        await using var house = await PublishedHouse.Open();
        List<Certificate> residents = [];
        var served = 0;
        for (var day = 0; day < Years * 365; day += Step(day))
        {
            await Happen(house, Array.IndexOf(Events, day), residents);
            if (day >= served * HalfYear)
                residents.Add(await house.Authority.Issued($"架空　{new string('太', ++served)}"));
            residents.RemoveAll(r => r.NotAfter < house.Authority.Clock.GetUtcNow());

            Assert.Equal([], Faults(house, residents));
            house.Authority.Clock.Advance(TimeSpan.FromDays(Step(day)));
            await house.DoWhatIsDue();
        }
        Assert.InRange(served, 30, 31);                       // One each half-year, as far as the steps fall on one.
    }

    private static int Step(int day) =>
        Environment.GetEnvironmentVariable("JPKI_LONG") == "1" || Events.Any(e => day >= e - 1 && day <= e + 1)
            ? 1
            : Events.Select(e => e - 1 - day).Where(left => left > 0).Append(Stride).Min();

    private static async Task Happen(PublishedHouse house, int what, List<Certificate> residents)
    {
        if (what < 0)
            return;
        if (what == 2)
        {
            var lost = house.Authority.Room.Governor.TrustAnchor;
            var under = residents.RemoveAll(r => r.IsSignedBy(lost.PublicKey));
            Assert.InRange(under, 1, residents.Count);
            Assert.True((await house.Declare(3)).Value!.IsPublished);
        }
        Assert.Null((await house.Renew(what + 2)).Refusal);
    }

    private static List<string> Faults(PublishedHouse house, IReadOnlyList<Certificate> residents)
    {
        var (anchors, at) = (house.Authority.Room.TrustAnchors, house.Authority.Clock.GetUtcNow());
        var (certificates, lists) = (house.Certificates, house.Lists);
        return [.. from anchor in (Certificate[])[anchors[0], anchors[^1]]
                   let pool = new PathPool([anchor], certificates, lists)
                   from resident in residents
                   let objection = Validator.Validate(pool, new() { Target = resident, At = at }).Objection
                   where objection is not null
                   select $"{at:u} {resident.Serial} from {anchor.Serial}: {objection}"];
    }
}
