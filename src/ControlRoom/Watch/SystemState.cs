using System.Collections.Immutable;
using Jpki.Forms;

namespace Jpki.ControlRoom.Watch;

/// <summary>What a room answered when it was asked how it is.</summary>
/// <param name="Room">Which.</param>
/// <param name="Health">Null when it did not answer.</param>
/// <param name="Silence">Why it did not; null when it did.</param>
/// <param name="AskedAt">By the control room's clock, halfway between question and answer.</param>
public sealed record RoomAnswer(string Room, RoomHealth? Health, string? Silence, DateTimeOffset AskedAt);

/// <summary>Everything that the operators' console looks at, at one moment.</summary>
public sealed record SystemState
{
    public required DateTimeOffset At { get; init; }

    /// <summary>Null when the Authority did not answer.</summary>
    public required AuthorityWatch? Authority { get; init; }

    public required ImmutableArray<RoomAnswer> Rooms { get; init; }

    /// <summary>
    /// How much further the machine's calendar clock has moved since the control room opened than its clock that only
    /// counts: not zero when somebody, or NTP, has set it.
    /// </summary>
    public required TimeSpan ClockWasSetBy { get; init; }

    /// <summary>The last backup that was recorded; null when none was. (CPS 4-11-6, 4-12-2-4)</summary>
    public required DateTimeOffset? LastBackup { get; init; }

    /// <summary>Acts that wait for a second person.</summary>
    public required int WaitingActs { get; init; }
}
