using System.Collections.Immutable;

namespace Jpki.Hsm.Ceremonies;

/// <summary>What a ceremony came to: who, when, what exactly, with which result. (CPS 5-2-2, 4-11-2)</summary>
public sealed record CeremonyRecord
{
    public required string Title { get; init; }

    /// <summary>SHA-256 of the ceremony's file.</summary>
    public required string Digest { get; init; }

    public required bool IsDryRun { get; init; }

    public required DateTimeOffset BeganAt { get; init; }

    public required DateTimeOffset EndedAt { get; init; }

    public required string InstructedBy { get; init; }

    public required string Witness { get; init; }

    public required ImmutableArray<string> SeniorOperators { get; init; }

    public required ImmutableArray<string> Custodians { get; init; }

    public required ImmutableArray<CeremonyStepRecord> Steps { get; init; }

    /// <summary>"ok", or the refusal or fault that ended it.</summary>
    public required string Result { get; init; }
}

/// <summary>One step of it: the sentence in both languages, when, what it came to, and on the way.</summary>
public sealed record CeremonyStepRecord(
    string Japanese, string English, DateTimeOffset At, string Result, ImmutableArray<string> Reached);
