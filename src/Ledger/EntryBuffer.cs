using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Jpki.Ledger;

/// <summary>
/// Entries on their way into a segment, each after its length. The length is four octets, little-endian, and an entry
/// is shorter than 2^16, so the octet before an entry is always 0x00: RFC 6962's leaf prefix, and no entry need be
/// copied to hash it.
/// </summary>
internal sealed class EntryBuffer : IBufferWriter<byte>, IDisposable
{
    public const int LengthSize = 4;

    /// <summary>C2SP tlog-tiles writes an entry's length in two octets.</summary>
    public const int LongestEntry = ushort.MaxValue;

    private readonly Utf8JsonWriter json;
    private byte[] buffer = new byte[4096];

    public EntryBuffer() =>
        json = new Utf8JsonWriter(
            this, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public int Count { get; private set; }

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Bytes => buffer.AsSpan(0, Length);

    public void Add(LedgerEvent entry)
    {
        var (start, count) = (Length, Count);
        Advance(GetSpan(LengthSize)[..LengthSize].Length);
        json.Reset(this);
        json.WriteStartObject();
        json.WriteString("what"u8, entry.What);
        json.WriteString("at"u8, entry.At.UtcDateTime);
        json.WriteString("result"u8, entry.Result);
        json.WriteString("source"u8, entry.Source);
        if (entry.About is not null)
            json.WriteString("about"u8, entry.About);
        json.WriteEndObject();
        json.Flush();
        var length = Length - start - LengthSize;
        if (length > LongestEntry)
        {
            Truncate(start, count);
            throw new ArgumentException($"a log entry of {length} octets is too long", nameof(entry));
        }
        BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(start), length);
        Count++;
    }

    public void Truncate(int length, int count) => (Length, Count) = (length, count);

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        var needed = Length + Math.Max(sizeHint, 256);
        if (needed > buffer.Length)
            Array.Resize(ref buffer, Math.Max(needed, buffer.Length * 2));
        return buffer.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Dispose() => json.Dispose();
}
