using System.Collections.Immutable;
using Jpki.Cps;

namespace Jpki.Forms;

/// <summary>One officer's yes to an act. 承認</summary>
/// <param name="Officer">Who.</param>
/// <param name="Roles">The roles he held when he said it.</param>
/// <param name="CertificateSha256">Of the client certificate he showed; upper-case hexadecimal.</param>
/// <param name="At">When.</param>
public sealed record Consent(string Officer, ImmutableArray<Role> Roles, string CertificateSha256, DateTimeOffset At);

/// <summary>
/// The control room's word that enough officers said yes to one order and to nothing else. It is good for one use and
/// for a time. 作業の承認 (CPS 5-2-2)
/// </summary>
public sealed record ActApproval
{
    /// <summary>Of the act; an approval is used once.</summary>
    public required string Id { get; init; }

    /// <summary>The name of the duty.</summary>
    public required string Duty { get; init; }

    /// <summary>SHA-256 of the order's octets.</summary>
    public required byte[] Digest { get; init; }

    public required ImmutableArray<Consent> Consents { get; init; }

    /// <summary>The CA manager who instructed it; null where nobody has to. (CPS 5-2-2②)</summary>
    public required string? InstructedBy { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>An order with the approval that goes with it, as the Authority is told of it.</summary>
public sealed record ApprovedOrder
{
    /// <summary>An <see cref="ActApproval"/> under the control room's signature.</summary>
    public required SignedForm Approval { get; init; }

    /// <summary>The order as UTF-8 JSON, octet for octet as it was approved.</summary>
    public required byte[] Order { get; init; }
}
