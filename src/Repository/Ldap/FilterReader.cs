namespace Jpki.Repository;

/// <summary>Reads a filter within the limits of depth and number of terms. (RFC 4511 4.5.1)</summary>
internal sealed class FilterReader(DirectoryLimits limits)
{
    private int terms;
    private int depth;

    internal Filter Read(ref BerReader reader)
    {
        if (++terms > limits.MaxFilterTerms)
            throw new TooMuchException($"a filter of more than {limits.MaxFilterTerms} terms");
        if (++depth > limits.MaxFilterDepth)
            throw new TooMuchException($"a filter deeper than {limits.MaxFilterDepth}");
        var tag = reader.Tag;
        var content = reader.Read(tag);
        var filter = tag switch
        {
            0xA0 => new Filter.And(ReadTerms(new(content))),
            0xA1 => new Filter.Or(ReadTerms(new(content))),
            0xA2 => ReadNot(new(content)),
            0xA3 => ReadEquality(new(content)),
            0xA4 => ReadSubstrings(new(content)),
            0xA5 or 0xA6 or 0xA8 => ReadUnsupported(new(content)),
            0x87 => ReadPresent(content),
            0xA9 => Filter.Unknown.Instance,
            _ => throw new FormatException($"0x{tag:X2} is no filter"),
        };
        depth--;
        return filter;
    }

    private Filter[] ReadTerms(BerReader set)
    {
        List<Filter> read = [];
        while (!set.IsEmpty)
            read.Add(Read(ref set));
        return [.. read];
    }

    private Filter.Not ReadNot(BerReader inner)
    {
        Filter.Not not = new(Read(ref inner));
        inner.End();
        return not;
    }

    private static Filter ReadEquality(BerReader assertion)
    {
        var type = Schema.FindDescription(assertion.ReadText());
        var value = assertion.Read(Ber.OctetString);
        assertion.End();
        return type is not null && Assertion.Of(type, value) is { } known
            ? new Filter.Equal(known)
            : Filter.Unknown.Instance;
    }

    /// <summary>Ordering and approximate matches: no attribute here has such a rule, so they are Undefined.</summary>
    private static Filter.Unknown ReadUnsupported(BerReader assertion)
    {
        assertion.Read(Ber.OctetString);
        assertion.Read(Ber.OctetString);
        assertion.End();
        return Filter.Unknown.Instance;
    }

    private static Filter ReadPresent(ReadOnlySpan<byte> description) =>
        Schema.FindDescription(BerReader.Text(description)) is { } type
            ? new Filter.Present(type) : Filter.Unknown.Instance;

    private Filter ReadSubstrings(BerReader filter)
    {
        var type = Schema.FindDescription(filter.ReadText());
        var pieces = filter.Enter(Ber.Sequence);
        filter.End();
        if (pieces.IsEmpty)
            throw new FormatException("a substring filter without substrings");
        string? initial = null;
        string? final = null;
        List<string> any = [];
        while (!pieces.IsEmpty)
        {
            if (++terms > limits.MaxFilterTerms)
                throw new TooMuchException($"a filter of more than {limits.MaxFilterTerms} terms");
            var tag = pieces.Tag;
            var piece = Matching.Fold(pieces.ReadText(tag));
            if (final is not null || (tag == 0x80 && (initial is not null || any.Count > 0)) || tag is < 0x80 or > 0x82)
                throw new FormatException("the pieces of a substring filter are out of order");
            if (tag == 0x80)
                initial = piece.TrimStart(' ');
            else if (tag == 0x81)
                any.Add(piece);
            else
                final = piece.TrimEnd(' ');
        }
        return type is { HasSubstrings: true }
            ? new Filter.Substrings(type, initial, [.. any], final) : Filter.Unknown.Instance;
    }
}
