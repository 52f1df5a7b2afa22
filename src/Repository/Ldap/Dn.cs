using System.Text;
using Jpki.X509;

namespace Jpki.Repository;

/// <summary>
/// A distinguished name as the directory compares it: one text for all spellings of the same name, the root first.
/// distinguishedNameMatch (RFC 4517 4.2.15)
/// </summary>
internal sealed record Dn(string Key)
{
    // Prepared values hold no control characters, so no value can imitate a border.
    private const char BetweenRdns = '\u0001';
    private const char BetweenAttributes = '\u0002';

    internal static Dn Root { get; } = new("");

    internal bool IsRoot => Key.Length == 0;

    internal Dn Parent => new(Key.LastIndexOf(BetweenRdns) is > 0 and var at ? Key[..at] : "");

    internal bool IsWithin(Dn ancestor) => ancestor.IsRoot
        || (Key.StartsWith(ancestor.Key, StringComparison.Ordinal)
            && (Key.Length == ancestor.Key.Length || Key[ancestor.Key.Length] == BetweenRdns));

    internal static Dn Of(Name name) => new(string.Join(BetweenRdns, name.Rdns.Select(Of)));

    private static string Of(Rdn rdn) => Joined(rdn.Attributes.Select(a => a.Text is null
        ? Attribute(a.Oid, "#" + Convert.ToHexString(a.ValueDer.Span))
        : Attribute(a.Oid, a.Text)));

    /// <summary>Reads RFC 4514 text.</summary>
    /// <exception cref="FormatException">It is no such text.</exception>
    internal static Dn Parse(string text)
    {
        if (text.Length == 0)
            return Root;
        List<string> rdns = [];
        DnReader reader = new(text);
        do
        {
            List<string> attributes = [];
            do
            {
                var (type, value) = reader.ReadAttribute();
                attributes.Add(Attribute(type, value));
            }
            while (reader.Skip('+'));
            rdns.Add(Joined(attributes));
        }
        while (reader.Skip(','));
        reader.End();
        rdns.Reverse();
        return new(string.Join(BetweenRdns, rdns));
    }

    private static string Attribute(string type, string value) =>
        $"{Schema.Find(type)?.Oid ?? type.ToLowerInvariant()}={Matching.Prepare(value)}";

    private static string Joined(IEnumerable<string> attributes) =>
        string.Join(BetweenAttributes, attributes.Order(StringComparer.Ordinal));

    public override string ToString() => Key.Replace(BetweenRdns, '/').Replace(BetweenAttributes, '+');
}

/// <summary>Steps through RFC 4514 text, one attribute at a time.</summary>
internal sealed class DnReader(string text)
{
    private int at;

    internal (string Type, string Value) ReadAttribute()
    {
        SkipSpaces();
        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '-' or '.'))
            at++;
        var type = text[start..at];
        SkipSpaces();
        if (type.Length == 0 || type[0] is '-' or '.' || !Skip('='))
            throw new FormatException("a distinguished name is type=value, comma-separated");
        SkipSpaces();
        return (type, at < text.Length && text[at] == '#' ? ReadHex() : ReadString());
    }

    internal bool Skip(char wanted)
    {
        if (at >= text.Length || text[at] != wanted)
            return false;
        at++;
        return true;
    }

    internal void End()
    {
        if (at < text.Length)
            throw new FormatException($"'{text[at]}' does not belong in a distinguished name");
    }

    private void SkipSpaces()
    {
        while (Skip(' '))
        {
        }
    }

    /// <summary>The value's BER in hexadecimal. (RFC 4514 2.4)</summary>
    private string ReadHex()
    {
        var start = ++at;
        while (at < text.Length && char.IsAsciiHexDigit(text[at]))
            at++;
        var ber = Convert.FromHexString(text[start..at]);
        SkipSpaces();
        if (ber is [0x0C or 0x13 or 0x16 or 0x1A, ..])
            return BerReader.Text(new BerReader(ber).Read(ber[0]));
        return "#" + Convert.ToHexString(ber);
    }

    private string ReadString()
    {
        var value = new MemoryStream();
        var kept = 0L;
        while (at < text.Length && text[at] is not (',' or '+'))
        {
            var isEscaped = text[at] == '\\';
            if (isEscaped)
                value.WriteByte(ReadEscaped());
            else if (text[at] is '"' or ';' or '<' or '>' or '\0')
                throw new FormatException($"'{text[at]}' must be escaped in a distinguished name");
            else
                value.Write(Encoding.UTF8.GetBytes(NextCharacter()));
            if (isEscaped || value.GetBuffer()[value.Length - 1] != ' ')
                kept = value.Length;
        }
        return BerReader.Text(value.GetBuffer().AsSpan(0, (int)kept)); // unescaped spaces at the end do not count
    }

    private string NextCharacter()
    {
        var length = char.IsHighSurrogate(text[at]) && at + 1 < text.Length ? 2 : 1;
        at += length;
        return text.Substring(at - length, length);
    }

    private byte ReadEscaped()
    {
        if (at + 1 >= text.Length)
            throw new FormatException("a distinguished name ends in a backslash");
        if (at + 2 < text.Length && char.IsAsciiHexDigit(text[at + 1]) && char.IsAsciiHexDigit(text[at + 2]))
        {
            at += 3;
            return Convert.FromHexString(text.AsSpan(at - 2, 2))[0];
        }
        if (!" \"#+,;<=>\\".Contains(text[at + 1], StringComparison.Ordinal))
            throw new FormatException($"'\\{text[at + 1]}' is no escape of a distinguished name");
        at += 2;
        return (byte)text[at - 1];
    }
}
