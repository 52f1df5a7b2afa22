using System.Buffers.Binary;

namespace Jpki.Ledger;

/// <summary>
/// Reads somebody else's log over its C2SP tlog-tiles resources and believes nothing but the key: every entry it shows
/// is sealed by a checkpoint that the key signed, and each checkpoint continues the one before. What was checked once
/// is remembered as 32 octets for 256 entries. 監査ログの閲覧
/// </summary>
/// <param name="key">The log's public key.</param>
/// <param name="fetch">The octets of a resource, such as <c>checkpoint</c> or <c>tile/0/000</c>.</param>
public sealed class LogFollower(LogPublicKey key, Func<string, Task<byte[]>> fetch) : IDisposable
{
    private readonly SemaphoreSlim gate = new(1);
    private readonly List<byte[]> tileRoots = [];
    private Frontier tree = new();
    private byte[] lastTile = [];

    /// <summary>Whose log it is.</summary>
    public string Origin => key.Name;

    /// <summary>Entries checked so far.</summary>
    public long Size => tree.Size;

    /// <summary>Takes up what the log has grown by since the last time; returns its size.</summary>
    /// <exception cref="FormatException">
    /// The log is damaged, shorter than it was, or another one: nothing of it is taken up.
    /// </exception>
    public async Task<long> CatchUp()
    {
        await gate.WaitAsync();
        try
        {
            var checkpoint = await TileVerifier.Open(fetch, Known);
            if (checkpoint.Size < tree.Size)
            {
                throw new DamageException(checkpoint.Size, tree.Size - 1,
                    $"the log ends after {checkpoint.Size} entries, but {tree.Size} were seen in it before");
            }
            await TakeUp(checkpoint);
            return tree.Size;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>
    /// The entries of one tile of 256 that lie in <paramref name="from"/> .. <paramref name="to"/> (exclusive),
    /// checked.
    /// </summary>
    /// <exception cref="FormatException">They are not what the checkpoint sealed.</exception>
    public async Task<IReadOnlyList<LogEntry>> ReadTile(long tile, long from, long to)
    {
        await gate.WaitAsync();
        try
        {
            var first = tile * TilePath.Width;
            var count = (int)Math.Min(TilePath.Width, tree.Size - first);
            if (count <= 0)
                return [];
            var texts = Texts(first, count, await fetch(new TilePath(null, tile, count).ToString()));
            CheckTexts(tile, texts);
            return [.. texts.Select((text, i) => (Index: first + i, text))
                .Where(e => e.Index >= from && e.Index < to).Select(e => LogEntry.Read(e.Index, e.text))];
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();

    private LogPublicKey Known(string origin) =>
        origin == key.Name ? key : throw new FormatException($"the log is of {origin}, not of {key.Name}");

    private async Task TakeUp(Checkpoint checkpoint)
    {
        var grown = tree.Copy();
        var (roots, last) = (new List<byte[]>(), lastTile);
        for (var tile = tree.Size / TilePath.Width; tile * TilePath.Width < checkpoint.Size; tile++)
        {
            var count = (int)Math.Min(TilePath.Width, checkpoint.Size - (tile * TilePath.Width));
            var hashes = await fetch(new TilePath(0, tile, count).ToString());
            if (hashes.Length != count * Frontier.HashSize || !hashes.AsSpan().StartsWith(last))
            {
                throw new DamageException(
                    grown.Size, checkpoint.Size - 1, "the log is not the one that was seen before");
            }
            for (var i = last.Length; i < hashes.Length; i += Frontier.HashSize)
                grown.Append(hashes.AsSpan(i, Frontier.HashSize));
            if (count == TilePath.Width)
                roots.Add(RootOf(hashes));
            last = count == TilePath.Width ? [] : hashes;
        }
        if (!checkpoint.Root.Span.SequenceEqual(grown.Root()))
            throw new DamageException(tree.Size, checkpoint.Size - 1, "the checkpoint does not seal these entries");
        tileRoots.AddRange(roots);
        (tree, lastTile) = (grown, last);
    }

    private void CheckTexts(long tile, List<ReadOnlyMemory<byte>> texts)
    {
        var hashes = new byte[texts.Count * Frontier.HashSize];
        for (var i = 0; i < texts.Count; i++)
            Frontier.HashLeaf(texts[i].Span, hashes.AsSpan(i * Frontier.HashSize, Frontier.HashSize));
        var isSealed = tile < tileRoots.Count
            ? RootOf(hashes).AsSpan().SequenceEqual(tileRoots[(int)tile])
            : hashes.AsSpan().SequenceEqual(lastTile);
        var first = tile * TilePath.Width;
        if (!isSealed)
            throw new DamageException(first, first + texts.Count - 1, "the entries are not those that were sealed");
    }

    private static byte[] RootOf(ReadOnlySpan<byte> hashes)
    {
        Frontier tile = new();
        for (var i = 0; i < hashes.Length; i += Frontier.HashSize)
            tile.Append(hashes.Slice(i, Frontier.HashSize));
        return tile.Root();
    }

    private static List<ReadOnlyMemory<byte>> Texts(long first, int count, ReadOnlyMemory<byte> bundle)
    {
        List<ReadOnlyMemory<byte>> texts = [];
        var offset = 0;
        for (; texts.Count < count; offset += texts[^1].Length)
        {
            var at = first + texts.Count;
            var length = bundle.Length - offset < 2
                ? -1 : BinaryPrimitives.ReadUInt16BigEndian(bundle.Span[offset..]);
            offset += 2;
            if (length < 0 || length > bundle.Length - offset)
                throw new DamageException(at, at, "the entry is cut short");
            texts.Add(bundle.Slice(offset, length));
        }
        return offset == bundle.Length
            ? texts
            : throw new DamageException(first, first + count - 1, "octets follow the bundle's last entry");
    }
}
