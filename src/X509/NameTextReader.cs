using System.Text;

namespace Jpki.X509;

/// <summary>Walks along the RFC 4514 text of a name; lets pass the spaces LDAP clients put around separators.</summary>
internal sealed class NameTextReader(string text)
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private int at;

    public bool Skip(char separator)
    {
        if (at == text.Length || text[at] != separator)
            return false;
        at++;
        return true;
    }

    public void ThrowIfNotEmpty()
    {
        if (at != text.Length)
            throw Error();
    }

    public AttributeTypeAndValue ReadAttribute()
    {
        var equals = text.IndexOf('=', at);
        if (equals < 0)
            throw Error();
        var oid = NameText.OidOf(text[at..equals].Trim(' '));
        at = equals + 1;
        while (Skip(' '))
        {
        }

        return at < text.Length && text[at] == '#' ? ReadHex(oid) : AttributeTypeAndValue.Of(oid, ReadString());
    }

    private AttributeTypeAndValue ReadHex(string oid)
    {
        var end = text.AsSpan(at).IndexOfAny(',', '+');
        var hex = text.AsSpan(at + 1, (end < 0 ? text.Length - at : end) - 1).TrimEnd(' ');
        at = end < 0 ? text.Length : at + end;
        var der = Convert.FromHexString(hex);
        return new(oid, AttributeTypeAndValue.ReadText(der), Der.ReadWhole(der, r => r.ReadEncodedValue()));
    }

    private string ReadString()
    {
        var octets = new List<byte>(); // \xx escapes are octets of UTF-8 (RFC 4514 2.4), so collect octets
        var end = 0; // length without unescaped trailing spaces
        Span<byte> utf8 = stackalloc byte[4];
        while (at < text.Length && text[at] is not (',' or '+'))
        {
            if (text[at] is '"' or ';' or '<' or '>')
                throw Error();
            var isEscape = text[at] == '\\';
            if (isEscape && TryReadHexPair(out var octet))
                octets.Add(octet);
            else
                octets.AddRange(utf8[..ReadRune(isEscape).EncodeToUtf8(utf8)]);
            if (isEscape || octets[^1] != ' ')
                end = octets.Count;
        }

        return end == 0 ? throw Error() : StrictUtf8.GetString([.. octets[..end]]);
    }

    private bool TryReadHexPair(out byte octet)
    {
        octet = 0;
        if (at + 2 >= text.Length || !char.IsAsciiHexDigit(text[at + 1]) || !char.IsAsciiHexDigit(text[at + 2]))
            return false;
        octet = Convert.FromHexString(text.AsSpan(at + 1, 2))[0];
        at += 3;
        return true;
    }

    private Rune ReadRune(bool isEscaped)
    {
        if (isEscaped)
            at++;
        if (at == text.Length || !Rune.TryGetRuneAt(text, at, out var rune))
            throw Error();
        if (isEscaped && rune.Value is not (' ' or '#' or '=' or '"' or '+' or ',' or ';' or '<' or '>' or '\\'))
            throw Error();
        at += rune.Utf16SequenceLength;
        return rune;
    }

    private FormatException Error() => new($"not a distinguished name at character {at}");
}
