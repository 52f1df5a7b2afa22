using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;

namespace Jpki.Ledger;

/// <summary>
/// Reads a sealed log that is in use: its checkpoint, its entries, and its C2SP tlog-tiles resources.
/// </summary>
public sealed class LogReader
{
    private readonly Func<long, long, IReadOnlyList<Segment>> segments;
    private readonly Func<string?> checkpoint;
    private readonly ConcurrentDictionary<(int Level, long Index), byte[]> roots = new();

    internal LogReader(Func<long, long, IReadOnlyList<Segment>> segments, Func<string?> checkpoint) =>
        (this.segments, this.checkpoint) = (segments, checkpoint);

    /// <summary>The newest signed note; null while the log is empty.</summary>
    public string? Checkpoint => checkpoint();

    /// <summary>Entries as they were written, in order, with their numbers.</summary>
    public IEnumerable<(long Index, string Json)> Entries(long from, long to) =>
        Slices(from, to)
            .SelectMany(s => s.Texts.Select((text, i) => (s.First + i, Encoding.UTF8.GetString(text.Span))));

    /// <summary>
    /// What lies at <c>checkpoint</c>, <c>tile/L/N</c> or <c>tile/entries/N</c>, partial tiles included; null when
    /// nothing does. A full tile never changes; the checkpoint does.
    /// </summary>
    public byte[]? Resource(string path)
    {
        var note = Checkpoint;
        if (note is null)
            return null;
        if (path == "checkpoint")
            return Encoding.UTF8.GetBytes(note);
        if (!TilePath.TryParse(path, out var tile))
            return null;
        var size = SizeOf(note);
        var available = tile.Level is { } level and > 0 ? size >> (8 * level) : size;
        if (tile.Index > available / TilePath.Width || (tile.Index * TilePath.Width) + tile.Count > available)
            return null;
        return tile.Level is { } hashes ? Hashes(hashes, tile.Index, tile.Count) : Bundle(tile.Index, tile.Count);
    }

    /// <summary>The paths of all resources as the log stands, the checkpoint last; none while it is empty.</summary>
    public IEnumerable<string> Resources()
    {
        if (Checkpoint is not { } note)
            yield break;
        var size = SizeOf(note);
        for (var (level, count) = (0, size); count > 0; (level, count) = (level + 1, count >> 8))
        {
            for (var index = 0L; index * TilePath.Width < count; index++)
            {
                TilePath tile = new(level, index, (int)Math.Min(TilePath.Width, count - (index * TilePath.Width)));
                yield return tile.ToString();
                if (level == 0)
                    yield return (tile with { Level = null }).ToString();
            }
        }
        yield return "checkpoint";
    }

    private static long SizeOf(string note) =>
        long.Parse(note.Split('\n')[1], System.Globalization.CultureInfo.InvariantCulture);

    private byte[] Bundle(long index, int count)
    {
        var bundle = new MemoryStream();
        Span<byte> length = stackalloc byte[2];
        foreach (var (_, texts, _) in Slices(index * TilePath.Width, (index * TilePath.Width) + count))
        {
            foreach (var text in texts)
            {
                BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)text.Length);
                bundle.Write(length);
                bundle.Write(text.Span);
            }
        }
        return bundle.ToArray();
    }

    private byte[] Hashes(int level, long index, int count)
    {
        var first = index * TilePath.Width;
        if (level == 0)
            return [.. Slices(first, first + count).SelectMany(s => s.Leaves.ToArray())];
        var tile = new byte[count * Frontier.HashSize];
        for (var i = 0; i < count; i++)
            Root(level - 1, first + i).CopyTo(tile, i * Frontier.HashSize);
        return tile;
    }

    /// <summary>The root over one full tile: 32 octets to remember for 256 entries, and it never changes.</summary>
    private byte[] Root(int level, long index) => roots.GetOrAdd((level, index), _ =>
    {
        var hashes = Hashes(level, index, TilePath.Width);
        var tree = new Frontier();
        for (var i = 0; i < TilePath.Width; i++)
            tree.Append(hashes.AsSpan(i * Frontier.HashSize, Frontier.HashSize));
        return tree.Root();
    });

    private IEnumerable<(
        long First, List<ReadOnlyMemory<byte>> Texts, ReadOnlyMemory<byte> Leaves)> Slices(long from, long to)
    {
        foreach (var segment in segments(from, to))
        {
            var (first, last) = (Math.Max(from, segment.First), Math.Min(to, segment.End));
            if (first >= last)
                continue;
            var texts = new List<ReadOnlyMemory<byte>>();
            var offset = 0;
            for (var i = segment.First; i < last; i++)
            {
                if (!Segment.Next(segment.Entries.Span, ref offset, out var leaf))
                    throw new FormatException($"log entry {i} is damaged");
                if (i >= first)
                    texts.Add(segment.Entries.Slice(offset - leaf.Length + 1, leaf.Length - 1));
            }
            var skipped = (int)(first - segment.First) * Frontier.HashSize;
            yield return (first, texts, segment.Leaves.Slice(skipped, texts.Count * Frontier.HashSize));
        }
    }
}
