using System.Buffers.Binary;

namespace Jpki.Ledger;

/// <summary>
/// What one group commit adds to a log: entries (each after its length), their leaf hashes, the frontier after them
/// and the signed checkpoint that seals them.
/// </summary>
internal sealed record Segment(
    long First, int Count, ReadOnlyMemory<byte> Entries, ReadOnlyMemory<byte> Leaves, ReadOnlyMemory<byte> Frontier,
    string Checkpoint)
{
    public long End => First + Count;

    /// <summary>
    /// The entry that starts at <paramref name="offset"/>, with the 0x00 before it; moves on to the next.
    /// </summary>
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
