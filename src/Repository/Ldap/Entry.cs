using System.Text;

namespace Jpki.Repository;

/// <summary>An attribute with its values, encoded once for every answer it will be in. (RFC 4511 4.1.7)</summary>
internal sealed class StoredAttribute
{
    private StoredAttribute(AttributeType type, IReadOnlyList<byte[]> values)
    {
        Type = type;
        var description = Ber.Element(Ber.OctetString, Encoding.UTF8.GetBytes(type.Description));
        var octets = values.Select(v => Ber.Element(Ber.OctetString, v)).ToArray();
        Encoded = Ber.Element(Ber.Sequence, description, Ber.Element(Ber.Set, octets));
        EncodedType = Ber.Element(Ber.Sequence, description, Ber.Element(Ber.Set));
        Values = Slices(values);
        Keys = type.Equality is Equality.None or Equality.Octets
            ? [] : [.. values.Select(v => type.Normalize(v) ?? "")];
    }

    internal AttributeType Type { get; }

    /// <summary>PartialAttribute.</summary>
    internal byte[] Encoded { get; }

    /// <summary>PartialAttribute without values, for typesOnly.</summary>
    internal byte[] EncodedType { get; }

    /// <summary>The values, as parts of <see cref="Encoded"/>: a large CRL is held once.</summary>
    internal IReadOnlyList<ReadOnlyMemory<byte>> Values { get; }

    /// <summary>The values as text that equal values share, where the type compares them as text.</summary>
    internal IReadOnlyList<string> Keys { get; }

    internal static StoredAttribute Of(AttributeType type, params IReadOnlyList<string> values) =>
        new(type, [.. values.Select(Encoding.UTF8.GetBytes)]);

    internal static StoredAttribute OfOctets(AttributeType type, IReadOnlyList<byte[]> values) => new(type, values);

    internal bool Matches(Assertion assertion)
    {
        if (Type.Equality != Equality.Octets)
            return Keys.Contains(assertion.Key);
        return Values.Any(v => v.Span.SequenceEqual(assertion.Octets));
    }

    private ReadOnlyMemory<byte>[] Slices(IReadOnlyList<byte[]> values)
    {
        var slices = new ReadOnlyMemory<byte>[values.Count];
        var end = Encoded.Length;
        for (var i = values.Count - 1; i >= 0; i--)
        {
            slices[i] = Encoded.AsMemory(end - values[i].Length, values[i].Length);
            end -= Ber.Size(values[i].Length);
        }
        return slices;
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
