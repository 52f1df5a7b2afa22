using System.Collections.Immutable;
using Jpki.Cps;

namespace Jpki.ControlRoom.Officers;

/// <summary>How far somebody is an officer.</summary>
public enum OfficerState
{
    /// <summary>Registered, and expected with the one-time code. 登録済み</summary>
    Registered = 0,

    /// <summary>在任</summary>
    Active = 1,

    /// <summary>解任</summary>
    Withdrawn = 2,
}

/// <summary>Somebody who works at the Authority. 要員 (CPS 5-2-1-1)</summary>
public sealed record Officer
{
    public required string Id { get; init; }

    public required string StaffNumber { get; init; }

    public required string Name { get; init; }

    public required ImmutableArray<Role> Roles { get; init; }

    public required OfficerState State { get; init; }

    public required string? CertificateSha256 { get; init; }

    public required DateTimeOffset? CertificateEndsAt { get; init; }

    public required DateTimeOffset? PasswordExpiresAt { get; init; }

    public required DateTimeOffset? LockedUntil { get; init; }

    public override string ToString() => Id;
}
