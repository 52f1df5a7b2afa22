using System.Buffers.Binary;

namespace Jpki.Card;

/// <summary>A command as it comes over the wire, short or extended. コマンドAPDU (ISO/IEC 7816-4 5.1)</summary>
/// <param name="Class">CLA</param>
/// <param name="Instruction">INS</param>
/// <param name="P1">First parameter.</param>
/// <param name="P2">Second parameter.</param>
/// <param name="Data">0 … 65535 octets.</param>
/// <param name="Expected">Ne: at most so many octets of answer, 1 … 65536; null when none were asked for.</param>
internal readonly ref struct CommandApdu(
    byte Class, byte Instruction, byte P1, byte P2, ReadOnlySpan<byte> Data, int? Expected)
{
    private const int HeaderLength = 4;

    public byte Class { get; } = Class;

    public byte Instruction { get; } = Instruction;

    public byte P1 { get; } = P1;

    public byte P2 { get; } = P2;

    public ReadOnlySpan<byte> Data { get; } = Data;

    public int? Expected { get; } = Expected;

    /// <summary>False when the octets are no command of any of the cases 1, 2, 3 and 4.</summary>
    public static bool TryRead(ReadOnlySpan<byte> octets, out CommandApdu command)
    {
        command = default;
        if (octets.Length < HeaderLength)
            return false;
        if (!TryReadBody(octets[HeaderLength..], out var data, out var expected))
            return false;
        command = new(octets[0], octets[1], octets[2], octets[3], data, expected);
        return true;
    }

    /// <summary>As a client writes it: short, and at most 255 octets of data.</summary>
    public static byte[] Write(
        byte @class, byte instruction, byte p1, byte p2, ReadOnlySpan<byte> data, byte? expected = null)
    {
        List<byte> octets = [@class, instruction, p1, p2];
        if (data.Length > 0)
            octets.AddRange([checked((byte)data.Length), .. data]);
        if (expected is { } le)
            octets.Add(le);
        return [.. octets];
    }

    private static bool TryReadBody(ReadOnlySpan<byte> body, out ReadOnlySpan<byte> data, out int? expected)
    {
        data = [];
        expected = null;
        switch (body)
        {
            case []:
                return true;
            case [var le]:
                expected = le == 0 ? 256 : le;
                return true;
            case [0, _, _]:
                expected = Extended(body[1..]);
                return true;
            case [0, _, _, ..]:
                return TrySplit(body[3..], BinaryPrimitives.ReadUInt16BigEndian(body[1..]), 2, out data, out expected);
            case [0, ..]:
                return false;
            default:
                return TrySplit(body[1..], body[0], 1, out data, out expected);
        }
    }

    private static bool TrySplit(
        ReadOnlySpan<byte> rest, int length, int lengthOfLe, out ReadOnlySpan<byte> data, out int? expected)
    {
        data = [];
        expected = null;
        if (length == 0 || (rest.Length != length && rest.Length != length + lengthOfLe))
            return false;
        data = rest[..length];
        expected = rest.Length == length ? null
            : lengthOfLe == 2 ? Extended(rest[length..])
            : rest[length] == 0 ? 256 : rest[length];
        return true;
    }

    private static int Extended(ReadOnlySpan<byte> le) =>
        BinaryPrimitives.ReadUInt16BigEndian(le) is var ne && ne == 0 ? 65536 : ne;
}
