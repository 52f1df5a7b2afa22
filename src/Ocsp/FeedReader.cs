using System.Formats.Asn1;
using Jpki.Forms;

namespace Jpki.Ocsp;

/// <summary>
/// Follows the Authority's status feed for as long as the node runs: resumes after its position when the connection
/// breaks, starts over when something is missing. 失効情報の受信
/// </summary>
internal sealed class FeedReader(HttpClient authority, TimeSpan silenceLimit, TimeProvider clock)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private volatile StatusMap map = new();
    private volatile string? trouble = "not connected yet";
    private long caughtUpAt = long.MinValue;

    public StatusMap Map => map;

    /// <summary>Why the feed does not come in just now; null while it does.</summary>
    public string? Trouble => trouble;

    /// <summary>How long ago the Authority confirmed that the map is complete; null before the first time.</summary>
    public TimeSpan? Age =>
        Volatile.Read(ref caughtUpAt) is not long.MinValue and var at ? clock.GetElapsedTime(at) : null;

    /// <summary>May answers be given from the map? Old news is not told as new: no heartbeat, no answers.</summary>
    public bool IsFresh => Age <= silenceLimit;

    public async Task Run(CancellationToken stop)
    {
        var pause = FirstPause;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await Follow(() => pause = FirstPause, stop);
                trouble = "the Authority closed the status feed";
            }
            catch (Exception e) when (e is FormatException or AsnContentException)
            {
                StartOver();
                trouble = e.Message;
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
            {
                trouble = e.Message;
            }
            await Task.Delay(pause, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task Follow(Action heard, CancellationToken stop)
    {
        using CancellationTokenSource silence = new(silenceLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, stop);
        using var response = await authority.GetAsync(
            $"status-feed?after={map.Position}", HttpCompletionOption.ResponseHeadersRead, either.Token);
        response.EnsureSuccessStatusCode();
        await using var stream = await response.Content.ReadAsStreamAsync(either.Token);
        var changes = 0L;
        await foreach (var frame in StatusFeed.Read(stream, either.Token))
        {
            switch (frame)
            {
                case StatusChange change:
                    map.Apply(change);
                    changes++;
                    break;
                case FeedGeneration generation:
                    map.Introduce(generation);
                    break;
                case long position:
                    Confirm(position, changes);
                    silence.CancelAfter(silenceLimit);
                    heard();
                    break;
            }
        }
    }

    private void Confirm(long position, long changes)
    {
        // A feed that ends before the place we resumed from is another feed: its Authority was restored or replaced.
        if (position < map.Position && changes == 0)
            throw new FormatException($"status feed: ends at {position}, not at {map.Position}");
        trouble = null;
        if (map.Position >= position)
            Volatile.Write(ref caughtUpAt, clock.GetTimestamp());
    }

    private void StartOver()
    {
        Volatile.Write(ref caughtUpAt, long.MinValue);
        map = new();
    }
}
