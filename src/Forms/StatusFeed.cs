using System.Buffers.Binary;
using Jpki.Cps;

namespace Jpki.Forms;

/// <summary>
/// One change of one certificate's status. The Authority numbers them 1, 2, 3 … without a gap; whoever has read up to
/// position N knows the status of every certificate as of N.
/// </summary>
/// <param name="Position">Its number.</param>
/// <param name="Generation">Which of the governor's keys signed the certificate.</param>
/// <param name="Counter">Which certificate of that generation; the one its serial number hides. 0: every one that is
/// or will be issued, because the key itself is compromised.</param>
/// <param name="Reason">Why it was revoked; null when it was issued.</param>
/// <param name="At">When.</param>
public readonly record struct StatusChange(
    long Position, int Generation, long Counter, RevocationReason? Reason, DateTimeOffset At)
{
    /// <summary>The counter that stands for all of a generation's certificates.</summary>
    public const long All = 0;

    /// <summary>
    /// The serial number, as in its INTEGER, of a certificate whose counter it does not hide: another organisation
    /// issued it. Empty for all others.
    /// </summary>
    public ReadOnlyMemory<byte> Serial { get; init; }
}

/// <summary>A generation of the governor's key, as whoever reads the feed must know it.</summary>
/// <param name="Generation">1, 2, 3 …</param>
/// <param name="Certificate">The self-signed certificate, DER.</param>
/// <param name="SerialKey">The 16 bytes that turn its serial numbers back into counters. Secret.</param>
public sealed record FeedGeneration(int Generation, byte[] Certificate, byte[] SerialKey);

/// <summary>
/// The status feed on the wire: <c>GET /status-feed?after=N</c> answers with an endless sequence of frames.
/// Each frame is one kind byte, a big-endian 32-bit length and that many bytes:
/// 'G' a generation (before any of its changes), 'C' a change, followed by the serial number where it has one, 'H' a
/// heartbeat with the feed's last position.
/// </summary>
public static class StatusFeed
{
    private const int HeaderBytes = 5;
    private const int ChangeBytes = 29;
    private const int LongestSerial = 20;
    private const int MaxFrameBytes = 64 * 1024;

    public static byte[] Frame(in StatusChange change)
    {
        var frame = NewFrame('C', ChangeBytes + change.Serial.Length, out var body);
        BinaryPrimitives.WriteInt64BigEndian(body, change.Position);
        BinaryPrimitives.WriteInt32BigEndian(body[8..], change.Generation);
        BinaryPrimitives.WriteInt64BigEndian(body[12..], change.Counter);
        body[20] = (byte)(change.Reason ?? 0);
        BinaryPrimitives.WriteInt64BigEndian(body[21..], change.At.ToUnixTimeMilliseconds());
        change.Serial.Span.CopyTo(body[ChangeBytes..]);
        return frame;
    }

    public static byte[] Frame(FeedGeneration generation)
    {
        var frame = NewFrame('G', 4 + 16 + generation.Certificate.Length, out var body);
        BinaryPrimitives.WriteInt32BigEndian(body, generation.Generation);
        generation.SerialKey.CopyTo(body[4..]);
        generation.Certificate.CopyTo(body[20..]);
        return frame;
    }

    public static byte[] Heartbeat(long position)
    {
        var frame = NewFrame('H', 8, out var body);
        BinaryPrimitives.WriteInt64BigEndian(body, position);
        return frame;
    }

    /// <summary>
    /// Reads frames until the stream ends. Yields a <see cref="StatusChange"/>, a <see cref="FeedGeneration"/>, or a
    /// <see cref="long"/> for a heartbeat.
    /// </summary>
    /// <exception cref="FormatException">The bytes are no such feed.</exception>
    public static async IAsyncEnumerable<object> Read(
        Stream stream, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        var header = new byte[HeaderBytes];
        while (await stream.ReadAtLeastAsync(header, HeaderBytes, throwOnEndOfStream: false, stop) == HeaderBytes)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(1));
            if (length > MaxFrameBytes)
                throw new FormatException($"status feed: a frame of {length} bytes");
            var body = new byte[length];
            await stream.ReadExactlyAsync(body, stop);
            yield return Decode((char)header[0], body);
        }
    }

    private static object Decode(char kind, byte[] body) => (kind, body.Length) switch
    {
        ('C', >= ChangeBytes and <= ChangeBytes + LongestSerial) => new StatusChange(
            BinaryPrimitives.ReadInt64BigEndian(body),
            BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(8)),
            BinaryPrimitives.ReadInt64BigEndian(body.AsSpan(12)),
            body[20] switch { 0 => null, >= 1 and <= 5 and var r => (RevocationReason)r, var r => throw NoReason(r) },
            DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(body.AsSpan(21))))
        {
            Serial = body.AsMemory(ChangeBytes),
        },
        ('G', > 20) => new FeedGeneration(BinaryPrimitives.ReadInt32BigEndian(body), body[20..], body[4..20]),
        ('H', 8) => BinaryPrimitives.ReadInt64BigEndian(body),
        _ => throw new FormatException($"status feed: frame '{kind}' of {body.Length} bytes"),
    };

    private static FormatException NoReason(byte reason) => new($"status feed: reason {reason}");

    private static byte[] NewFrame(char kind, int length, out Span<byte> body)
    {
        var frame = new byte[HeaderBytes + length];
        frame[0] = (byte)kind;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), length);
        body = frame.AsSpan(HeaderBytes);
        return frame;
    }
}
