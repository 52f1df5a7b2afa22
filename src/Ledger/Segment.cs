using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Jpki.Ledger;

/// <summary>
/// What one group commit adds to a log: entries (each after its length), their leaf hashes, the frontier after them and the
/// signed checkpoint that seals them.
/// </summary>
internal sealed record Segment(
    long First, int Count, ReadOnlyMemory<byte> Entries, ReadOnlyMemory<byte> Leaves, ReadOnlyMemory<byte> Frontier,
    string Checkpoint)
{
    public long End => First + Count;

    /// <summary>The entry that starts at <paramref name="offset"/>, with the 0x00 before it; moves on to the next.</summary>
    public static bool Next(ReadOnlySpan<byte> entries, ref int offset, out ReadOnlySpan<byte> leaf)
    {
        leaf = default;
        if (entries.Length - offset < EntryBuffer.LengthSize)
            return false;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(entries[offset..]);
        var start = offset + EntryBuffer.LengthSize;
        if (length > EntryBuffer.LongestEntry || length > entries.Length - start)
            return false;
        leaf = entries.Slice(start - 1, (int)length + 1);
        offset = start + (int)length;
        return true;
    }
}

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
        return new Segment(frontier.Size, entries.Count, entries.Bytes.ToArray(), leaves, proposed.Hashes.ToArray(), checkpoint);
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
