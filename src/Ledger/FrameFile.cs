using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Jpki.Ledger;

/// <summary>
/// Segments in a file: a line saying what it is, then frames. A frame is the payload's length (4 octets), the first 8
/// octets of its SHA-256, the payload, and its length again, so that the last frame can be found from the end. All
/// numbers little-endian.
/// </summary>
internal static class FrameFile
{
    public const int LargestPayload = 1 << 28;
    private const int Before = 12;
    private const int Around = Before + 4;
    private const int FixedPart = 8 + 4 + 4 + 4;

    public static ReadOnlySpan<byte> Magic => "jpki sealed log 1\n"u8;

    public static byte[] Write(Segment segment)
    {
        var note = Encoding.UTF8.GetBytes(segment.Checkpoint);
        var length = FixedPart + segment.Entries.Length + segment.Leaves.Length + segment.Frontier.Length + note.Length;
        var frame = new byte[Around + length];
        var payload = frame.AsSpan(Before, length);
        BinaryPrimitives.WriteInt64LittleEndian(payload, segment.First);
        BinaryPrimitives.WriteInt32LittleEndian(payload[8..], segment.Count);
        BinaryPrimitives.WriteInt32LittleEndian(payload[12..], segment.Entries.Length);
        BinaryPrimitives.WriteInt32LittleEndian(payload[16..], segment.Frontier.Length);
        var rest = payload[FixedPart..];
        foreach (
            var part in (ReadOnlySpan<ReadOnlyMemory<byte>>)[segment.Entries, segment.Leaves, segment.Frontier, note])
        {
            part.Span.CopyTo(rest);
            rest = rest[part.Length..];
        }
        BinaryPrimitives.WriteInt32LittleEndian(frame, length);
        SHA256.HashData(payload).AsSpan(0, 8).CopyTo(frame.AsSpan(4));
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(Before + length), length);
        return frame;
    }

    /// <summary>
    /// The frame at that place; null when no whole and undamaged frame lies there. Moves the place behind it.
    /// </summary>
    public static Segment? Read(SafeFileHandle file, ref long offset, long end)
    {
        Span<byte> head = stackalloc byte[Before];
        if (!TryLength(file, offset, end, head, out var length))
            return null;
        var payload = GC.AllocateUninitializedArray<byte>(length + 4);
        if (!Fill(file, payload, offset + Before)
            || BinaryPrimitives.ReadInt32LittleEndian(payload.AsSpan(length)) != length
            || !SHA256.HashData(payload.AsSpan(0, length)).AsSpan(0, 8).SequenceEqual(head[4..])
            || Parse(payload.AsMemory(0, length)) is not { } segment)
        {
            return null;
        }
        offset += Around + length;
        return segment;
    }

    /// <summary>Where the frame that ends the file begins; null when the file does not end with a frame.</summary>
    public static long? FindLast(SafeFileHandle file, long end)
    {
        Span<byte> tail = stackalloc byte[4];
        if (end < Magic.Length + Around || !Fill(file, tail, end - 4))
            return null;
        var start = end - Around - BinaryPrimitives.ReadUInt32LittleEndian(tail);
        return start >= Magic.Length ? start : null;
    }

    /// <summary>
    /// What a frame says of itself, without reading or checking it: first entry, count, and where it ends.
    /// </summary>
    public static (long First, int Count, long End)? Peek(SafeFileHandle file, long offset, long end)
    {
        Span<byte> head = stackalloc byte[Before + 12];
        if (!TryLength(file, offset, end, head, out var length))
            return null;
        return (BinaryPrimitives.ReadInt64LittleEndian(head[Before..]),
            BinaryPrimitives.ReadInt32LittleEndian(head[(Before + 8)..]), offset + Around + length);
    }

    public static bool StartsWithMagic(SafeFileHandle file)
    {
        Span<byte> start = stackalloc byte[Magic.Length];
        return Fill(file, start, 0) && start.SequenceEqual(Magic);
    }

    public static bool Fill(SafeFileHandle file, Span<byte> buffer, long offset)
    {
        while (buffer.Length > 0)
        {
            var read = RandomAccess.Read(file, buffer, offset);
            if (read == 0)
                return false;
            buffer = buffer[read..];
            offset += read;
        }
        return true;
    }

    private static bool TryLength(SafeFileHandle file, long offset, long end, Span<byte> head, out int length)
    {
        length = 0;
        if (end - offset < Around + FixedPart || !Fill(file, head, offset))
            return false;
        var stated = BinaryPrimitives.ReadUInt32LittleEndian(head);
        if (stated is < FixedPart or > LargestPayload || stated > end - offset - Around)
            return false;
        length = (int)stated;
        return true;
    }

    private static Segment? Parse(ReadOnlyMemory<byte> payload)
    {
        var span = payload.Span;
        var first = BinaryPrimitives.ReadInt64LittleEndian(span);
        var count = BinaryPrimitives.ReadUInt32LittleEndian(span[8..]);
        var entries = BinaryPrimitives.ReadUInt32LittleEndian(span[12..]);
        var frontier = BinaryPrimitives.ReadUInt32LittleEndian(span[16..]);
        if ((long)entries + frontier + (count * (long)Frontier.HashSize) > span.Length - FixedPart)
            return null;
        var leavesAt = FixedPart + (int)entries;
        var frontierAt = leavesAt + ((int)count * Frontier.HashSize);
        var noteAt = frontierAt + (int)frontier;
        return new Segment(first, (int)count, payload[FixedPart..leavesAt], payload[leavesAt..frontierAt],
            payload[frontierAt..noteAt], Encoding.UTF8.GetString(span[noteAt..]));
    }
}
