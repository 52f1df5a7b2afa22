using System.Security.Cryptography;

namespace Jpki.Ledger;

/// <summary>Closes segments: hashes the entries into the tree and signs what came of it.</summary>
internal sealed class Sealer(LogKey key, Frontier frontier)
{
    private Frontier? proposed;

    public long Size => frontier.Size;

    public Checkpoint Current => new(key.Name, frontier.Size, frontier.Root());

    /// <summary>The sealed segment; it counts only once <see cref="Adopt"/> says that it is on disk.</summary>
    public Segment Seal(EntryBuffer entries)
    {
        proposed = frontier.Copy();
        var leaves = new byte[entries.Count * Frontier.HashSize];
        var offset = 0;
        for (var i = 0; i < entries.Count; i++)
        {
            var hash = leaves.AsSpan(i * Frontier.HashSize, Frontier.HashSize);
            if (!Segment.Next(entries.Bytes, ref offset, out var leaf))
                throw new InvalidOperationException("the entry buffer is not well formed");
            SHA256.HashData(leaf, hash);
            proposed.Append(hash);
        }
        var checkpoint = new Checkpoint(key.Name, proposed.Size, proposed.Root()).Sign(key);
        return new Segment(
            frontier.Size, entries.Count, entries.Bytes.ToArray(), leaves, proposed.Hashes.ToArray(), checkpoint);
    }

    public void Adopt() => (frontier, proposed) = (proposed ?? frontier, null);

    /// <summary>Takes up a log where its last segment left it, if that segment's seal is whole.</summary>
    public static Sealer Resume(LogKey key, Segment? last)
    {
        if (last is null)
            return new Sealer(key, new Frontier());
        var frontier = Frontier.Restore(last.End, last.Frontier.Span);
        var seal = Checkpoint.Open(last.Checkpoint, key.PublicKey);
        if (seal.Size != frontier.Size || !seal.Root.Span.SequenceEqual(frontier.Root()))
            throw new FormatException("the log's last checkpoint does not seal the log");
        return new Sealer(key, frontier);
    }
}
