namespace Jpki.ControlRoom.Acts;

/// <summary>How far an instruction has come.</summary>
public enum InstructionState
{
    /// <summary>指示済み</summary>
    Given = 0,

    /// <summary>An act follows it. 作業中</summary>
    Followed = 1,

    /// <summary>The result is there to be confirmed. 結果報告済み</summary>
    Reported = 2,

    /// <summary>結果確認済み</summary>
    Confirmed = 3,

    /// <summary>取消し</summary>
    Recalled = 4,
}

/// <summary>
/// Work that the CA manager, or a senior operator to his subordinates, has told in writing to do. 作業指示 (CPS 5-2-2②③)
/// </summary>
public sealed record Instruction
{
    public required string Id { get; init; }

    /// <summary>The name of the duty.</summary>
    public required string Duty { get; init; }

    public required InstructionState State { get; init; }

    public required string GivenBy { get; init; }

    public required DateTimeOffset GivenAt { get; init; }

    /// <summary>The day (Japan time) by which it is to be done; null when that does not matter.</summary>
    public required DateOnly? DueOn { get; init; }

    public required string Text { get; init; }

    /// <summary>The one act that follows it.</summary>
    public string? Act { get; init; }

    /// <summary>What came of it, in the words of who did it.</summary>
    public string? Report { get; init; }

    public string? ReportedBy { get; init; }

    public string? ConfirmedBy { get; init; }

    public DateTimeOffset? ConfirmedAt { get; init; }
}
