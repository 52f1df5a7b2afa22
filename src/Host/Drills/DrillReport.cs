namespace Jpki.Host.Drills;

/// <summary>What was done, and how long it took.</summary>
internal sealed record DrillStep(string What, double Seconds);

/// <summary>What a drill came to. 訓練の結果</summary>
internal sealed record DrillReport
{
    public required string Drill { get; init; }

    public required IReadOnlyList<DrillStep> Steps { get; init; }

    public required double Seconds { get; init; }

    public required long Certificates { get; init; }

    /// <summary>What this machine takes for the same lists when it does nothing else.</summary>
    public required DrillLimit Limit { get; init; }

    /// <summary>What an admitted verifier heard from the OCSP node all the while.</summary>
    public required OcspHearing Ocsp { get; init; }

    /// <summary>Certificates, log entries or list runs that the copy no longer has.</summary>
    public required IReadOnlyList<string> Lost { get; init; }

    /// <summary>Of the whole prefecture in its one process, while the drill went on.</summary>
    public required double PeakMemoryMegabytes { get; init; }
}
