using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Jpki.ControlRoom.Logs;
using Jpki.ControlRoom.Officers;
using Jpki.Cps;
using Jpki.Ledger;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Jpki.Tests.Rooms.ControlRoom;

/// <summary>The internal auditor's desk.</summary>
public sealed class LogDeskTests : IAsyncLifetime
{
    private static readonly OfficerOnDuty Auditor = new("audit-1", "監査　一郎", "AA", [Role.InternalAuditor]);

    private readonly ScratchFolder folder = new();
    private readonly FakeTimeProvider clock = new(new(2026, 11, 24, 1, 0, 0, TimeSpan.Zero));
    private readonly LogKey key = LogKey.Create("authority.test", RandomNumberGenerator.Create());
    private readonly LogKey own = LogKey.Create("control-room.test", RandomNumberGenerator.Create());
    private FileLog log = null!;
    private Store store = null!;
    private LogDesk desk = null!;

    public async ValueTask InitializeAsync()
    {
        log = FileLog.Open(folder["authority.log"], key);
        for (var i = 0; i < 1000; i += 100)
            await Task.WhenAll(Enumerable.Range(i, 100).Select(n => log.Append(Entry(n))));
        store = Store.Open(new()
        {
            Location = folder["store.db"],
            Room = "control-room",
            Assembly = typeof(LogDesk).Assembly,
            LogKey = own,
            Time = clock,
        });
        desk = new([new("authority", key.PublicKey, path => Task.FromResult(log.Log.Resource(path)!))], store, clock);
    }

    public async ValueTask DisposeAsync()
    {
        desk.Dispose();
        await store.DisposeAsync();
        await log.DisposeAsync();
        key.Dispose();
        own.Dispose();
        folder.Dispose();
    }

    [Fact, Cps("5-2-1-1(9)"), Cps("4-11-5")]
    public async Task Nobody_but_the_internal_auditor_reads_a_log_and_who_tries_is_logged()
    {
        foreach (var role in Enum.GetValues<Role>().Where(r => r != Role.InternalAuditor))
        {
            OfficerOnDuty officer = new($"{role}-7", "別人", "BB", [role]);

            Assert.Equal("5-2-1-1(9)", (await desk.Read(officer, All)).Refusal!.Clause.Number);
            Assert.Equal("5-2-1-1(9)", (await desk.Export(officer, All)).Refusal!.Clause.Number);
            Assert.Equal("5-2-1-1(9)", (await desk.Note(officer, "authority", 0, 1, true, "")).Refusal!.Clause.Number);
            Assert.Contains($"\"result\":\"CPS 5-2-1-1(9)\",\"source\":\"{role}-7\"", OwnLog());
        }
        Assert.Null(desk.LastInspection);
    }

    [Fact, Cps("5-2-1-1(9)")]
    public async Task The_auditor_pages_through_the_whole_log_from_its_end()
    {
        List<long> seen = [];
        for (long? before = null; ;)
        {
            var page = Done(await desk.Read(Auditor, All with { Before = before }));
            seen.AddRange(page.Entries.Select(e => e.Index));
            if ((before = page.Before) is null)
                break;
        }

        Assert.Equal(Enumerable.Range(0, 1000).Reverse().Select(i => (long)i), seen);
        Assert.Contains("\"what\":\"log read\"", OwnLog());
    }

    [Fact]
    public async Task Entries_are_found_by_time_kind_result_source_and_text()
    {
        Assert.Equal([30L, 29, 28], await Found(All with { From = Entry(28).At, Until = Entry(31).At }));
        Assert.Equal([999L], await Found(All with { From = Entry(999).At }));
        Assert.Equal([0L], await Found(All with { Until = Entry(1).At }));
        Assert.Empty(await Found(All with { Until = Entry(0).At }));
        Assert.Equal([997L, 897], (await Found(All with { Result = "CPS 4-2-3" })).Take(2));
        Assert.Equal([995L, 985], (await Found(All with { Source = "term-5" })).Take(2));
        Assert.Equal([77L], await Found(All with { About = "SERIAL-77x", What = "issued" }));
        Assert.Empty(await Found(All with { About = "serial-77x", What = "revoked" }));
    }

    [Fact]
    public async Task What_is_exported_reads_back_and_no_cell_is_a_formula()
    {
        await log.Append(new("=1+1", Entry(1000).At, "say \"ok\"", "-source"));
        var question = All with { From = Entry(998).At };

        var json = JsonDocument.Parse(await Export(question, LogExport.Json)).RootElement;
        var csv = Encoding.UTF8.GetString(await Export(question, LogExport.Csv)).TrimStart('\uFEFF').Split("\r\n");

        Assert.Equal([998, 999, 1000], json.EnumerateArray().Select(e => e.GetProperty("index").GetInt64()));
        Assert.Equal("=1+1", json[2].GetProperty("what").GetString());
        Assert.Equal(5, csv.Length);
        Assert.Contains(",\"'=1+1\",\"say \"\"ok\"\"\",\"'-source\",\"\"", csv[3]);
        Assert.Equal("[]\n", Encoding.UTF8.GetString(await Export(All with { What = "none" }, LogExport.Json)));
    }

    [Fact, Cps("4-11-5")]
    public async Task An_altered_log_is_not_shown_but_called_altered()
    {
        using LogDesk deceived = new(
            [new("authority", key.PublicKey, path => Task.FromResult(Altered(path)))], store, clock);

        await Assert.ThrowsAnyAsync<FormatException>(() => deceived.Read(Auditor, All));
    }

    [Fact, Cps("4-11-3"), Cps("4-11-7")]
    public async Task An_inspection_is_kept_and_only_the_control_rooms_own_log_is_told()
    {
        var authority = log.Log.Checkpoint;

        var kept = Done(await desk.Note(Auditor, "authority", 0, 999, false, " 3 件の失敗した再発行 "));

        Assert.Equal((1, "3 件の失敗した再発行", clock.GetUtcNow()), (kept.Number, kept.Finding, kept.At));
        Assert.Equal(kept, Assert.Single(desk.Inspections("authority")));
        Assert.Equal(clock.GetUtcNow(), desk.LastInspection);
        Assert.Contains("\"about\":\"authority 0-999, inspection 1\"", OwnLog());
        Assert.DoesNotContain("再発行", OwnLog());
        Assert.Equal(authority, log.Log.Checkpoint);
    }

    [Fact, Cps("4-11-3")]
    public async Task An_inspection_of_entries_that_are_not_there_or_that_says_nothing_is_refused()
    {
        Assert.NotNull((await desk.Note(Auditor, "authority", 0, 1000, true, "")).Refusal);
        Assert.NotNull((await desk.Note(Auditor, "authority", 5, 4, true, "")).Refusal);
        Assert.NotNull((await desk.Note(Auditor, "authority", 0, 4, false, " ")).Refusal);
        Assert.NotNull((await desk.Note(Auditor, "elsewhere", 0, 4, true, "")).Refusal);
        Assert.Empty(desk.Inspections("authority"));
    }

    private static LogQuestion All { get; } = new() { Room = "authority" };

    private static LedgerEvent Entry(int number) => new(
        number % 2 == 1 ? "certificate issued" : "certificate revoked",
        new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero).AddHours(number),
        number % 100 == 97 ? "CPS 4-2-3" : "ok", $"term-{number % 10}", $"serial-{number}x");

    private static T Done<T>(Outcome<T> outcome) where T : class =>
        outcome.IsRefused(out var refusal, out var value) ? throw new InvalidOperationException($"{refusal}") : value;

    private string OwnLog() => string.Concat(store.Log.Entries(0, long.MaxValue).Select(e => e.Json + "\n"));

    private async Task<IEnumerable<long>> Found(LogQuestion question) =>
        Done(await desk.Read(Auditor, question)).Entries.Select(e => e.Index);

    private async Task<byte[]> Export(
        LogQuestion question, Func<IAsyncEnumerable<LogEntry>, Stream, CancellationToken, Task> write)
    {
        using MemoryStream octets = new();
        await write(Done(await desk.Export(Auditor, question)).Entries, octets, TestContext.Current.CancellationToken);
        return octets.ToArray();
    }

    private byte[] Altered(string path)
    {
        var octets = log.Log.Resource(path)!.ToArray();
        if (path.StartsWith("tile/entries/", StringComparison.Ordinal))
            octets[^5] ^= 1;
        return octets;
    }
}
