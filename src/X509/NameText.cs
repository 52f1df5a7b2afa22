using System.Globalization;
using System.Text;

namespace Jpki.X509;

/// <summary>The RFC 4514 text of a name, both ways.</summary>
internal static class NameText
{
    private const string Special = "\"+,;<>\\";

    private static readonly (string Short, string Oid)[] Types =
    [
        ("CN", Oids.CommonName), ("L", Oids.LocalityName), ("ST", Oids.StateOrProvinceName),
        ("O", Oids.OrganizationName), ("OU", Oids.OrganizationalUnitName), ("C", Oids.CountryName),
        ("STREET", Oids.StreetAddress), ("DC", Oids.DomainComponent), ("UID", Oids.UserId),
    ];

    public static string OidOf(string type)
    {
        var known = Array.Find(Types, t => t.Short.Equals(type, StringComparison.OrdinalIgnoreCase)).Oid;
        if (known is null && !type.Contains('.', StringComparison.Ordinal))
            throw new FormatException($"unknown attribute type in a name: {type}");
        return known ?? type;
    }

    // RFC 4514 2.1: from the last RDN to the first.
    public static string Format(Name name) =>
        string.Join(',', name.Rdns.Reverse().Select(rdn => string.Join('+', rdn.Attributes.Select(Format))));

    private static string Format(AttributeTypeAndValue attribute)
    {
        var type = Array.Find(Types, t => t.Oid == attribute.Oid).Short;
        return type is null || attribute.Text is null
            ? $"{type ?? attribute.Oid}=#{Convert.ToHexStringLower(attribute.ValueDer.Span)}" // RFC 4514 2.4
            : $"{type}={Escape(attribute.Text)}";
    }

    private static string Escape(string value)
    {
        var text = new StringBuilder(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            var isEdge = i == 0 ? c is ' ' or '#' : i == value.Length - 1 && c is ' ';
            if (c is < ' ' or '\u007F')
                text.Append(CultureInfo.InvariantCulture, $"\\{(int)c:X2}");
            else if (isEdge || Special.Contains(c, StringComparison.Ordinal))
                text.Append('\\').Append(c);
            else
                text.Append(c);
        }

        return text.ToString();
    }

    public static IEnumerable<Rdn> Parse(string text)
    {
        if (text.Length == 0)
            return [];
        var reader = new NameTextReader(text);
        var rdns = new List<Rdn>();
        do
        {
            var attributes = new List<AttributeTypeAndValue>();
            do
            {
                attributes.Add(reader.ReadAttribute());
            }
            while (reader.Skip('+'));
            rdns.Add(new(attributes));
        }
        while (reader.Skip(','));
        reader.ThrowIfNotEmpty();
        rdns.Reverse();
        return rdns;
    }
}
