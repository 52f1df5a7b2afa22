using System.Security.Cryptography;

namespace Jpki.Ledger;

/// <summary>
/// Checks a stream of segments. Entries against leaf hashes and signatures are checked side by side on all processors,
/// while one thread rebuilds the tree of the batch before.
/// </summary>
internal sealed class SegmentVerifier(LogPublicKey key, Checkpoint? known)
{
    private const int BatchBytes = 8 << 20;
    private const int BatchSegments = 4096;

    private readonly TreeWalk walk = new(known);

    public long Size => walk.Tree.Size;

    public byte[] Root => walk.Tree.Root();

    public long Checkpoints { get; private set; }

    public void Verify(IEnumerable<Segment> segments)
    {
        Checked[]? before = null;
        using var reading = segments.GetEnumerator();
        while (true)
        {
            // What was read before a damaged place is still checked: an earlier fault is the first fault.
            var batch = Read(reading, out var damage);
            var checking = Task.Run(() => Check(batch));
            if (before is not null)
                Chain(before);
            before = checking.GetAwaiter().GetResult();
            if (damage is null && batch.Count > 0)
                continue;
            Chain(before);
            if (damage is not null)
                throw damage.Damage.First >= 0 ? damage : new DamageException(Size, Size, damage.Message);
            walk.End();
            return;
        }
    }

    private static List<Segment> Read(IEnumerator<Segment> segments, out DamageException? damage)
    {
        var batch = new List<Segment>();
        damage = null;
        try
        {
            for (var bytes = 0L; bytes < BatchBytes && batch.Count < BatchSegments && segments.MoveNext();)
            {
                batch.Add(segments.Current);
                bytes += segments.Current.Entries.Length;
            }
        }
        catch (DamageException e)
        {
            damage = e;
        }
        return batch;
    }

    private Checked[] Check(List<Segment> batch)
    {
        var results = new Checked[batch.Count];
        Parallel.For(0, batch.Count, i => results[i] = Check(batch[i]));
        return results;
    }

    private Checked Check(Segment segment)
    {
        if (CheckEntries(segment) is { } damage)
            return new Checked(segment, null, damage);
        try
        {
            return new Checked(segment, Checkpoint.Open(segment.Checkpoint, key), null);
        }
        catch (FormatException e)
        {
            return new Checked(segment, null, new LedgerDamage(segment.First, segment.End - 1, e.Message));
        }
    }

    private static LedgerDamage? CheckEntries(Segment segment)
    {
        var entries = segment.Entries.Span;
        var leaves = segment.Leaves.Span;
        if (leaves.Length != segment.Count * (long)Frontier.HashSize || segment.Count == 0)
            return new LedgerDamage(segment.First, segment.First, "the segment's count and its leaf hashes differ");
        Span<byte> hash = stackalloc byte[Frontier.HashSize];
        var offset = 0;
        for (var i = 0; i < segment.Count; i++)
        {
            if (!Segment.Next(entries, ref offset, out var leaf))
                return new LedgerDamage(segment.First + i, segment.First + i, "the entry's length is wrong");
            SHA256.HashData(leaf, hash);
            if (!hash.SequenceEqual(leaves.Slice(i * Frontier.HashSize, Frontier.HashSize)))
                return new LedgerDamage(segment.First + i, segment.First + i, "the entry does not fit its leaf hash");
        }
        return offset == entries.Length ? null
            : new LedgerDamage(segment.End - 1, segment.End - 1, "octets follow the segment's last entry");
    }

    private void Chain(Checked[] batch)
    {
        foreach (var (segment, checkpoint, damage) in batch)
        {
            if (segment.First != Size)
                throw new DamageException(Size, Size, $"entry {Size} should follow, but entry {segment.First} does");
            if (damage is not null)
                throw new DamageException(damage.First, damage.Last, damage.Why);
            walk.Append(segment.Leaves.Span);
            if (checkpoint!.Size != Size || !checkpoint.Root.Span.SequenceEqual(Root))
                throw new DamageException(segment.First, Size - 1, "the checkpoint does not seal these entries");
            if (!segment.Frontier.Span.SequenceEqual(walk.Tree.Hashes))
                throw new DamageException(segment.First, Size - 1, "the stored frontier is not the tree's");
            Checkpoints++;
        }
    }

    private readonly record struct Checked(Segment Segment, Checkpoint? Checkpoint, LedgerDamage? Damage);
}
