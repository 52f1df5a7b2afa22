namespace Jpki.Repository;

/// <summary>What a filter comes to: X.511's third truth is neither. (RFC 4511 4.5.1.7)</summary>
internal enum Truth
{
    False,
    Undefined,
    True,
}

/// <summary>
/// A search filter. A reader who may not see restricted attributes cannot learn about them by asking either: every
/// assertion about one is Undefined. (CPS 2-6-3)
/// </summary>
internal abstract record Filter
{
    internal abstract Truth Evaluate(Entry entry, bool maySeeRestricted);

    private static Truth Of(bool truth) => truth ? Truth.True : Truth.False;

    /// <summary>One decisive term decides; else one that is Undefined leaves it so. No terms: RFC 4526.</summary>
    private static Truth Joined(Filter[] terms, Truth decisive, Entry entry, bool maySeeRestricted)
    {
        var joined = Opposite(decisive);
        foreach (var term in terms)
        {
            var truth = term.Evaluate(entry, maySeeRestricted);
            if (truth == decisive)
                return decisive;
            if (truth == Truth.Undefined)
                joined = Truth.Undefined;
        }
        return joined;
    }

    private static Truth Opposite(Truth truth) => (Truth)((int)Truth.True - (int)truth);

    internal sealed record And(Filter[] Terms) : Filter
    {
        internal override Truth Evaluate(Entry entry, bool maySeeRestricted) =>
            Joined(Terms, Truth.False, entry, maySeeRestricted);
    }

    internal sealed record Or(Filter[] Terms) : Filter
    {
        internal override Truth Evaluate(Entry entry, bool maySeeRestricted) =>
            Joined(Terms, Truth.True, entry, maySeeRestricted);
    }

    internal sealed record Not(Filter Term) : Filter
    {
        internal override Truth Evaluate(Entry entry, bool maySeeRestricted) =>
            Opposite(Term.Evaluate(entry, maySeeRestricted));
    }

    /// <summary>Whatever cannot be evaluated: unknown types, ordering, approximate and extensible matches.</summary>
    internal sealed record Unknown : Filter
    {
        internal static Unknown Instance { get; } = new();

        internal override Truth Evaluate(Entry entry, bool maySeeRestricted) => Truth.Undefined;
    }

    internal sealed record Present(AttributeType Type) : Filter
    {
        // Every entry has a class: the commonest filter of all needs no look.
        internal override Truth Evaluate(Entry entry, bool maySeeRestricted) =>
            Type.IsRestricted && !maySeeRestricted ? Truth.Undefined
            : Of(ReferenceEquals(Type, Schema.ObjectClass) || entry.Find(Type) is not null);
    }

    internal sealed record Equal(Assertion Assertion) : Filter
    {
        internal override Truth Evaluate(Entry entry, bool maySeeRestricted) =>
            Assertion.Type.IsRestricted && !maySeeRestricted ? Truth.Undefined
            : Of(entry.Find(Assertion.Type)?.Matches(Assertion) == true);
    }

    /// <summary>caseIgnoreSubstringsMatch; the pieces are folded already.</summary>
    internal sealed record Substrings(AttributeType Type, string? Initial, string[] Any, string? Final) : Filter
    {
        internal override Truth Evaluate(Entry entry, bool maySeeRestricted) =>
            Of(entry.Find(Type)?.Keys.Any(Matches) == true);

        private bool Matches(string value)
        {
            var rest = value.AsSpan();
            if (Initial is not null)
            {
                if (!rest.StartsWith(Initial, StringComparison.Ordinal))
                    return false;
                rest = rest[Initial.Length..];
            }
            foreach (var piece in Any)
            {
                var at = rest.IndexOf(piece, StringComparison.Ordinal);
                if (at < 0)
                    return false;
                rest = rest[(at + piece.Length)..];
            }
            return Final is null || rest.EndsWith(Final, StringComparison.Ordinal);
        }
    }
}

/// <summary>That an attribute has a value: as comparable text, or octet for octet. (RFC 4511 4.1.6)</summary>
internal sealed record Assertion(AttributeType Type, string Key, byte[] Octets)
{
    /// <summary>
    /// Null when the type has no equality rule or the value is none of the type: then it is Undefined.
    /// </summary>
    internal static Assertion? Of(AttributeType type, ReadOnlySpan<byte> value)
    {
        if (type.Equality == Equality.Octets)
            return value is [Ber.Sequence, ..] ? new(type, "", value.ToArray()) : null;
        try
        {
            return type.Normalize(value) is { } key ? new(type, key, []) : null;
        }
        catch (FormatException)
        {
            return null; // RFC 4511 4.5.1.7: an assertion value that cannot be decoded makes the term Undefined
        }
    }
}
