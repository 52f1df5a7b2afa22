using Jpki.X509;
using Jpki.X509.Paths;
using Xunit;

namespace Jpki.Tests.Rooms.Authority;

/// <summary>
/// Fifteen years of the Authority's life: daily lists, a key change every five years, cross certificates exchanged and
/// renewed, a compromise in the twelfth. With JPKI_LONG=1 every hour of them is looked at; else one day in a hundred
/// and eighty, and every day around an event. OpenSSL looks at the files after each event and at the end.
/// </summary>
public sealed class FifteenYearsTests
{
    private const int Day = 24;

    private const int Year = 365 * Day;

    private const int HalfYear = Year / 2;

    private const int Stride = 180 * Day;

    private const int Compromise = (11 * Year) + (100 * Day);

    private static readonly PathValidator Validator = new(TimeProvider.System);

    /// <summary>The first exchange; a new key; the exchange under it; and so on.</summary>
    private static readonly int[] Events =
    [
        2 * Day, 5 * Year, (5 * Year) + (2 * Day), 9 * Year, 10 * Year, (10 * Year) + (2 * Day), Compromise,
        Compromise + (2 * Day),
    ];

    private static readonly int[] KeyChanges = [5 * Year, 10 * Year, Compromise];

    private static readonly bool IsLong = Environment.GetEnvironmentVariable("JPKI_LONG") == "1";

    private PublishedHouse house = null!;
    private readonly List<Certificate> residents = [];
    private readonly List<Certificate> lost = [];
    private int served, judged;

    [Fact, Cps("4-13"), Cps("4-14-2"), Cps("4-4-9"), Cps("4-9")]
    public async Task At_every_hour_a_living_certificate_has_a_path_to_the_oldest_and_the_newest_anchor()
    {
        await using var opened = house = await PublishedHouse.Open();
        CrossHouse bridge = new(house.Authority);
        using var bridgesKey = bridge.Key;
        for (var hour = 0; hour < 15 * Year; hour += Step(hour))
        {
            await Happen(hour, bridge);
            if (hour >= served * HalfYear)
                residents.Add(await house.Authority.Issued($"架空　{new string('太', ++served)}"));
            residents.RemoveAll(r => r.NotAfter < Now);

            Assert.Equal([], Faults());
            if (Events.Contains(hour - Day) || hour == 0)
                LetOpensslJudge();
            house.Authority.Clock.Advance(TimeSpan.FromHours(Step(hour)));
            await house.DoWhatIsDue();
        }
        LetOpensslJudge();
        Assert.InRange(served, 30, 31);                       // One each half-year, as far as the steps fall on one.
        Assert.Equal(Events.Length + 2, judged);
    }

    private DateTimeOffset Now => house.Authority.Clock.GetUtcNow();

    private static int Step(int hour) => IsLong ? 1
        : Events.Any(e => hour >= e - Day && hour <= e + Day) ? Day
        : Events.Select(e => e - Day - hour).Where(left => left > 0).Append(Stride).Min();

    private async Task Happen(int hour, CrossHouse bridge)
    {
        if (hour == Compromise)
        {
            var anchor = house.Authority.Room.Governor.TrustAnchor;
            lost.AddRange(residents.Where(r => r.IsSignedBy(anchor.PublicKey)));
            residents.RemoveAll(lost.Contains);
            Assert.NotEmpty(lost);
            Assert.True((await house.Declare(3)).Value!.IsPublished);
        }
        if (Array.IndexOf(KeyChanges, hour) is >= 0 and var change)
            Assert.Null((await house.Renew(change + 2)).Refusal);
        else if (Events.Contains(hour))
            await bridge.Exchanged();
    }

    private List<string> Faults()
    {
        var anchors = house.Authority.Room.TrustAnchors;
        return
        [
            .. from anchor in (Certificate[])[anchors[0], anchors[^1]]
               let pool = house.PoolOf(anchor)
               from resident in residents
               let objection = Validator.Validate(pool, new() { Target = resident, At = Now }).Objection
               where objection is not null
               select $"{Now:u} {resident.Serial} from {anchor.Serial}: {objection}",
            .. house.Lists.Where(l => l.NextUpdate < Now)
                .Select(l => $"{Now:u} a list of {l.ThisUpdate:u} has expired"),
            .. house.Pairs.SelectMany(p => p.Certificates).Where(c => c.NotAfter < Now.AddDays(-1))
                .Select(c => $"{Now:u} the pair with {c.Serial} is published still"),
        ];
    }

    /// <summary>
    /// Each resident under the anchor of the same generation, each link under the one that signed it: OpenSSL takes
    /// authorityKeyIdentifier as a rule, and so follows no link from a resident's certificate.
    /// </summary>
    private void LetOpensslJudge()
    {
        OpensslOnFiles openssl = new(house);
        foreach (var anchor in house.Authority.Room.TrustAnchors)
        {
            List<Certificate> signed =
            [
                .. residents.Concat(house.Certificates.Where(c => !c.IsSignedBy(c.PublicKey)))
                    .Where(c => c.IsSignedBy(anchor.PublicKey) && c.IsLiveAt(Now) && !IsRevoked(c)),
            ];
            if (signed.Count > 0)
                openssl.Verify(anchor, signed).Succeeded();
        }
        if (lost.Find(c => c.NotAfter > Now) is { } gone)
        {
            var said = openssl.Verify(house.Certificates.Single(c =>
                c.IsSignedBy(c.PublicKey) && gone.IsSignedBy(c.PublicKey)), gone);
            Assert.Contains("certificate revoked", said.Text + said.Errors, StringComparison.Ordinal);
        }
        judged++;
    }

    private bool IsRevoked(Certificate certificate) =>
        house.Lists.Any(l => l.Find(certificate.Serial) is not null);
}
