namespace Jpki.ControlRoom.Officers;

/// <summary>What a site chooses about its officers.</summary>
public sealed record OfficerOptions
{
    /// <summary>How long a password is good for; null for ever. (CPS 5-2-3)</summary>
    public TimeSpan? PasswordLife { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How long five wrong passwords keep an officer out.</summary>
    public TimeSpan LockOut { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a one-time code waits for its officer.</summary>
    public TimeSpan CodeLife { get; init; } = TimeSpan.FromDays(3);

    /// <summary>How long an act waits for its second person.</summary>
    public TimeSpan ApprovalLife { get; init; } = TimeSpan.FromHours(24);
}
