using Dapper;
using Jpki.ControlRoom.Registers;
using Jpki.Cps;
using Xunit;

namespace Jpki.Tests.Rooms.ControlRoom;

/// <summary>The yearly look at what is kept, how long it is kept, and what remains of it afterwards.</summary>
public sealed class ArchiveTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    [Theory, Cps("4-12-1-4")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_volume_is_due_once_a_year_until_somebody_looked_at_it(bool onPostgres)
    {
        await using RegisterHouse house = new(onPostgres ? server.NewDatabase() : null);
        await house.Write("AG", RegisterHouse.Agreement);
        var before = house.Due(days: 365).Where(m => m.Number is null);
        await house.Write("RC", Check("AG"));
        var after = house.Due(days: 140);

        Assert.Equal(
            new DueMatter("AG", null, 2026, new(2027, 3, 31), IsLate: false), Assert.Single(before));
        Assert.DoesNotContain(after, m => m.Series == "AG");
        house.Clock.Advance(TimeSpan.FromDays(365));
        Assert.Contains(new("AG", null, 2026, new(2028, 3, 31), IsLate: false), house.Due(days: 140));
        house.Clock.Advance(TimeSpan.FromDays(365));
        Assert.Contains(new("AG", null, 2026, new(2028, 3, 31), IsLate: true), house.Due());
    }

    [Fact, Cps("4-12-1-4"), Cps("4-12-2-6")]
    public async Task A_check_of_a_volume_that_is_not_there_is_refused_by_the_mediums_clause()
    {
        await using RegisterHouse house = new();

        Assert.Equal("4-12-1-4", (await house.TryWrite("RC", Check("AG"))).Refusal?.Clause.Number);
        Assert.Equal("4-12-2-6", (await house.TryWrite("RC", Check("EE"))).Refusal?.Clause.Number);
        Assert.Equal("4-12-1-4", (await house.TryWrite("RC", Check("ZZ"))).Refusal?.Clause.Number);
    }

    [Fact, Cps("4-12-1-4")]
    public async Task A_check_says_who_what_and_how_it_ended()
    {
        await using RegisterHouse house = new();
        await house.Write("AG", RegisterHouse.Agreement);
        var (_, troubles) = EntryRules.Check(
            RegisterHouse.Register("RC"), EntryKind.First, new() { Date = "2026-11-24", Place = "第一書庫" },
            house.Desk.Today);

        Assert.Equal(["series", "year", "sample", "result"], troubles.Select(t => t.Field));
        Assert.Equal("kanri-1", (await house.Write("RC", Check("AG"))).WrittenBy);
    }

    [Fact, Cps("4-12-1-4")]
    public async Task A_failed_check_stays_open_until_something_was_done()
    {
        await using RegisterHouse house = new();
        await house.Write("AG", RegisterHouse.Agreement);

        var failed = await house.Write("RC", Check("AG", "failed") with { Due = "2026-12-10" });
        var open = house.Due();
        RegisterHouse.Done(await house.TryContinue(failed, EntryKind.FollowUp, new()
        {
            Date = "2026-11-24",
            Closes = true,
            Fields = RegisterHouse.Fields(("measure", "複製を作成"), ("checker", "kansa-1")),
        }));

        Assert.Equal(failed.Number, Assert.Single(open).Number);
        Assert.Empty(house.Due());
    }

    [Theory, Cps("4-12-1-2"), Cps("5-1-1-9")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_must_be_kept_is_not_disposed_of_and_afterwards_its_number_and_digest_stay(bool onPostgres)
    {
        await using RegisterHouse house = new(onPostgres ? server.NewDatabase() : null);
        var entry = await house.Write("AG", RegisterHouse.Agreement with { File = new("a.pdf", new byte[] { 1, 2 }) });
        house.Clock.SetUtcNow(new(2037, 3, 31, 14, 59, 59, TimeSpan.Zero));
        var lastDay = await house.TryWrite("DW", Disposal(entry.Number, "2037-03-31"));
        var kept = (await house.Chain(entry)).Current;
        house.Clock.Advance(TimeSpan.FromSeconds(1));

        var disposal = await house.Write("DW", Disposal(entry.Number, "2037-04-01"));
        var chain = await house.Chain(entry);

        Assert.Equal("4-12-1-2", lastDay.Refusal?.Clause.Number);
        Assert.NotNull(kept);
        Assert.Equal(new DateOnly(2037, 4, 1), chain.DisposedOn);
        Assert.Equal((entry.Number, entry.Sha256, entry.FileSha256, null),
            (chain.Entries[0].Number, chain.Entries[0].Sha256, chain.Entries[0].FileSha256, chain.Current));
        Assert.Equal(0, house.Store.Read(db => db.ExecuteScalar<long>("SELECT COUNT(*) FROM register_files")));
        Assert.Empty(RegisterHouse.Done(await house.Desk.Search(
            RegisterHouse.Keeper, RegisterHouse.Register("AG"), new() { Text = "V-0001" })).Lines);
        Assert.Contains(disposal.Number, house.Log(), StringComparison.Ordinal);
    }

    [Fact, Cps("4-12-1-2")]
    public async Task An_application_is_kept_three_years_longer()
    {
        await using RegisterHouse house = new();
        var counter = RegisterHouse.Officer("kawagoe-1", Role.CounterOfficer);
        var entry = await house.Write("IA", new()
        {
            Date = "2026-11-20",
            Place = "川越市",
            Fields = RegisterHouse.Fields(("municipality", "11201"), ("receipt", "11201-20261120-0001")),
        }, counter);
        house.Clock.SetUtcNow(new(2037, 4, 2, 0, 0, 0, TimeSpan.Zero));

        var early = await house.TryWrite("DW", Disposal(entry.Number, "2037-04-02"));
        house.Clock.SetUtcNow(new(2040, 4, 1, 0, 0, 0, TimeSpan.Zero));

        Assert.Equal("4-12-1-2", early.Refusal?.Clause.Number);
        await house.Write("DW", Disposal(entry.Number, "2040-04-01"));
    }

    [Fact, Cps("4-12-1-2"), Cps("4-12-2-2")]
    public async Task What_is_disposed_of_is_not_written_to_and_not_disposed_of_again()
    {
        await using RegisterHouse house = new();
        var entry = await house.Write("AG", RegisterHouse.Agreement);
        house.Clock.SetUtcNow(new(2038, 4, 2, 0, 0, 0, TimeSpan.Zero));
        await house.Write("DW", Disposal(entry.Number, "2038-04-01"));

        var again = await house.TryWrite("DW", Disposal(entry.Number, "2038-04-01"));
        var correction = await house.TryContinue(
            entry, EntryKind.Correction, RegisterHouse.Agreement with { Reason = "誤記" });

        Assert.Equal("4-12-1-2", again.Refusal?.Clause.Number);
        Assert.Equal("4-12-1-2", correction.Refusal?.Clause.Number);
        Assert.Equal("5-1-1-9", (await house.TryWrite("DW", Disposal("XX-1", "2038-04-01"))).Refusal?.Clause.Number);
    }

    [Fact, Cps("4-12-1-2")]
    public async Task An_old_paper_that_is_registered_late_and_a_late_follow_up_are_kept_from_then_on()
    {
        await using RegisterHouse house = new();

        var old = await house.Write("AG", RegisterHouse.Agreement with { Date = "2010-01-01" });
        var finding = await house.Write("AF", RegisterHouse.Finding);
        house.Clock.SetUtcNow(new(2028, 5, 1, 0, 0, 0, TimeSpan.Zero));
        RegisterHouse.Done(await house.TryContinue(finding, EntryKind.FollowUp, new()
        {
            Date = "2028-05-01",
            Closes = true,
            Fields = RegisterHouse.Fields(("measure", "改めた"), ("state", "confirmed"), ("checker", "chiji-1")),
        }));

        Assert.Equal(new(2037, 3, 31), (await house.Chain(old)).KeptUntil);
        Assert.Equal(new(2039, 3, 31), (await house.Chain(finding)).KeptUntil);
    }

    private static EntryDraft Check(string series, string result = "readable") => new()
    {
        Date = "2026-11-24",
        Place = "第一書庫",
        Fields = RegisterHouse.Fields(
            ("series", series), ("year", "2026"), ("sample", "AG-2026-00001"), ("result", result)),
    };

    private static EntryDraft Disposal(string number, string day) => new()
    {
        Date = day,
        Place = "溶解処理場",
        Fields = RegisterHouse.Fields(
            ("what", "取決めの書類"), ("number", number), ("method", "dissolved"), ("witness", "kansa-1")),
    };
}
