using System.Collections.Immutable;
using Jpki.Cps;

namespace Jpki.Forms;

/// <summary>An order that an officer gave at the control room, as the Authority is told of it.</summary>
public sealed record OfficerOrder<T>(string Officer, T Order) where T : class;

/// <summary>Why all CRLs are to be issued now.</summary>
public sealed record PublishOrder(string Why);

/// <summary>A run of CRLs, for those who watch over it.</summary>
public sealed record CrlRunReport(
    long Number, DateTimeOffset ThisUpdate, DateTimeOffset NextUpdate, DateTimeOffset? PublishedAt);

/// <summary>How the Authority is: what an operator looks at first.</summary>
public sealed record AuthorityReport
{
    public required CrlRunReport? LastRun { get; init; }

    public required DateTimeOffset NextRunDueAt { get; init; }

    /// <summary>Why the last publication failed; null when the Repository has everything.</summary>
    public required string? PublishingTrouble { get; init; }

    public required bool LogIsWell { get; init; }

    public required long LogSize { get; init; }

    public required long FeedPosition { get; init; }

    public required string Hsm { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>The newest generation of the governor's key. (CPS 4-13)</summary>
    public required int Generation { get; init; }

    public required long Issued { get; init; }

    public required long Revoked { get; init; }
}

/// <summary>A certificate as an operator finds it by serial number. No attribute of its holder is in it.</summary>
public sealed record CertificateReport
{
    public required string Serial { get; init; }

    public required string State { get; init; }

    public required string? Municipality { get; init; }

    public required DateTimeOffset NotAfter { get; init; }

    public required Cps.RevocationReason? Reason { get; init; }

    public required DateTimeOffset? RevokedAt { get; init; }
}

/// <summary>Asks for an issued certificate itself, to look at it. Upper-case hexadecimal.</summary>
public sealed record CopyOrder(string Serial);

/// <summary>An issued certificate, DER.</summary>
public sealed record CertificateCopy(byte[] Certificate)
{
    public override string ToString() => "(certificate)";
}

/// <summary>Asks the operations CA for a client certificate for an admitted verifier.</summary>
public sealed record ClientCertificateRequest(string Id, byte[] CertificationRequest);

/// <summary>The client certificate, DER.</summary>
public sealed record ClientCertificateAnswer(byte[] Certificate);

/// <summary>Whether an approval was used: then what it allowed was done.</summary>
public sealed record ApprovalUse(string Id, bool IsUsed);

/// <summary>An officer's request for the certificate that he is to log in with. (CPS 5-2-2③)</summary>
public sealed record OfficerCertificateRequest
{
    public required string Id { get; init; }

    /// <summary>PKCS#10.</summary>
    public required byte[] CertificationRequest { get; init; }

    /// <summary>
    /// An approved <see cref="OfficerRegistration"/>; null for the first officers, before any was registered.
    /// </summary>
    public required ApprovedOrder? Registration { get; init; }
}

/// <summary>Somebody who is to be an officer, or to be one with other roles. 要員の登録 (CPS 5-2-2③)</summary>
public sealed record OfficerRegistration
{
    /// <summary>By which he logs in and is named in logs.</summary>
    public required string Id { get; init; }

    /// <summary>職員番号: one person is one officer.</summary>
    public required string StaffNumber { get; init; }

    public required string Name { get; init; }

    public required ImmutableArray<Role> Roles { get; init; }

    public override string ToString() => Id;
}
