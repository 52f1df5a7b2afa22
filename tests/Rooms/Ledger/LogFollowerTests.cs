using System.Security.Cryptography;
using Jpki.Ledger;
using Xunit;

namespace Jpki.Tests.Rooms.Ledger;

/// <summary>A log read over its tiles by somebody who has nothing but its public key.</summary>
public sealed class LogFollowerTests : LedgerRoom
{
    private Func<string, byte[], byte[]> meddle = (_, octets) => octets;

    [Fact, Cps("4-11-5")]
    public async Task It_grows_with_the_log_and_shows_every_entry()
    {
        await using var log = Open("one");
        using var follower = Follow(log);

        foreach (var size in (int[])[1, 255, 256, 257, 300, 1100])
        {
            await Append(log, (int)follower.Size, size);

            Assert.Equal(size, await follower.CatchUp());
            Assert.Equal(
                Enumerable.Range(0, size).Select(i => Event(i).At.ToUniversalTime()),
                (await All(follower)).Select(e => e.Event.At));
        }
        Assert.Equal(Event(700), (await follower.ReadTile(2, 700, 701)).Single().Event with { At = Event(700).At });
        Assert.Equal([254, 255], (await follower.ReadTile(0, 254, 900)).Select(e => e.Index));
        Assert.Empty(await follower.ReadTile(9, 0, long.MaxValue));
    }

    [Theory, Cps("4-11-5"), InlineData(10), InlineData(600)]
    public async Task An_entry_that_is_not_the_sealed_one_is_not_shown(int size)
    {
        await using var log = Open("one");
        await Append(log, 0, size);
        using var follower = Follow(log);
        await follower.CatchUp();

        meddle = (path, octets) => path.Contains("entries", StringComparison.Ordinal) ? Flip(octets, 9) : octets;
        var altered = await Assert.ThrowsAnyAsync<FormatException>(() => follower.ReadTile(0, 0, long.MaxValue));
        meddle = (path, octets) => path.Contains("entries", StringComparison.Ordinal) ? octets[..^1] : octets;
        await Assert.ThrowsAnyAsync<FormatException>(() => follower.ReadTile(0, 0, long.MaxValue));

        Assert.Contains("sealed", altered.Message, StringComparison.Ordinal);
    }

    [Fact, Cps("4-11-5")]
    public async Task A_log_that_was_cut_rewritten_or_signed_by_another_key_is_not_taken_up()
    {
        await using var log = Open("one");
        await Append(log, 0, 300);
        await using var shorter = Open("two");
        await Append(shorter, 0, 200);
        await using var rewritten = Open("three");
        await Append(rewritten, 5, 400);
        using var other = LogKey.Create(Key.Name, RandomNumberGenerator.Create());
        using LogFollower stranger = new(other.PublicKey, path => Task.FromResult(log.Log.Resource(path)!));
        var current = log.Log;
        using LogFollower follower = new(Key.PublicKey, path => Task.FromResult(current.Resource(path)!));
        await follower.CatchUp();

        await Assert.ThrowsAnyAsync<FormatException>(stranger.CatchUp);
        foreach (var wrong in (LogReader[])[shorter.Log, rewritten.Log])
        {
            current = wrong;
            await Assert.ThrowsAnyAsync<FormatException>(follower.CatchUp);
            Assert.Equal(300, follower.Size);
        }
        current = log.Log;
        Assert.Equal(300, await follower.CatchUp());
    }

    private FileLog Open(string name) => FileLog.Open(Path.Combine(Folder, name + ".log"), Key);

    private static Task Append(FileLog log, int from, int to) =>
        Task.WhenAll(Enumerable.Range(from, to - from).Select(i => log.Append(Event(i))));

    private LogFollower Follow(FileLog log) =>
        new(Key.PublicKey, path => Task.FromResult(meddle(path, log.Log.Resource(path)!)));

    private static async Task<List<LogEntry>> All(LogFollower follower)
    {
        List<LogEntry> all = [];
        for (var tile = 0L; tile * 256 < follower.Size; tile++)
            all.AddRange(await follower.ReadTile(tile, 0, long.MaxValue));
        return all;
    }

    private static byte[] Flip(byte[] octets, int at)
    {
        var flipped = octets.ToArray();
        flipped[at] ^= 1;
        return flipped;
    }
}
