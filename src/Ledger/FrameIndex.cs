using Microsoft.Win32.SafeHandles;

namespace Jpki.Ledger;

/// <summary>Which frame of a growing file holds which entries.</summary>
internal sealed class FrameIndex(SafeFileHandle file, Func<long> end)
{
    private readonly Lock gate = new();
    private readonly List<(long First, long Offset)> frames = [];
    private long scanned = FrameFile.Magic.Length;

    /// <summary>
    /// Finds the end of a file that may have been torn by a crash; writes the first line of a new one.
    /// </summary>
    public static (Segment? Last, long End) Recover(SafeFileHandle file, string path)
    {
        var length = RandomAccess.GetLength(file);
        if (length < FrameFile.Magic.Length)
        {
            RandomAccess.Write(file, FrameFile.Magic, 0);
            RandomAccess.SetLength(file, FrameFile.Magic.Length);
            RandomAccess.FlushToDisk(file);
            DurableFile.SyncFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
            return (null, FrameFile.Magic.Length);
        }
        if (!FrameFile.StartsWithMagic(file))
            throw new FormatException($"{path} is not a sealed log");
        if (FrameFile.FindLast(file, length) is { } offset && FrameFile.Read(file, ref offset, length) is { } last)
            return (last, length);
        return CutTail(file, path, length);
    }

    /// <summary>The segments that hold the entries from <paramref name="from"/> up to <paramref name="to"/>.</summary>
    public IReadOnlyList<Segment> Segments(long from, long to)
    {
        lock (gate)
        {
            var sealedEnd = end();
            while (FrameFile.Peek(file, scanned, sealedEnd) is { } frame)
            {
                frames.Add((frame.First, scanned));
                scanned = frame.End;
            }
            var segments = new List<Segment>();
            var at = frames.BinarySearch((from, long.MaxValue));
            for (var i = Math.Max(0, ~at - 1); i < frames.Count && frames[i].First < to; i++)
            {
                var offset = frames[i].Offset;
                segments.Add(FrameFile.Read(file, ref offset, sealedEnd)
                    ?? throw new FormatException($"the segment at entry {frames[i].First} is damaged"));
            }
            return segments;
        }
    }

    /// <summary>
    /// Nothing is thrown away: what is cut off lies in a file beside the log, should it turn out to be more than a
    /// crash.
    /// </summary>
    private static (Segment? Last, long End) CutTail(SafeFileHandle file, string path, long length)
    {
        Segment? last = null;
        long at = FrameFile.Magic.Length;
        while (FrameFile.Read(file, ref at, length) is { } segment)
            last = segment;
        if (length - at > FrameFile.LargestPayload)
            throw new LedgerBrokenException($"{path} is damaged at octet {at}, by more than a crash could leave");
        if (length == at)
            return (last, at);
        var tail = new byte[length - at];
        FrameFile.Fill(file, tail, at);
        File.WriteAllBytes($"{path}.torn-{at}", tail);
        RandomAccess.SetLength(file, at);
        RandomAccess.FlushToDisk(file);
        return (last, at);
    }
}
