namespace Jpki.Repository;

/// <summary>Asks for something beside the operation itself. Control (RFC 4511 4.1.11)</summary>
internal sealed record Control(string Oid, bool IsCritical, byte[] Value);

/// <summary>One request, read whole before anything is done about it.</summary>
internal abstract record Request(int Id)
{
    internal IReadOnlyList<Control> Controls { get; init; } = [];
}

/// <summary>
/// <paramref name="Password"/> for simple authentication, else <paramref name="Mechanism"/> for SASL. (4.2)
/// </summary>
internal sealed record BindRequest(int Id, int Version, string Name, byte[]? Password, string? Mechanism) : Request(Id);

internal sealed record UnbindRequest(int Id) : Request(Id);

internal sealed record AbandonRequest(int Id) : Request(Id);

internal sealed record CompareRequest(int Id, string Entry, string Attribute, byte[] Value) : Request(Id);

internal sealed record ExtendedRequest(int Id, string Name) : Request(Id);

/// <summary>Add, delete, modify or modify DN, whose content is of no interest here.</summary>
internal sealed record ChangeRequest(int Id, byte Op) : Request(Id);

/// <summary>The envelope could be read, what is in it cannot: the answer goes to that request. (4.1.1)</summary>
internal sealed record UnreadableRequest(int Id, byte Op, LdapResult Answer) : Request(Id);

internal enum SearchScope
{
    Base = 0,
    One = 1,
    Sub = 2,
}

/// <summary>What to look for, and what of it to return. (4.5.1)</summary>
internal sealed record SearchRequest(
    int Id, string Base, SearchScope Scope, Filter Filter, Selection Selection) : Request(Id)
{
    internal int SizeLimit { get; init; }

    /// <summary>Seconds; 0 for the server's own limit.</summary>
    internal int TimeLimit { get; init; }
}

/// <summary>A request asks for more work than <see cref="DirectoryLimits"/> allows.</summary>
internal sealed class TooMuchException(string message) : FormatException(message);
