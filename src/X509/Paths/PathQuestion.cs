namespace Jpki.X509.Paths;

/// <summary>How much must be known about revocation.</summary>
public enum RevocationMode
{
    /// <summary>Every certificate's status must be determined (RFC 5280 6.3.3).</summary>
    Required,

    /// <summary>
    /// What is there and speaks of a certificate must be usable and must not revoke it; else nothing is asked.
    /// </summary>
    IfPresent,

    /// <summary>Nobody looks.</summary>
    None,
}

/// <summary>Kinds of names that a peer may be known by.</summary>
public enum PeerNameKind
{
    Dns,
    Ip,
    Email,
}

/// <summary>A name the target must be for: a host name, an address as text, or a mailbox.</summary>
public sealed record PeerName(PeerNameKind Kind, string Value);

/// <summary>One question to the validator: the inputs of RFC 5280 6.1.1 besides the anchors. 検証依頼</summary>
public sealed record PathQuestion
{
    public required Certificate Target { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>user-initial-policy-set.</summary>
    public IReadOnlyList<string> Policies { get; init; } = [Oids.AnyPolicy];

    public bool RequireExplicitPolicy { get; init; }

    public bool InhibitPolicyMapping { get; init; }

    public bool InhibitAnyPolicy { get; init; }

    public RevocationMode Revocation { get; init; } = RevocationMode.Required;

    /// <summary>How many certificates that are not self-issued may stand between anchor and target.</summary>
    public int? MaxDepth { get; init; }

    /// <summary>All of them must be names of the target (RFC 9525 6).</summary>
    public IReadOnlyList<PeerName> Names { get; init; } = [];

    /// <summary>An extended key usage that target and authorities must allow (RFC 5280 4.2.1.12).</summary>
    public string? Purpose { get; init; }

    /// <summary>How old a CRL or OCSP answer may be, whatever it says itself.</summary>
    public TimeSpan? MaxRevocationAge { get; init; }

    /// <summary>What the target's key must be allowed to do, if it says at all what it is for.</summary>
    internal KeyUsages RequiredUsage { get; init; }
}
