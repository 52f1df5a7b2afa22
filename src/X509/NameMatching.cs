using System.Text;

namespace Jpki.X509;

/// <summary>
/// Makes of a name a text that equal names share (RFC 5280 7.1, RFC 4518): case does not matter, nor the string type,
/// nor how much white space stands between words. Full-width Latin counts as Latin, the rest of NFKC is not applied:
/// two names that differ only there stay different.
/// </summary>
internal static class NameMatching
{
    // Never part of a prepared value, so that no value can imitate a border.
    private const char BetweenRdns = '\u0001';
    private const char BetweenAttributes = '\u0002';

    public static string Key(IEnumerable<Rdn> rdns) => string.Join(BetweenRdns, rdns.Select(Key));

    /// <summary>Do both have the same key? Found out RDN by RDN, since different names mostly differ early.</summary>
    public static bool AreEqual(IReadOnlyList<Rdn> left, IReadOnlyList<Rdn> right)
    {
        if (left.Count != right.Count)
            return false;
        for (var i = 0; i < left.Count; i++)
        {
            if (!AreEqual(left[i].Attributes, right[i].Attributes))
                return false;
        }
        return true;
    }

    private static bool AreEqual(
        IReadOnlyList<AttributeTypeAndValue> left, IReadOnlyList<AttributeTypeAndValue> right)
    {
        if (left.Count != right.Count)
            return false;
        if (left.Count > 1)
            return Key(new Rdn(left)) == Key(new Rdn(right));
        return left[0].Oid == right[0].Oid
            && (left[0].ValueDer.Span.SequenceEqual(right[0].ValueDer.Span) || Key(left[0]) == Key(right[0]));
    }

    private static string Key(Rdn rdn) =>
        string.Join(BetweenAttributes, rdn.Attributes.Select(Key).Order(StringComparer.Ordinal));

    private static string Key(AttributeTypeAndValue attribute) => attribute.Text is null
        ? $"{attribute.Oid}#{Convert.ToHexString(attribute.ValueDer.Span)}"
        : $"{attribute.Oid}={Prepare(attribute.Text)}";

    /// <summary>RFC 4518 2.2 (map, fold case) and 2.6.1 (insignificant space).</summary>
    private static string Prepare(string text)
    {
        var prepared = new StringBuilder(text.Length);
        foreach (var original in text)
        {
            var c = Narrow(original);
            var isSpace = char.IsWhiteSpace(c);
            if (IsIgnored(c) || (isSpace && prepared is [] or [.., ' '] && isSpace))
                continue;
            prepared.Append(isSpace ? ' ' : char.ToLowerInvariant(char.ToUpperInvariant(c)));
        }

        return prepared.ToString().TrimEnd(' ');
    }

    private static char Narrow(char c) => c is >= '\uFF01' and <= '\uFF5E' ? (char)(c - '\uFF01' + '!') : c;

    /// <summary>RFC 4518 2.2: controls, soft hyphen, joiners and the like mean nothing.</summary>
    private static bool IsIgnored(char c) => (char.IsControl(c) && !char.IsWhiteSpace(c))
        || c is '\u00AD' or '\u034F' or (>= '\u180B' and <= '\u180E') or (>= '\u200B' and <= '\u200F')
            or (>= '\u202A' and <= '\u202E') or (>= '\u2060' and <= '\u2064') or (>= '\uFE00' and <= '\uFE0F')
            or '\uFEFF' or '\uFFFC';
}
