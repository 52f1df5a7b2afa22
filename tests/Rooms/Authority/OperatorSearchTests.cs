using Jpki.Authority;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.Authority;

/// <summary>What the operators' door finds in the Authority's books, on either database.</summary>
public sealed class OperatorSearchTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    [Theory, InlineData(false), InlineData(true)]
    public async Task A_certificate_is_found_by_the_first_digits_of_its_serial_number(bool onPostgres)
    {
        await using var house = await Open(onPostgres);
        var serial = (await house.Issued()).Serial.ToString();
        await house.Issued("架空　花子");

        var whole = Find(house, new() { Serial = serial });
        var first = Find(house, new() { Serial = serial[..9].ToLowerInvariant() });

        Assert.Equal(serial, Assert.Single(whole.Found).Serial);
        Assert.Equal(serial, Assert.Single(first.Found).Serial);
        Assert.Empty(Find(house, new() { Serial = "FFFFFFFFFFFF" }).Found);
        Assert.Throws<FormatException>(() => Find(house, new() { Serial = "xyz" }));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Every_filter_takes_what_fits_and_leaves_the_rest(bool onPostgres)
    {
        await using var house = await Open(onPostgres);
        var start = house.Clock.GetUtcNow();
        var revoked = await house.Issued();
        house.Clock.Advance(TimeSpan.FromDays(2));
        await house.Revoke(revoked, RevocationReason.KeyCompromise);
        var live = await house.Issued("架空　花子");
        var afterwards = new Interval(start.AddDays(1), start.AddDays(3));

        Assert.Equal([Serial(live)], Serials(house, new() { Standing = CertificateStanding.Live, Kind = Resident }));
        Assert.Equal([Serial(revoked)], Serials(house, new() { Standing = CertificateStanding.Revoked }));
        Assert.Equal([Serial(revoked)], Serials(house, new() { Revoked = afterwards, Kind = Resident }));
        Assert.Equal([Serial(live)], Serials(house, new() { Issued = afterwards }));
        Assert.Equal([Serial(live)], Serials(house, new()
        {
            Expires = new(live.NotAfter, live.NotAfter.AddYears(1)),
            Standing = CertificateStanding.Live,
            Municipality = AuthorityHouse.Kawagoe,
        }));
        Assert.Equal([Serial(live), Serial(revoked)], Serials(house, new() { Municipality = AuthorityHouse.Kawagoe }));
        Assert.Empty(Serials(house, new() { Municipality = AuthorityHouse.Hanno }));
        Assert.Equal([Serial(house.Room.Governor.TrustAnchor)], Serials(house, new()
        {
            Kind = CertificateKind.SelfSigned,
        }));
        Assert.Empty(Serials(house, new() { Standing = CertificateStanding.Unfinished }));
    }

    [Fact]
    public async Task Time_makes_the_live_expired()
    {
        await using var house = await AuthorityHouse.Open();
        var certificate = await house.Issued();

        house.Clock.Advance(TimeSpan.FromDays(4 * 366));

        Assert.Equal([Serial(certificate)], Serials(house, new() { Standing = CertificateStanding.Expired }));
        Assert.Empty(Serials(house, new() { Standing = CertificateStanding.Live, Kind = Resident }));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Pages_follow_each_other_without_a_gap_along_every_index(bool onPostgres)
    {
        await using var house = await Open(onPostgres);
        await MadeUpBook.Fill(house.Room.Store, house.Room.Keys, 1_000, house.Clock.GetUtcNow());
        CertificateQuestion[] questions =
        [
            new() { Kind = Resident },
            new() { Serial = Serials(house, new() { Kind = Resident })[0][..1] },
            new() { Municipality = AuthorityHouse.Kawagoe },
            new() { Standing = CertificateStanding.Revoked },
            new() { Standing = CertificateStanding.Expired },
            new() { Issued = new(DateTimeOffset.UnixEpoch, null), Kind = Resident },
        ];

        foreach (var question in questions)
        {
            var everything = Pages(house, question);
            Assert.Equal(everything.Count, everything.Distinct().Count());
            Assert.Equal(CountOf(house, question), everything.Count);
        }
    }

    [Fact]
    public async Task The_inner_networks_certificates_are_found_with_their_bearers()
    {
        await using var house = await AuthorityHouse.Open();
        using var key = TestKey.P256();
        var officer = await house.Room.Operations.IssueClient(CallerRole.Officer, "officer-1", key.PublicKey, "test");

        var found = Find(house, new() { Book = CertificateBook.Operations });
        var clients = Find(house, new() { Book = CertificateBook.Operations, Kind = CertificateKind.Client });

        Assert.Equal(2, found.Found.Count);
        Assert.Equal((Serial(officer), "Officer officer-1"),
            (Assert.Single(clients.Found).Serial, clients.Found[0].Bearer));
    }

    [Fact, Cps("4-4-9")]
    public async Task Every_run_of_CRLs_is_kept_with_its_lists()
    {
        await using var house = await AuthorityHouse.Open();
        await house.Revoke(await house.Issued(), RevocationReason.KeyCompromise);
        await house.Room.Crls.Issue("scheduled", "test");
        await house.Room.Crls.Issue("again", "test");

        var runs = house.Room.Store.Read(db => CrlHistory.Runs(db, null));
        var earlier = house.Room.Store.Read(db => CrlHistory.Runs(db, 2));
        var lists = house.Room.Store.Read(db => CrlHistory.Lists(db, 1))!.Lists;
        var der = house.Room.Store.Read(db => CrlHistory.Bytes(db, 1, 1, AuthorityHouse.Kawagoe));

        Assert.Equal([(2, 64, 1), (1, 64, 1)], runs.Runs.Select(r => (r.Run.Number, r.Lists, r.Entries)));
        Assert.Equal(1, Assert.Single(earlier.Runs).Run.Number);
        Assert.Equal(der!.Length, lists.Single(l => l.Scope == AuthorityHouse.Kawagoe).Octets);
        Assert.Single(Crl.Read(der).Entries());
        Assert.Null(house.Room.Store.Read(db => CrlHistory.Lists(db, 3)));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Issued_and_revoked_are_counted_as_they_happen(bool onPostgres)
    {
        await using var house = await Open(onPostgres);
        var first = await house.Issued();
        await house.Issued("架空　花子");
        await house.Revoke(first, RevocationReason.KeyCompromise);
        await house.Revoke(first, RevocationReason.KeyCompromise);

        Assert.Equal((2, 1), house.Room.Store.Read(db => Tally.Of(db, Resident)));
        Assert.Equal((1, 0), house.Room.Store.Read(db => Tally.Of(db, CertificateKind.SelfSigned)));
    }

    [Fact]
    public async Task Books_that_had_no_serial_numbers_get_them_when_they_are_opened()
    {
        await using var house = await AuthorityHouse.Open();
        var serial = Serial(await house.Issued());
        await house.Room.Store.Write(tx => tx.Execute("UPDATE certificate SET serial = NULL"));

        await house.Restart();

        Assert.Equal(serial, Assert.Single(Find(house, new() { Serial = serial }).Found).Serial);
    }

    private const CertificateKind Resident = CertificateKind.Resident;

    private Task<AuthorityHouse> Open(bool onPostgres) =>
        AuthorityHouse.Open(database: onPostgres ? postgres.NewDatabase() : null);

    private static string Serial(Certificate certificate) => certificate.Serial.ToString();

    private static CertificateFinds Find(AuthorityHouse house, CertificateQuestion question) =>
        house.Room.Store.Read(db => question.Book == CertificateBook.Operations
            ? OperationsSearch.Find(db, question, house.Clock.GetUtcNow())
            : CertificateSearch.Find(db, question, house.Clock.GetUtcNow()));

    private static List<string> Serials(AuthorityHouse house, CertificateQuestion question) =>
        [.. Find(house, question).Found.Select(f => f.Serial)];

    private static List<string> Pages(AuthorityHouse house, CertificateQuestion question)
    {
        List<string> all = [];
        for (string? after = null; ;)
        {
            var page = Find(house, question with { After = after });
            all.AddRange(page.Found.Select(f => f.Serial));
            if ((after = page.Next) is null)
                return all;
        }
    }

    /// <summary>By looking at every certificate there is.</summary>
    private static int CountOf(AuthorityHouse house, CertificateQuestion question) =>
        Every(house).Count(f =>
            (question.Kind is null || f.Kind == question.Kind)
            && (question.Serial is null || f.Serial.StartsWith(question.Serial, StringComparison.Ordinal))
            && (question.Municipality is null || f.Municipality == question.Municipality)
            && (question.Standing is null || f.Standing == question.Standing));

    private static IEnumerable<CertificateFind> Every(AuthorityHouse house)
    {
        for (string? after = null; ;)
        {
            var page = Find(house, new() { After = after });
            foreach (var find in page.Found)
                yield return find;
            if ((after = page.Next) is null)
                yield break;
        }
    }
}
