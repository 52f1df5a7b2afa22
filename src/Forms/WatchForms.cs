namespace Jpki.Forms;

/// <summary>A generation of the governor's key, for those who plan its change. (CPS 4-13)</summary>
public sealed record GenerationReport(int Number, DateTimeOffset NotBefore, DateTimeOffset NotAfter);

/// <summary>Octets of the disk under a room's folder.</summary>
public sealed record DiskReport(long Free, long Size);

/// <summary>
/// What the Authority knows that can go wrong or comes due: what the operators' console shows first and plans by.
/// </summary>
public sealed record AuthorityWatch
{
    public required AuthorityReport Report { get; init; }

    /// <summary>Why one of the governor's keys cannot be found in its store; null when all can.</summary>
    public required string? KeyTrouble { get; init; }

    /// <summary>False for the software key store.</summary>
    public required bool IsHsm { get; init; }

    public required DiskReport Disk { get; init; }

    /// <summary>Oldest first.</summary>
    public required IReadOnlyList<GenerationReport> Generations { get; init; }

    /// <summary>The newest certificate of each responder, door and officer, the first to end first.</summary>
    public required IReadOnlyList<CertificateFind> Certificates { get; init; }

    /// <summary>The newest cross certificate of each direction with each partner.</summary>
    public IReadOnlyList<CrossStanding> Cross { get; init; } = [];
}

/// <summary>What any room says at <c>/healthz</c> to who accepts JSON.</summary>
public sealed record RoomHealth
{
    /// <summary>What keeps the room from its work; null when all is well.</summary>
    public required string? Trouble { get; init; }

    /// <summary>The room does its work, but something about it is not well.</summary>
    public required string? Remark { get; init; }

    /// <summary>By the room's own clock.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>How far an OCSP node has followed the status feed; null at other doors.</summary>
    public long? FeedPosition { get; init; }

    /// <summary>Notices that wait for the Authority's answer; null at doors that send none.</summary>
    public long? Waiting { get; init; }

    /// <summary>Since when the oldest of them waits.</summary>
    public DateTimeOffset? WaitingSince { get; init; }
}
