using System.Buffers.Binary;
using System.Text;

namespace Jpki.Ledger;

/// <summary>Checks a log that is published as C2SP tlog-tiles, wherever its resources come from.</summary>
internal sealed class TileVerifier(Checkpoint checkpoint, Checkpoint? known, Func<string, Task<byte[]>> fetch)
{
    private const int Ahead = 8;

    private readonly TreeWalk walk = new(known);

    public long Size => walk.Tree.Size;

    public byte[] Root => walk.Tree.Root();

    public static async Task<Checkpoint> Open(Func<string, Task<byte[]>> fetch, Func<string, LogPublicKey> keyOf)
    {
        var note = Encoding.UTF8.GetString(await fetch("checkpoint"));
        return Checkpoint.Open(note, keyOf(note.Split('\n')[0]));
    }

    public async Task Verify()
    {
        var ahead = new Queue<(TilePath Tile, Task<byte[]> Hashes, Task<byte[]> Entries)>();
        for (long index = 0; index * TilePath.Width < checkpoint.Size || ahead.Count > 0; index++)
        {
            if (index * TilePath.Width < checkpoint.Size)
            {
                var count = (int)Math.Min(TilePath.Width, checkpoint.Size - (index * TilePath.Width));
                var tile = new TilePath(0, index, count);
                ahead.Enqueue((tile, fetch(tile.ToString()), fetch((tile with { Level = null }).ToString())));
            }
            if (ahead.Count >= Ahead || (index + 1) * TilePath.Width >= checkpoint.Size)
            {
                var (tile, hashes, entries) = ahead.Dequeue();
                Check(tile, await hashes, await entries);
            }
        }
        if (!checkpoint.Root.Span.SequenceEqual(Root))
            throw new DamageException(0, Size - 1, "the checkpoint does not seal these entries");
        walk.End();
    }

    private void Check(TilePath tile, byte[] hashes, byte[] entries)
    {
        if (hashes.Length != tile.Count * Frontier.HashSize)
            throw new DamageException(Size, Size + tile.Count - 1, $"{tile} does not hold {tile.Count} hashes");
        Span<byte> hash = stackalloc byte[Frontier.HashSize];
        var offset = 0;
        for (var i = 0; i < tile.Count; i++)
        {
            var length = entries.Length - offset < 2
                ? -1 : BinaryPrimitives.ReadUInt16BigEndian(entries.AsSpan(offset));
            if (length < 0 || length > entries.Length - offset - 2)
                throw new DamageException(Size + i, Size + i, "the entry is cut short");
            Frontier.HashLeaf(entries.AsSpan(offset + 2, length), hash);
            if (!hash.SequenceEqual(hashes.AsSpan(i * Frontier.HashSize, Frontier.HashSize)))
                throw new DamageException(Size + i, Size + i, "the entry does not fit its leaf hash");
            offset += 2 + length;
        }
        if (offset != entries.Length)
            throw new DamageException(Size, Size + tile.Count - 1, "octets follow the bundle's last entry");
        walk.Append(hashes);
    }
}
