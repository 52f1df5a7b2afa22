using System.Buffers;
using System.Text;

namespace Jpki.Repository;

/// <summary>An attribute with its values, encoded once for every answer it will be in. (RFC 4511 4.1.7)</summary>
internal sealed class StoredAttribute
{
    private readonly IReadOnlyList<StoredOctets> values;

    private StoredAttribute(AttributeType type, IReadOnlyList<StoredOctets> values)
    {
        (Type, this.values) = (type, values);
        var description = Ber.Element(Ber.OctetString, Encoding.UTF8.GetBytes(type.Description));
        EncodedType = Ber.Element(Ber.Sequence, description, Ber.Element(Ber.Set));
        Pieces = Encode(description, values);
        Length = Pieces.Sum(p => p.Length);
        Keys = type.Equality is Equality.None or Equality.Octets
            ? [] : [.. values.Select(v => type.Normalize(v.All().Span) ?? "")];
    }

    internal AttributeType Type { get; }

    /// <summary>PartialAttribute: one piece, or a long value between two.</summary>
    internal IReadOnlyList<StoredOctets> Pieces { get; }

    /// <summary>Octets of all pieces.</summary>
    internal int Length { get; }

    /// <summary>PartialAttribute without values, for typesOnly.</summary>
    internal byte[] EncodedType { get; }

    /// <summary>The values as text that equal values share, where the type compares them as text.</summary>
    internal IReadOnlyList<string> Keys { get; }

    internal static StoredAttribute Of(AttributeType type, params IReadOnlyList<string> values) =>
        new(type, [.. values.Select(v => new StoredOctets(Encoding.UTF8.GetBytes(v)))]);

    internal static StoredAttribute OfOctets(AttributeType type, IReadOnlyList<StoredOctets> values) =>
        new(type, values);

    internal bool Matches(Assertion assertion)
    {
        if (Type.Equality != Equality.Octets)
            return Keys.Contains(assertion.Key);
        return values.Any(v => v.Holds(assertion.Octets));
    }

    private static List<StoredOctets> Encode(byte[] description, IReadOnlyList<StoredOctets> values)
    {
        List<StoredOctets> pieces = [];
        ArrayBufferWriter<byte> held = new();
        var set = values.Sum(v => Ber.Size(v.Length));
        Header(Ber.Sequence, description.Length + Ber.Size(set));
        held.Write(description);
        Header(Ber.Set, set);
        foreach (var value in values)
        {
            Header(Ber.OctetString, value.Length);
            if (!value.IsLong)
            {
                held.Write(value.All().Span);
                continue;
            }
            pieces.AddRange([new(held.WrittenSpan.ToArray()), value]);
            held.Clear();
        }
        if (held.WrittenCount > 0)
            pieces.Add(new(held.WrittenSpan.ToArray()));
        return pieces;

        void Header(byte tag, int length) =>
            held.Advance(Ber.WriteHeader(held.GetSpan(Ber.MaxHeader), tag, length));
    }
}

/// <summary>One entry of the directory, never changed. (RFC 4512 2.2)</summary>
internal sealed class Entry(Dn dn, string name, IReadOnlyList<StoredAttribute> attributes)
{
    private readonly StoredAttribute[] attributes = [.. attributes];

    internal Dn Dn { get; } = dn;

    /// <summary>RFC 4514 text.</summary>
    internal string Name { get; } = name;

    /// <summary>LDAPDN, ready to be written.</summary>
    internal byte[] EncodedName { get; } = Ber.Element(Ber.OctetString, Encoding.UTF8.GetBytes(name));

    internal ReadOnlySpan<StoredAttribute> Attributes => attributes;

    internal StoredAttribute? Find(AttributeType type)
    {
        foreach (var attribute in attributes)
        {
            if (ReferenceEquals(attribute.Type, type))
                return attribute;
        }
        return null;
    }
}
