using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Jpki.ControlRoom.Registers;
using Jpki.Cps;
using Xunit;

namespace Jpki.Tests.Rooms.ControlRoom;

/// <summary>What stands in a register stays; what follows is written after it, by those whose work it is.</summary>
public sealed class RegisterTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    [Theory, Cps("4-12-1-1"), Cps("4-12-2-5")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_entry_has_a_number_a_time_a_place_and_a_digest_on_either_database(bool onPostgres)
    {
        await using RegisterHouse house = new(onPostgres ? server.NewDatabase() : null);

        var first = await house.Write("AG", RegisterHouse.Agreement);
        var second = await house.Write("AG", RegisterHouse.Agreement);
        var chain = await house.Chain(first);

        Assert.Equal(("AG-2026-00001", "AG-2026-00002"), (first.Number, second.Number));
        Assert.Equal(house.Clock.GetUtcNow(), first.WrittenAt);
        Assert.Equal("第一書庫 3-2", chain.Current!.Place);
        Assert.Equal("V-0001", chain.Current["party"]);
        var body = house.Store.Read(db => db.ExecuteScalar<string>(
            "SELECT body FROM register_entries WHERE number = 'AG-2026-00001'"))!;
        Assert.Equal(Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(body))), first.Sha256);
    }

    [Fact, Cps("5-2-1-1(1)")]
    public async Task Who_does_not_keep_the_registers_writes_nothing()
    {
        await using RegisterHouse house = new();

        var refused = await house.TryWrite("AG", RegisterHouse.Agreement, RegisterHouse.Receptionist);
        var auditors = await house.TryWrite("AG", RegisterHouse.Agreement, RegisterHouse.Auditor);

        Assert.Equal("5-2-1-1(1)", refused.Refusal?.Clause.Number);
        Assert.Equal("5-2-1-1(1)", auditors.Refusal?.Clause.Number);
        Assert.Empty(RegisterHouse.Done(
            await house.Desk.Search(RegisterHouse.Keeper, RegisterHouse.Register("AG"), new())).Lines);
        Assert.Contains("refused CPS 5-2-1-1(1)", house.Log(), StringComparison.Ordinal);
    }

    [Fact, Cps("5-2-1-1(3)")]
    public async Task The_receptionist_keeps_the_papers_of_cross_certification()
    {
        await using RegisterHouse house = new();
        EntryDraft paper = new()
        {
            Date = "2026-11-20",
            Place = "受付",
            Fields = RegisterHouse.Fields(("title", "相互認証の更新申請"), ("kind", "renewal")),
        };

        await house.Write("XC", paper, RegisterHouse.Receptionist);

        Assert.Equal("5-2-1-1(3)", (await house.TryWrite("XC", paper)).Refusal?.Clause.Number);
    }

    [Fact, Cps("5-2-3")]
    public async Task The_auditor_reads_every_register_and_others_only_their_own()
    {
        await using RegisterHouse house = new();

        foreach (var register in Registers.All)
            RegisterHouse.Done(await house.Desk.Search(RegisterHouse.Auditor, register, new()));
        var refused = await house.Desk.Search(RegisterHouse.Receptionist, RegisterHouse.Register("BC"), new());

        Assert.Equal("5-2-3", refused.Refusal?.Clause.Number);
        RegisterHouse.Done(await house.Desk.Search(RegisterHouse.Receptionist, RegisterHouse.Register("XC"), new()));
    }

    [Fact, Cps("4-12-1-3")]
    public async Task A_correction_is_a_further_entry_and_the_first_stays_as_it_was()
    {
        await using RegisterHouse house = new();
        var first = await house.Write("AG", RegisterHouse.Agreement);

        var right = RegisterHouse.Agreement with
        {
            Reason = "番号の誤記",
            Fields = RegisterHouse.Fields(("title", "署名検証者との取決め"), ("party", "V-0002")),
        };
        var correction = RegisterHouse.Done(await house.TryContinue(first, EntryKind.Correction, right));
        var chain = await house.Chain(correction);
        var found = await house.Desk.Search(RegisterHouse.Keeper, chain.Register, new() { Text = "v-0002" });

        Assert.Equal((first.Number, "AG-2026-00002"), (correction.First, correction.Number));
        Assert.Equal(["V-0001", "V-0002"], chain.Entries.Select(e => e.Contents!["party"]));
        Assert.Equal(first.Sha256, chain.Entries[0].Sha256);
        Assert.Equal("V-0002", chain.Current!["party"]);
        Assert.Contains("V-0002", Assert.Single(RegisterHouse.Done(found).Lines).Summary, StringComparison.Ordinal);
    }

    [Theory, Cps("4-12-1-3")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Not_even_the_database_lets_an_entry_change(bool onPostgres)
    {
        await using RegisterHouse house = new(onPostgres ? server.NewDatabase() : null);
        var entry = await house.Write("AG", RegisterHouse.Agreement);

        string[] forgeries =
        [
            "UPDATE register_entries SET body = '{}'", "UPDATE register_entries SET dated = '2001-01-01', body = NULL",
            "DELETE FROM register_entries",
        ];
        foreach (var forgery in forgeries)
            await Assert.ThrowsAnyAsync<DbException>(() => house.Store.Write(tx => tx.Execute(forgery)));

        Assert.Equal(entry, (await house.Chain(entry)).Entries[0] with { Contents = entry.Contents });
    }

    [Fact]
    public async Task A_form_sent_twice_is_one_entry()
    {
        await using RegisterHouse house = new();
        var entry = house.Checked("AG", RegisterHouse.Agreement);

        var once = await house.Desk.Write(RegisterHouse.Keeper, entry, "the same page");
        var twice = await house.Desk.Write(RegisterHouse.Keeper, entry, "the same page");

        Assert.Equal(once.Value!.Number, twice.Value!.Number);
    }

    [Theory, Cps("4-11-2"), Cps("2-8-1")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Writing_and_reading_are_in_the_log_by_number_and_nothing_that_was_written(bool onPostgres)
    {
        await using RegisterHouse house = new(onPostgres ? server.NewDatabase() : null);
        var entry = await house.Write("CI", new()
        {
            Date = "2026-11-20",
            Place = "窓口",
            Due = "2026-12-01",
            Fields = RegisterHouse.Fields(
                ("title", "埼玉花子の苦情"), ("kind", "苦情"), ("from", "利用者"), ("details", "待たされた")),
        });
        await house.Desk.Search(RegisterHouse.Auditor, RegisterHouse.Register("CI"), new() { Text = "花子" });
        await house.Chain(entry);
        await house.Desk.Find(RegisterHouse.Keeper, RegisterHouse.Register("CI"), "花子-2026-00001");

        var log = house.Log();

        string[] told = ["register entry written", "CI-2026-00001", "register read", "kansa-1", "register entry read"];
        Assert.All(told, text => Assert.Contains(text, log, StringComparison.Ordinal));
        string[] secrets = ["花子", "待たされた", "窓口"];
        Assert.All(secrets, text => Assert.DoesNotContain(text, log, StringComparison.Ordinal));
    }

    [Theory, Cps("2-7-6")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_finding_is_due_until_somebody_confirmed_the_measure(bool onPostgres)
    {
        await using RegisterHouse house = new(onPostgres ? server.NewDatabase() : null);
        var finding = await house.Write("AF", RegisterHouse.Finding);
        var soon = Assert.Single(house.Due());
        house.Clock.Advance(TimeSpan.FromDays(31));
        var late = Assert.Single(house.Due());

        RegisterHouse.Done(await house.TryContinue(finding, EntryKind.FollowUp, new()
        {
            Date = "2026-12-25",
            Due = "2027-01-31",
            Fields = RegisterHouse.Fields(("measure", "照合の手順を改めた"), ("state", "対策実施")),
        }));
        var postponed = Assert.Single(house.Due(days: 60));
        RegisterHouse.Done(await house.TryContinue(finding, EntryKind.FollowUp, new()
        {
            Date = "2026-12-25",
            Closes = true,
            Fields = RegisterHouse.Fields(("measure", "同上"), ("state", "知事が確認"), ("checker", "chiji-1")),
        }));

        Assert.Equal((finding.Number, false, true), (soon.Number, soon.IsLate, late.IsLate));
        Assert.Equal((new DateOnly(2027, 1, 31), false), (postponed.Due, postponed.IsLate));
        Assert.Empty(house.Due(days: 60));
        Assert.Equal(3, (await house.Chain(finding)).Entries.Length);
    }

    [Fact, Cps("2-7-6")]
    public async Task A_finding_is_not_closed_without_a_confirmer_nor_followed_up_once_closed()
    {
        await using RegisterHouse house = new();
        var finding = await house.Write("AF", RegisterHouse.Finding);
        EntryDraft closing = new()
        {
            Date = "2026-11-24",
            Closes = true,
            Fields = RegisterHouse.Fields(("measure", "改めた"), ("state", "confirmed")),
        };
        var (entry, troubles) =
            EntryRules.Check(RegisterHouse.Register("AF"), EntryKind.FollowUp, closing, house.Desk.Today);
        var confirmed = closing with
        {
            Fields = RegisterHouse.Fields(("measure", "改めた"), ("state", "confirmed"), ("checker", "chiji-1")),
        };
        RegisterHouse.Done(await house.TryContinue(finding, EntryKind.FollowUp, confirmed));

        Assert.Null(entry);
        Assert.Equal("checker", Assert.Single(troubles).Field);
        Assert.Equal(
            "2-7-6", (await house.TryContinue(finding, EntryKind.FollowUp, confirmed)).Refusal?.Clause.Number);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_comes_back_as_it_was_attached(bool onPostgres)
    {
        await using RegisterHouse house = new(onPostgres ? server.NewDatabase() : null);
        byte[] scan = [0x25, 0x50, 0x44, 0x46, 0, 255];

        var entry = await house.Write("AG", RegisterHouse.Agreement with { File = new(@"C:\scan\取決め.pdf", scan) });
        var file = RegisterHouse.Done(
            await house.Desk.File(RegisterHouse.Auditor, RegisterHouse.Register("AG"), entry.Number));

        Assert.Equal("取決め.pdf", file.Name);
        Assert.Equal(scan, file.Octets.ToArray());
        Assert.Equal(Convert.ToHexString(SHA256.HashData(scan)), entry.FileSha256);
    }
}
