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

    /// <summary>How often the OCSP node was asked whether it answers, and how often it did not.</summary>
    public required int OcspAsked { get; init; }

    public required int OcspSilent { get; init; }

    /// <summary>Certificates, log entries or list runs that the copy no longer has.</summary>
    public required IReadOnlyList<string> Lost { get; init; }

    public required double PeakMemoryMegabytes { get; init; }
}

/// <summary>Asks the OCSP node all the time whether it answers.</summary>
internal sealed class OcspWatch : IAsyncDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource stop = new();
    private readonly HttpClient door;
    private readonly Task asking;

    public OcspWatch(Endpoints endpoints)
    {
        door = new() { BaseAddress = new(endpoints.Ocsp), Timeout = TimeSpan.FromSeconds(5) };
        asking = Ask();
    }

    public int Asked { get; private set; }

    public int Silent { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await asking;
        door.Dispose();
        stop.Dispose();
    }

    private async Task Ask()
    {
        while (!stop.IsCancellationRequested)
        {
            Asked++;
            if (!await Answers())
                Silent++;
            await Task.Delay(Beat, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> Answers()
    {
        try
        {
            using var answer = await door.GetAsync("/healthz");
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }
}
