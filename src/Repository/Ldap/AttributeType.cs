namespace Jpki.Repository;

/// <summary>How the values of an attribute are compared for equality. (RFC 4517 4.2)</summary>
internal enum Equality
{
    /// <summary>Not at all: such an assertion is Undefined.</summary>
    None,
    CaseIgnore,
    ObjectIdentifier,
    DistinguishedName,

    /// <summary>Octet for octet; for a certificate or CRL, when the assertion is its whole DER.</summary>
    Octets,
    Integer,
}

/// <summary>An attribute type this directory knows. (RFC 4512 2.5)</summary>
internal sealed record AttributeType(string Oid, string Names, string Syntax, Equality Equality)
{
    internal string Name { get; } = Names.Split(' ')[0];

    /// <summary>The name it is returned under; with <c>;binary</c> where RFC 4523 2 demands it.</summary>
    internal string Description => IsBinary ? Name + ";binary" : Name;

    /// <summary>
    /// The name of the matching rule in its standard, when it is not the one <see cref="Equality"/> implies.
    /// </summary>
    internal string? EqualityName { get; init; }

    internal bool HasSubstrings { get; init; }

    internal bool IsSingleValued { get; init; }

    /// <summary>Returned only when asked for by name or by "+". (RFC 3673)</summary>
    internal bool IsOperational { get; init; }

    /// <summary>directoryOperation or dSAOperation, for operational attributes.</summary>
    internal string Usage { get; init; } = "directoryOperation";

    /// <summary>Only for admitted verifiers. (CPS 2-6-3)</summary>
    internal bool IsRestricted { get; init; }

    internal bool IsBinary => Schema.IsTransferredAsBinary(Syntax);

    /// <summary>AttributeTypeDescription. (RFC 4512 4.1.2)</summary>
    internal string Definition()
    {
        var names = Names.Split(' ');
        var quoted = names.Length == 1 ? $"'{names[0]}'" : $"( {string.Join(' ', names.Select(n => $"'{n}'"))} )";
        var equality = EqualityName ?? Schema.RuleName(Equality);
        return $"( {Oid} NAME {quoted}"
            + (equality is null ? "" : $" EQUALITY {equality}")
            + (HasSubstrings ? " SUBSTR caseIgnoreSubstringsMatch" : "")
            + $" SYNTAX {Syntax}"
            + (IsSingleValued ? " SINGLE-VALUE" : "")
            + (IsOperational ? $" NO-USER-MODIFICATION USAGE {Usage}" : "")
            + " )";
    }

    /// <summary>The value as text that equal values share; null when it is no value of this type.</summary>
    internal string? Normalize(ReadOnlySpan<byte> value) => Equality switch
    {
        Equality.CaseIgnore => Matching.Prepare(BerReader.Text(value)),
        Equality.ObjectIdentifier => Schema.OidOf(BerReader.Text(value)),
        Equality.DistinguishedName => Dn.Parse(BerReader.Text(value)).Key,
        Equality.Integer => int.TryParse(BerReader.Text(value), out var number) ? $"{number}" : null,
        _ => null,
    };
}
