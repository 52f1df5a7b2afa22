using System.Diagnostics;
using Jpki.Ledger;
using Xunit;

namespace Jpki.Tests.Rooms.Ledger;

/// <summary>Measures; run by name. The goals: 100,000 events/s appended, 1,000,000 entries/s verified on two
/// processors.</summary>
public sealed class SpeedTests : LedgerRoom
{
    private TimeSpan cpu = Environment.CpuUsage.TotalTime;

    [Fact(Explicit = true)]
    public async Task A_log_file_takes_and_verifies_events()
    {
        const int events = 1_000_000;
        var path = Path.Combine(Folder, "audit.log");
        var clock = Stopwatch.StartNew();
        await using (var log = FileLog.Open(path, Key))
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(t => Task.Run(async () =>
            {
                var last = Task.CompletedTask;
                for (var i = 0; i < events / 4; i++)
                    last = log.Append(Event(i));
                await last;
            })));
        }
        Report("append", events, clock.Elapsed);

        for (var round = 0; round < 2; round++)
        {
            clock.Restart();
            var verdict = Assert.Single(await LedgerVerifier.Verify(path, [Key.PublicKey], []));
            Report("verify", verdict.Size, clock.Elapsed);
            Assert.True(verdict.IsGood);
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"{new FileInfo(path).Length / events} octets each");

        clock.Restart();
        var hash = new byte[32];
        for (var i = 0; i < events; i++)
            System.Security.Cryptography.SHA256.HashData(hash.AsSpan(), hash);
        Report("bare SHA-256", events, clock.Elapsed);
    }

    [Fact(Explicit = true)]
    public async Task A_store_takes_changes()
    {
        const int changes = 100_000;
        await using var store = OpenStore(Path.Combine(Folder, "room.db"));
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 512).Select(t => Task.Run(async () =>
        {
            for (var i = t; i < changes; i += 512)
            {
                var id = (long)i;
                await store.Write(tx =>
                {
                    tx.Command("INSERT INTO account (id, owner) VALUES (@id, @owner)").Set("id", id)
                        .Set("owner", $"{id}").Execute();
                    tx.Record(Event(id));
                });
            }
        })));
        Report("changes", changes, clock.Elapsed);
    }

    /// <summary>On a machine shared with others the processor time says more than the clock.</summary>
    private void Report(string what, long count, TimeSpan took)
    {
        var used = Environment.CpuUsage.TotalTime - cpu;
        cpu = Environment.CpuUsage.TotalTime;
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{what}: {count / took.TotalSeconds:n0} a second, "
            + $"{used.TotalMicroseconds / count:n2} µs of processor each");
    }
}
