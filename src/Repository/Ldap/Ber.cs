using System.Buffers.Binary;
using System.Numerics;

namespace Jpki.Repository;

/// <summary>Lengths and headers of BER, written straight into a span: minimal, definite. (X.690 8.1.3)</summary>
internal static class Ber
{
    internal const byte Boolean = 0x01;
    internal const byte Integer = 0x02;
    internal const byte OctetString = 0x04;
    internal const byte Enumerated = 0x0A;
    internal const byte Sequence = 0x30;
    internal const byte Set = 0x31;

    /// <summary>The longest header this class writes: a tag, a length of lengths, four octets.</summary>
    internal const int MaxHeader = 6;

    /// <summary>How many octets an element with that much content takes.</summary>
    internal static int Size(int content) => 1 + LengthSize(content) + content;

    /// <summary>How many octets an INTEGER with that value takes, header included.</summary>
    internal static int IntegerSize(int value) => 2 + ContentSize(value);

    /// <summary>Writes tag and length; returns how many octets they took.</summary>
    internal static int WriteHeader(Span<byte> target, byte tag, int length)
    {
        target[0] = tag;
        if (length < 0x80)
        {
            target[1] = (byte)length;
            return 2;
        }
        var octets = LengthSize(length) - 1;
        target[1] = (byte)(0x80 | octets);
        for (var i = 0; i < octets; i++)
            target[2 + i] = (byte)((length >> (8 * (octets - 1 - i))) & 0xFF);
        return 2 + octets;
    }

    /// <summary>Writes a non-negative INTEGER or ENUMERATED; returns how many octets it took.</summary>
    internal static int WriteInteger(Span<byte> target, byte tag, int value)
    {
        Span<byte> all = stackalloc byte[5];
        BinaryPrimitives.WriteInt32BigEndian(all[1..], value);
        var size = ContentSize(value);
        target[0] = tag;
        target[1] = (byte)size;
        all[^size..].CopyTo(target[2..]);
        return 2 + size;
    }

    internal static int WriteOctets(Span<byte> target, byte tag, ReadOnlySpan<byte> content)
    {
        var header = WriteHeader(target, tag, content.Length);
        content.CopyTo(target[header..]);
        return header + content.Length;
    }

    /// <summary>One element as an array of its own.</summary>
    internal static byte[] Element(byte tag, params ReadOnlySpan<byte[]> parts)
    {
        var content = 0;
        foreach (var part in parts)
            content += part.Length;
        var element = new byte[Size(content)];
        var at = WriteHeader(element, tag, content);
        foreach (var part in parts)
        {
            part.CopyTo(element, at);
            at += part.Length;
        }
        return element;
    }

    private static int LengthSize(int length) =>
        length < 0x80 ? 1 : 1 + ((BitOperations.Log2((uint)length) / 8) + 1);

    private static int ContentSize(int value) =>
        (BitOperations.Log2((uint)value | 1) / 8) + 1 + (NeedsSign(value) ? 1 : 0);

    /// <summary>A set top bit would make the number negative. (X.690 8.3)</summary>
    private static bool NeedsSign(int value) => value > 0 && BitOperations.Log2((uint)value) % 8 == 7;
}
