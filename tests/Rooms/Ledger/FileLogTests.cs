using System.Text;
using CsCheck;
using Jpki.Ledger;
using Xunit;

namespace Jpki.Tests.Rooms.Ledger;

public sealed class FileLogTests : LedgerRoom
{
    private string LogPath => Path.Combine(Folder, "audit.log");

    [Fact, Cps("4-11-2")]
    public async Task An_appended_entry_is_sealed_with_its_four_items()
    {
        await using var log = FileLog.Open(LogPath, Key);

        await log.Append(Event(7));

        var (index, json) = Assert.Single(log.Log.Entries(0, 10));
        Assert.Equal(0, index);
        Assert.Equal(
            """{"what":"証明書発行","at":"2026-04-01T03:00:07Z","result":"成功","source":"Authority","about":"serial 7"}""",
            json);
        Assert.Equal(1, Checkpoint.Open(log.Log.Checkpoint!, Key.PublicKey).Size);
    }

    [Fact]
    public async Task Appends_from_many_threads_are_all_there_and_each_callers_in_order()
    {
        await using (var log = FileLog.Open(LogPath, Key))
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(async () =>
            {
                for (var i = 0; i < 200; i++)
                    await log.Append(Event((thread * 1000) + i));
            })));
        }

        await using var again = FileLog.Open(LogPath, Key);
        Assert.Equal(1600, again.Health.LogSize);
        var numbers = again.Log.Entries(0, 1600)
            .Select(e => int.Parse(e.Json.Split("serial ")[1].TrimEnd('"', '}'), null)).ToList();
        Assert.All(numbers.GroupBy(n => n / 1000), caller => Assert.Equal(caller.Order(), caller));
        Assert.Equal(1600, numbers.Distinct().Count());
    }

    [Fact]
    public async Task A_torn_last_frame_is_cut_off_and_kept_aside()
    {
        var whole = await ThreeFrames();
        var lastStarts = whole.Ends[1];

        Gen.Int[lastStarts + 1, whole.Bytes.Length - 1].Sample(length =>
        {
            var path = Path.Combine(Folder, $"{Guid(length)}.log");
            File.WriteAllBytes(path, whole.Bytes[..length]);
            using var log = FileLog.Open(path, Key);
            log.Append(Event(99)).GetAwaiter().GetResult();
            return log.Health.LogSize == 3
                && File.ReadAllBytes($"{path}.torn-{lastStarts}").Length == length - lastStarts;
        }, iter: 100, threads: 1);
    }

    [Fact]
    public async Task A_last_frame_of_zeros_is_cut_off()
    {
        var whole = await ThreeFrames();
        whole.Bytes.AsSpan(whole.Ends[1] + 40).Clear();
        await File.WriteAllBytesAsync(LogPath, whole.Bytes, TestContext.Current.CancellationToken);

        await using var log = FileLog.Open(LogPath, Key);

        Assert.Equal(2, log.Health.LogSize);
    }

    [Fact]
    public async Task A_log_has_one_writer_and_one_key()
    {
        await using (FileLog.Open(LogPath, Key))
            Assert.Throws<LedgerBrokenException>(() => FileLog.Open(LogPath, Key));
        await using (var log = FileLog.Open(LogPath, Key))
            await log.Append(Event(1));

        using var other = LogKey.Create(Key.Name, System.Security.Cryptography.RandomNumberGenerator.Create());
        Assert.Throws<FormatException>(() => FileLog.Open(LogPath, other));
    }

    [Fact]
    public void Another_kind_of_file_is_not_written_into()
    {
        File.WriteAllText(LogPath, "my shopping list, which is longer than it should be");

        Assert.Throws<FormatException>(() => FileLog.Open(LogPath, Key));
        Assert.StartsWith("my shopping list", File.ReadAllText(LogPath), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disposing_seals_what_was_accepted_and_refuses_the_rest()
    {
        var log = FileLog.Open(LogPath, Key);
        var appends = Enumerable.Range(0, 40_000).Select(i => log.Append(Event(i))).ToArray();
        await Task.WhenAll(appends);
        var last = log.Append(Event(1));

        await log.DisposeAsync();

        await last;
        await Assert.ThrowsAsync<ObjectDisposedException>(() => log.Append(Event(2)));
        Assert.All(await LedgerVerifier.Verify(LogPath, [Key.PublicKey], []), verdict =>
            Assert.Equal(40_001, verdict.Size));
    }

    [Fact]
    public async Task An_entry_too_long_harms_only_itself()
    {
        await using var log = FileLog.Open(LogPath, Key);
        var before = log.Append(Event(1));
        var tooLong = log.Append(Event(2) with { About = new string('字', 30_000) });
        var after = log.Append(Event(3));

        await Assert.ThrowsAsync<ArgumentException>(() => tooLong);
        await Task.WhenAll(before, after);
        Assert.Equal(2, log.Health.LogSize);
    }

    private static string Guid(int number) => number.ToString("x8", null);

    private async Task<(byte[] Bytes, int[] Ends)> ThreeFrames()
    {
        var path = Path.Combine(Folder, "three.log");
        var ends = new int[3];
        await using (var log = FileLog.Open(path, Key))
        {
            for (var i = 0; i < 3; i++)
            {
                await log.Append(Event(i));
                ends[i] = (int)new FileInfo(path).Length;
            }
        }
        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        Assert.StartsWith(
            "jpki sealed log 1\n", Encoding.UTF8.GetString(bytes.AsSpan(0, 18)), StringComparison.Ordinal);
        return (bytes, ends);
    }
}
