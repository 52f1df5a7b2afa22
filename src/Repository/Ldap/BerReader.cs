using System.Text;
using System.Text.Unicode;

namespace Jpki.Repository;

/// <summary>
/// Reads the BER that LDAP allows: definite lengths and one-octet tags only. (RFC 4511 5.1) Whatever else comes is a
/// <see cref="FormatException"/>.
/// </summary>
internal ref struct BerReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> rest = bytes;

    public readonly bool IsEmpty => rest.IsEmpty;

    public readonly byte Tag => rest.IsEmpty ? throw new FormatException("an element is missing") : rest[0];

    /// <summary>The content of the next element, which must carry that tag.</summary>
    public ReadOnlySpan<byte> Read(byte tag)
    {
        if (Tag != tag)
            throw new FormatException($"tag 0x{Tag:X2} where 0x{tag:X2} belongs");
        if (!TryReadHeader(rest, out var header, out var length) || length > rest.Length - header)
            throw new FormatException("an element ends before its length");
        var content = rest.Slice(header, length);
        rest = rest[(header + length)..];
        return content;
    }

    public BerReader Enter(byte tag) => new(Read(tag));

    public bool TryRead(byte tag, out ReadOnlySpan<byte> content)
    {
        content = default;
        if (rest.IsEmpty || rest[0] != tag)
            return false;
        content = Read(tag);
        return true;
    }

    /// <summary>A number from 0 to 2^31 - 1: LDAP has no other.</summary>
    public int ReadNumber(byte tag)
    {
        var content = Read(tag);
        if (content.Length is 0 or > 5 || (content[0] & 0x80) != 0 || (content.Length == 5 && content[0] != 0))
            throw new FormatException("a number is not within 0 … 2147483647");
        var value = 0L;
        foreach (var octet in content)
            value = (value << 8) | octet;
        return value <= int.MaxValue ? (int)value : throw new FormatException("a number is above 2147483647");
    }

    public bool ReadBoolean()
    {
        var content = Read(Ber.Boolean);
        return content.Length == 1 ? content[0] != 0 : throw new FormatException("a BOOLEAN is not one octet");
    }

    public string ReadText(byte tag = Ber.OctetString) => Text(Read(tag));

    public readonly void End()
    {
        if (!rest.IsEmpty)
            throw new FormatException($"{rest.Length} octets too many");
    }

    /// <summary>LDAPString is UTF-8. (RFC 4511 4.1.2)</summary>
    internal static string Text(ReadOnlySpan<byte> utf8) =>
        Utf8.IsValid(utf8) ? Encoding.UTF8.GetString(utf8) : throw new FormatException("text is not UTF-8");

    /// <summary>False when more octets are needed to know.</summary>
    internal static bool TryReadHeader(ReadOnlySpan<byte> bytes, out int header, out int length)
    {
        (header, length) = (2, 0);
        if (bytes.Length < 2)
            return false;
        if ((bytes[0] & 0x1F) == 0x1F)
            throw new FormatException("a tag of more than one octet");
        length = bytes[1];
        if (length < 0x80)
            return true;
        var octets = length & 0x7F;
        if (octets is 0 or > 4)
            throw new FormatException(octets == 0 ? "an indefinite length" : $"a length of {octets} octets");
        header += octets;
        return bytes.Length >= header && ReadLength(bytes[2..header], out length);
    }

    private static bool ReadLength(ReadOnlySpan<byte> octets, out int length)
    {
        var value = 0L;
        foreach (var octet in octets)
            value = (value << 8) | octet;
        length = value <= int.MaxValue ? (int)value : throw new FormatException("a length above 2147483647");
        return true;
    }
}
