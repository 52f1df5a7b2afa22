using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Dapper;
using Jpki.Ledger;
using Xunit;

namespace Jpki.Tests.Rooms.Ledger;

/// <summary>A process is killed in the middle of writing, or its disk is full: what it was told is durable is
/// there.</summary>
public sealed class CrashTests : LedgerRoom
{
    private const string Where = "JPKI_TEST_CRASH";

    private string KeyPath => Path.Combine(Folder, "log.key");

    private string Acknowledged => Path.Combine(Folder, "acknowledged");

    [Fact]
    public async Task A_store_whose_process_is_killed_keeps_every_acknowledged_change()
    {
        for (var round = 1; round <= 3; round++)
        {
            await RunAndKill(nameof(Child_writes_to_a_store_until_it_is_killed), round * 1500);

            using var key = LogKey.OpenOrCreate(KeyPath, "log.test/crash", RandomNumberGenerator.Create());
            await using var store = OpenCrashStore(Folder, key);
            var present = store.Read(c => c.Query<long>("SELECT id FROM account")).ToHashSet();
            Assert.Empty(Numbers().Except(present));
            Assert.Equal(present.Count, store.Health.LogSize);
            Assert.All(await LedgerVerifier.Verify(Folder, [key.PublicKey], []), v =>
                Assert.True(v.IsGood, v.ToString()));
        }
    }

    [Fact]
    public async Task A_log_whose_process_is_killed_keeps_every_acknowledged_entry()
    {
        for (var round = 1; round <= 3; round++)
        {
            await RunAndKill(nameof(Child_appends_to_a_log_until_it_is_killed), round * 1500);

            using var key = LogKey.OpenOrCreate(KeyPath, "log.test/crash", RandomNumberGenerator.Create());
            await using var log = FileLog.Open(Path.Combine(Folder, "audit.log"), key);
            var present = log.Log.Entries(0, long.MaxValue)
                .Select(e => long.Parse(e.Json.Split("serial ")[1].TrimEnd('"', '}'), CultureInfo.InvariantCulture))
                    .ToHashSet();
            Assert.Empty(Numbers().Except(present));
            Assert.All(await LedgerVerifier.Verify(Path.Combine(Folder, "audit.log"), [key.PublicKey], []),
                v => Assert.True(v.IsGood, v.ToString()));
        }
    }

    [Fact]
    public async Task A_full_disk_faults_appends_and_shows_in_the_logs_health()
    {
        // A limit on file sizes is a disk that fills; the runtime's own files would meet it too without the second
        // setting.
        using var child = Start(nameof(Child_appends_until_its_disk_is_full), "trap '' XFSZ; ulimit -f 128;");
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal("refused",
            await File.ReadAllTextAsync(Path.Combine(Folder, "outcome"), TestContext.Current.CancellationToken));
        using var key = LogKey.OpenOrCreate(KeyPath, "log.test/crash", RandomNumberGenerator.Create());
        await using var log = FileLog.Open(Path.Combine(Folder, "audit.log"), key);
        Assert.True(log.Health.LogSize >= Numbers().Count);
    }

    [Fact]
    public async Task A_full_database_faults_its_changes_and_keeps_what_was_acknowledged()
    {
        var location = Path.Combine(Folder, "room.db");
        var kept = 0L;
        await using (var store = OpenStore(location))
        {
            await store.Write(tx => tx.Query<long>("PRAGMA max_page_count = 40"));
            var failure = await Record.ExceptionAsync(async () =>
            {
                for (; kept < 100_000; kept++)
                    await store.Write(tx => tx.Record(Event(kept)));
            });
            Assert.IsType<LedgerBrokenException>(failure);
            Assert.False(store.Health.IsWell);
        }

        await using var again = OpenStore(location);
        Assert.Equal(kept, again.Health.LogSize);
    }

    [Fact(Explicit = true)]
    public async Task Child_writes_to_a_store_until_it_is_killed()
    {
        var folder = Environment.GetEnvironmentVariable(Where)!;
        using var key = LogKey.OpenOrCreate(Path.Combine(folder, "log.key"), "log.test/crash",
            RandomNumberGenerator.Create());
        await using var store = OpenCrashStore(folder, key);
        var next = store.Read(c => c.ExecuteScalar<long>("SELECT COALESCE(MAX(id), 0) FROM account"));
        await Acknowledge(folder, ref next, number => store.Write(tx =>
        {
            tx.Command("INSERT INTO account (id, owner) VALUES (@id, @owner)").Set("id", number)
                .Set("owner", $"{number}").Execute();
            tx.Record(Event(number));
        }));
    }

    [Fact(Explicit = true)]
    public async Task Child_appends_to_a_log_until_it_is_killed()
    {
        var folder = Environment.GetEnvironmentVariable(Where)!;
        using var key = LogKey.OpenOrCreate(Path.Combine(folder, "log.key"), "log.test/crash",
            RandomNumberGenerator.Create());
        await using var log = FileLog.Open(Path.Combine(folder, "audit.log"), key);
        var next = log.Health.LogSize;
        await Acknowledge(folder, ref next, number => log.Append(Event(number)));
    }

    [Fact(Explicit = true)]
    public async Task Child_appends_until_its_disk_is_full()
    {
        var folder = Environment.GetEnvironmentVariable(Where)!;
        using var key = LogKey.OpenOrCreate(Path.Combine(folder, "log.key"), "log.test/crash",
            RandomNumberGenerator.Create());
        var log = FileLog.Open(Path.Combine(folder, "audit.log"), key);
        var next = 0L;
        var first = await Record.ExceptionAsync(() =>
            Acknowledge(folder, ref next, number => log.Append(Event(number))));
        var second = await Record.ExceptionAsync(() => log.Append(Event(0)));
        var refused = first is LedgerBrokenException && second is LedgerBrokenException && !log.Health.IsWell;
        await File.WriteAllTextAsync(Path.Combine(folder, "outcome"), refused ? "refused" : $"{first} {second}",
            TestContext.Current.CancellationToken);
    }

    private static Store OpenCrashStore(string folder, LogKey key)
    {
        var options = new StoreOptions
        {
            Location = Path.Combine(folder, "room.db"),
            Room = "Room",
            Assembly = typeof(Store).Assembly,
            LogKey = key,
        };
        return Store.Open(options, Engine.Of(options), [Accounts]);
    }

    /// <summary>Eight callers at once, each noting the number of a write once it is acknowledged.</summary>
    private static Task Acknowledge(string folder, ref long next, Func<long, Task> write)
    {
        var counter = new StrongBox(next);
        var gate = new Lock();
        var notes = new StreamWriter(Path.Combine(folder, "acknowledged"), append: true) { AutoFlush = true };
        return Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                var number = Interlocked.Increment(ref counter.Value);
                await write(number);
                lock (gate)
                    notes.Write($"{number}\n");
            }
        })));
    }

    private List<long> Numbers() =>
        !File.Exists(Acknowledged) ? []
        // The last line may be torn; it may be a shorter number than the one acknowledged, which is there as well.
        : [.. File.ReadAllText(Acknowledged)
            .Split('\n')[..^1].Select(line => long.Parse(line, CultureInfo.InvariantCulture))];

    private async Task RunAndKill(string child, int atLeast)
    {
        using var process = Start(child, "");
        var patience = Stopwatch.StartNew();
        while (Numbers().Count < atLeast && !process.HasExited && patience.Elapsed < TimeSpan.FromSeconds(60))
            await Task.Delay(20, TestContext.Current.CancellationToken);
        Assert.False(process.HasExited, "the child ended by itself");
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(Numbers().Count >= atLeast, $"only {Numbers().Count} writes in a minute");
    }

    /// <summary>This test program again, as a process of its own that runs only the child's part.</summary>
    private Process Start(string child, string before)
    {
        var start = new ProcessStartInfo("/bin/sh");
        string[] program = Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal)
            ? [Environment.ProcessPath, typeof(CrashTests).Assembly.Location] : [Environment.ProcessPath];
        string[] arguments = ["-c", before + " exec \"$0\" \"$@\" >/dev/null 2>&1", .. program,
            "--explicit", "only", "--filter-method", $"{typeof(CrashTests).FullName}.{child}"];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment[Where] = Folder;
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        return Process.Start(start)!;
    }

    private sealed class StrongBox(long value)
    {
        public long Value = value;
    }
}
