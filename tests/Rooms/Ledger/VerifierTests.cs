using CsCheck;
using Dapper;
using Jpki.Ledger;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Jpki.Tests.Rooms.Ledger;

/// <summary>What is done to a sealed log behind its back shows, to anyone who has the public key.</summary>
public sealed class VerifierTests : LedgerRoom
{
    private string LogPath => Path.Combine(Folder, "audit.log");

    [Fact, Cps("4-11-5")]
    public async Task An_untouched_log_is_good()
    {
        await WriteLog(12);

        var verdict = Assert.Single(await LedgerVerifier.Verify(LogPath, [Key.PublicKey], []));

        Assert.True(verdict.IsGood, verdict.ToString());
        Assert.Equal((78, 12), (verdict.Size, verdict.Checkpoints));
    }

    [Fact, Cps("4-11-5")]
    public async Task Every_flipped_bit_shows()
    {
        await WriteLog(6);
        var bytes = await File.ReadAllBytesAsync(LogPath, TestContext.Current.CancellationToken);

        Gen.Int[0, (bytes.Length * 8) - 1].Sample(bit =>
        {
            var flipped = (byte[])bytes.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            return !Judge(flipped, $"flip{bit}").IsGood;
        }, iter: 2000);
    }

    [Fact, Cps("4-11-5")]
    public async Task Every_flipped_bit_inside_a_segment_shows_even_if_the_frame_is_made_to_fit_again()
    {
        var segments = await WriteLog(6);

        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 2], Gen.Int[0, int.MaxValue]).Sample((at, part, bit) =>
        {
            ReadOnlyMemory<byte> Flip(ReadOnlyMemory<byte> bytes)
            {
                var flipped = bytes.ToArray();
                flipped[bit / 8 % flipped.Length] ^= (byte)(1 << (bit % 8));
                return flipped;
            }
            var changed = segments.ToList();
            var s = segments[at];
            changed[at] = part switch
            {
                0 => s with { Entries = Flip(s.Entries) },
                1 => s with { Leaves = Flip(s.Leaves) },
                _ => s with { Frontier = Flip(s.Frontier) },
            };
            var damage = Judge(Frames(changed), $"part{at}-{part}-{bit}").Damage;
            return damage is not null && damage.First >= s.First && damage.First < s.End;
        }, iter: 500);
    }

    [Fact, Cps("4-11-5")]
    public async Task A_removed_segment_shows()
    {
        var segments = await WriteLog(8);

        for (var i = 0; i < 7; i++)
        {
            var damage = Judge(Frames([.. segments[..i], .. segments[(i + 1)..]]), $"removed{i}").Damage;
            Assert.Equal(segments[i].First, damage!.First);
        }
    }

    [Fact, Cps("4-11-5")]
    public async Task Segments_in_another_order_show()
    {
        var segments = await WriteLog(8);

        Gen.Shuffle(Enumerable.Range(0, 8).ToArray()).Where(order => !order.SequenceEqual(Enumerable.Range(0, 8)))
            .Sample(order =>
                !Judge(Frames([.. order.Select(i => segments[i])]), string.Concat(order)).IsGood, iter: 200);
    }

    [Fact, Cps("4-11-5")]
    public async Task An_entry_rewritten_with_all_its_hashes_shows_by_the_seal()
    {
        var segments = await WriteLog(3);
        using var thief = LogKey.Create(Key.Name, System.Security.Cryptography.RandomNumberGenerator.Create());
        using var buffer = new EntryBuffer();
        for (var i = 0; i < segments[1].Count; i++)
            buffer.Add(Event(666));
        var before = Frontier.Restore(segments[0].End, segments[0].Frontier.Span);
        var forged = new Sealer(thief, before).Seal(buffer);

        var own = Judge(Frames([segments[0], forged, segments[2]]), "thief");
        var old = Judge(Frames([segments[0], forged with { Checkpoint = segments[1].Checkpoint }, segments[2]]), "old");

        Assert.Equal("the checkpoint's signature is not the key's", own.Damage!.Why);
        Assert.Equal("the checkpoint does not seal these entries", old.Damage!.Why);
        Assert.Equal((1, 2), (old.Damage.First, old.Damage.Last));
    }

    [Fact, Cps("4-11-5")]
    public async Task A_log_cut_or_rolled_back_shows_by_an_older_checkpoint()
    {
        var segments = await WriteLog(8);
        var seen = segments[5].Checkpoint;

        Assert.True(Judge(Frames(segments), "whole", seen).IsGood);
        Assert.True(Judge(Frames(segments[..6]), "just", seen).IsGood);
        var cut = Judge(Frames(segments[..5]), "cut", seen);
        Assert.Equal("the log ends after 15 entries, but 21 were seen in it before", cut.Damage!.Why);
    }

    [Fact, Cps("4-11-5")]
    public async Task A_log_rewritten_by_its_own_key_shows_by_an_older_checkpoint()
    {
        var seen = (await WriteLog(4))[2].Checkpoint;
        File.Delete(LogPath);
        var rewritten = await WriteLog(6, offset: 1000);

        Assert.True(Judge(Frames(rewritten), "alone").IsGood);
        Assert.StartsWith(
            "the log is not the one", Judge(Frames(rewritten), "known", seen).Damage!.Why, StringComparison.Ordinal);
    }

    [Theory, Cps("4-11-5")]
    [InlineData("DELETE FROM ledger WHERE first = 1", 1)]
    [InlineData("UPDATE ledger SET entries = zeroblob(length(entries)) WHERE first = 3", 3)]
    [InlineData("UPDATE ledger SET entries = replace(CAST(entries AS TEXT), 'x', 'y') WHERE first = 3", 3)]
    [InlineData("UPDATE ledger SET leaves = x'00' WHERE first = 1", 1)]
    [InlineData("UPDATE ledger SET frontier = x'00' WHERE first = 0", 0)]
    [InlineData("UPDATE ledger SET count = 2 WHERE first = 0", 0)]
    [InlineData("UPDATE ledger SET count = -1 WHERE first = 0", 0)]
    [InlineData("UPDATE ledger SET count = 1000000000000 WHERE first = 1", 1)]
    [InlineData("UPDATE ledger SET first = first + 100", 0)]
    [InlineData("UPDATE ledger SET first = -first", 0)]
    [InlineData("UPDATE ledger SET checkpoint = replace(checkpoint, '1', '2') WHERE first = 0", 0)]
    [InlineData("UPDATE ledger SET checkpoint = (SELECT checkpoint FROM ledger WHERE first = 1) WHERE first = 3", 3)]
    [InlineData("UPDATE ledger SET checkpoint = checkpoint || ' ' WHERE first = 1", 1)]
    public async Task A_store_touched_behind_its_back_shows(string sql, long entry)
    {
        var path = Path.Combine(Folder, "room.db");
        await using (var store = OpenStore(path))
        {
            for (var segment = 1; segment <= 3; segment++)
                await store.Write(tx => Enumerable.Range(0, segment).ToList().ForEach(i => tx.Record(Event(i))));
            Assert.All(await LedgerVerifier.Verify(path, [Key.PublicKey], []), v =>
                Assert.True(v.IsGood, v.ToString()));
        }
        using (var connection = new SqliteConnection($"Data Source={path};Pooling=false"))
            Assert.NotEqual(0, connection.Execute(sql));

        var verdicts = await LedgerVerifier.Verify(path, [Key.PublicKey], []);

        Assert.Equal(entry, verdicts[0].Damage?.First);
    }

    [Fact]
    public async Task A_folder_is_searched_for_every_log_and_a_missing_one_shows()
    {
        await WriteLog(3);
        using var otherKey =
            LogKey.Create("log.test/other", System.Security.Cryptography.RandomNumberGenerator.Create());
        using var nobodys = LogKey.Create("log.test/gone", System.Security.Cryptography.RandomNumberGenerator.Create());
        await using (var store = Store.Open(Options(Path.Combine(Folder, "rooms", "other.db")) with
        {
            LogKey = otherKey,
            Assembly = typeof(VerifierTests).Assembly
        }))
        {
            await store.Write(tx => tx.Record(Event(1)));
        }

        var verdicts = await LedgerVerifier.Verify(Folder, [Key.PublicKey, otherKey.PublicKey, nobodys.PublicKey], []);

        Assert.Equal([("log.test/room", true), ("log.test/other", true), ("log.test/gone", false)],
            verdicts.Select(v => (v.Origin, v.IsGood)));
    }

    [Fact]
    public async Task A_store_that_cannot_even_be_opened_is_a_verdict_and_not_a_crash()
    {
        await WriteLog(3);
        await File.WriteAllBytesAsync(Path.Combine(Folder, "room.db"),
            [.. "SQLite format 3\0"u8, .. new byte[4096]], TestContext.Current.CancellationToken);

        var verdicts = await LedgerVerifier.Verify(Folder, [Key.PublicKey], []);

        Assert.Equal([("audit.log", true), ("room.db", false)],
            verdicts.Select(v => (Path.GetFileName(v.Log), v.IsGood)));
    }

    private static byte[] Frames(IReadOnlyList<Segment> segments) =>
        [.. FrameFile.Magic, .. segments.SelectMany(FrameFile.Write)];

    private LedgerVerdict Judge(byte[] file, string name, params string[] known)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllBytes(path, file);
        var verdict = LedgerVerifier.Verify(path, [Key.PublicKey], known).GetAwaiter().GetResult()[0];
        File.Delete(path);
        return verdict;
    }

    /// <summary>A log of so many segments, of one entry, two entries, three…</summary>
    private async Task<List<Segment>> WriteLog(int segments, int offset = 0)
    {
        var sealer = new Sealer(Key, new Frontier());
        using var buffer = new EntryBuffer();
        var written = new List<Segment>();
        for (var i = 1; i <= segments; i++)
        {
            for (var entry = 0; entry < i; entry++)
                buffer.Add(Event(offset + sealer.Size + entry));
            written.Add(sealer.Seal(buffer));
            sealer.Adopt();
            buffer.Truncate(0, 0);
        }
        await File.WriteAllBytesAsync(LogPath, Frames(written), TestContext.Current.CancellationToken);
        return written;
    }
}
