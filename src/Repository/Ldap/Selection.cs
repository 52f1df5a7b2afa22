namespace Jpki.Repository;

/// <summary>Which attributes a search wants to see. (RFC 4511 4.5.1.8, RFC 3673)</summary>
internal sealed record Selection(bool AllUser, bool AllOperational, IReadOnlyList<AttributeType> Named, bool TypesOnly)
{
    /// <summary>Asked for revocation lists of residents and for nothing else.</summary>
    internal bool IsRestrictedOnly { get; } =
        !AllUser && !AllOperational && Named.Count > 0 && Named.All(t => t.IsRestricted);

    internal static Selection Of(IReadOnlyList<string> descriptions, bool typesOnly)
    {
        if (descriptions.Count == 0)
            return new(true, false, [], typesOnly);
        List<AttributeType> named = [];
        var (allUser, allOperational) = (false, false);
        foreach (var description in descriptions)
        {
            if (description == "*")
                allUser = true;
            else if (description == "+")
                allOperational = true;
            else if (Schema.FindDescription(description) is { } type) // "1.1" and the unknown select nothing
                named.Add(type);
        }
        return new(allUser, allOperational, named, typesOnly);
    }

    internal bool Includes(AttributeType type)
    {
        if (type.IsOperational ? AllOperational : AllUser)
            return true;
        for (var i = 0; i < Named.Count; i++)
        {
            if (ReferenceEquals(Named[i], type))
                return true;
        }
        return false;
    }
}
