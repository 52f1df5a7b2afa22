using System.Formats.Asn1;
using System.Globalization;
using System.Numerics;

namespace Jpki.X509;

/// <summary>
/// The number that, with its issuer's name, names one certificate. Those made here are positive and at most 20 octets
/// (RFC 5280 4.1.2.2); those read may be any INTEGER, because others have not always kept to that. シリアル番号
/// </summary>
public readonly struct SerialNumber : IEquatable<SerialNumber>
{
    public const int MaxOctets = 20;

    private SerialNumber(ReadOnlyMemory<byte> bytes) => Bytes = bytes;

    /// <summary>The contents octets of the INTEGER: two's complement, shortest form.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>May a certificate or request of ours carry it?</summary>
    public bool IsWritable => Bytes.Length is > 0 and <= MaxOctets && Bytes.Span[0] < 0x80 && Bytes.Span is not [0];

    public static bool operator ==(SerialNumber left, SerialNumber right) => left.Equals(right);

    public static bool operator !=(SerialNumber left, SerialNumber right) => !left.Equals(right);

    /// <summary>From an unsigned number, for example a counter or random octets; leading zeros do not matter.</summary>
    public static SerialNumber FromUnsigned(ReadOnlySpan<byte> bigEndian)
    {
        var serial = Unsigned(bigEndian);
        return serial.IsWritable ? serial : throw new FormatException("a serial number is 1 to 20 octets, above zero");
    }

    /// <summary>From the contents octets of an INTEGER, as <see cref="Bytes"/> gave them.</summary>
    public static SerialNumber FromBytes(ReadOnlyMemory<byte> bytes)
    {
        var isShortest = bytes.Span is [_] or not ([] or [0, < 0x80, ..] or [0xFF, >= 0x80, ..]);
        return isShortest ? new(bytes) : throw new FormatException("not the shortest form of an INTEGER");
    }

    /// <summary>From hex digits of either case, as <see cref="ToString"/> gives them.</summary>
    public static SerialNumber Parse(string hex) =>
        FromUnsigned(Convert.FromHexString(hex.Length % 2 == 0 ? hex : "0" + hex));

    /// <summary>The same; false when the text is no number that a certificate of ours may carry.</summary>
    public static bool TryParse(string hex, out SerialNumber serial)
    {
        serial = hex.Length is > 0 and <= 2 * MaxOctets && hex.All(char.IsAsciiHexDigit)
            ? Unsigned(Convert.FromHexString(hex.Length % 2 == 0 ? hex : "0" + hex))
            : default;
        return serial.IsWritable;
    }

    /// <summary>An INTEGER; others have padded it, against DER, and what is padded is the same number.</summary>
    public static SerialNumber Read(AsnReader reader, Asn1Tag? tag = null)
    {
        if (reader.PeekTag() != (tag ?? Asn1Tag.Integer) || reader.PeekContentBytes().IsEmpty)
            return new(reader.ReadIntegerBytes(tag));
        var bytes = reader.PeekContentBytes();
        reader.ReadEncodedValue();
        while (bytes.Span is [0, < 0x80, ..] or [0xFF, >= 0x80, ..])
            bytes = bytes[1..];
        return new(bytes);
    }

    public void Write(AsnWriter writer) => writer.WriteInteger(Bytes.Span);

    public bool Equals(SerialNumber other) => Bytes.Span.SequenceEqual(other.Bytes.Span);

    public override bool Equals(object? obj) => obj is SerialNumber other && Equals(other);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Bytes.Span);
        return hash.ToHashCode();
    }

    /// <summary>Upper-case hex without a sign octet; a negative number of someone else's shows its minus.</summary>
    public override string ToString() => Bytes.Span switch
    {
        [0, _, ..] => Convert.ToHexString(Bytes.Span[1..]),
        [>= 0x80, ..] => "-" + Magnitude().ToString("X", CultureInfo.InvariantCulture).TrimStart('0'),
        _ => Convert.ToHexString(Bytes.Span),
    };

    private static SerialNumber Unsigned(ReadOnlySpan<byte> bigEndian)
    {
        var number = bigEndian.TrimStart((byte)0);
        return new(number is [>= 0x80, ..] ? [0, .. number] : number.ToArray());
    }

    private BigInteger Magnitude() => -new BigInteger(Bytes.Span, isBigEndian: true);
}
