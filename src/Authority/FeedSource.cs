using System.Data.Common;
using Dapper;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Ledger;
using Jpki.X509;

namespace Jpki.Authority;

/// <summary>
/// Serves the numbered status changes to whoever follows them, from any position on, and wakes the followers with every
/// commit, so that a revocation is known everywhere within milliseconds.
/// </summary>
internal sealed class FeedSource
{
    private const int Batch = 4096;

    private const string Plain =
        "SELECT position, generation, counter, reason, at, NULL FROM status_change "
        + "WHERE position > @after ORDER BY position LIMIT @Batch";

    /// <summary>What our secret does not turn into a counter is told with its name. (CPS 4-18)</summary>
    private const string Named =
        """
        SELECT s.position, s.generation, s.counter, s.reason, s.at, c.serial
        FROM status_change s LEFT JOIN certificate c
            ON s.generation <= @last AND c.generation = s.generation AND c.counter = s.counter
        WHERE s.position > @after ORDER BY s.position LIMIT @Batch
        """;

    private static readonly TimeSpan HeartbeatEvery = TimeSpan.FromSeconds(2);

    private readonly Store store;
    private readonly KeyRing keys;
    private TaskCompletionSource changed = NewSignal();

    public FeedSource(Store store, KeyRing keys)
    {
        (this.store, this.keys) = (store, keys);
        store.Committed += () => Interlocked.Exchange(ref changed, NewSignal()).TrySetResult();
    }

    /// <summary>The number of the last change.</summary>
    public long Position =>
        store.Read(db => db.QuerySingle<long>("SELECT COALESCE(MAX(position), 0) FROM status_change"));

    /// <summary>Writes frames until the follower hangs up. See <see cref="StatusFeed"/> for the frames.</summary>
    public async Task Serve(long after, Stream follower, CancellationToken stop)
    {
        var introduced = 0;
        // A follower that is ahead of us has followed somebody else: the first heartbeat shows it where we end.
        after = Math.Min(after, Position);
        while (!stop.IsCancellationRequested)
        {
            var next = Volatile.Read(ref changed).Task;       // Before reading, so that no commit falls between.
            var changes = store.Read(db => Changes(db, after));
            // Read after the changes, so that none is told of a generation that was not introduced.
            foreach (var generation in store.Read(db => Generations(db, introduced)))
            {
                await follower.WriteAsync(StatusFeed.Frame(generation), stop);
                introduced = generation.Generation;
            }
            foreach (var change in changes)
                await follower.WriteAsync(StatusFeed.Frame(change), stop);
            if (changes.Count > 0)
                after = changes[^1].Position;
            if (changes.Count == Batch)
                continue;
            await follower.WriteAsync(StatusFeed.Heartbeat(after), stop);
            await follower.FlushAsync(stop);
            await Task.WhenAny(next, Task.Delay(HeartbeatEvery, stop));
        }
    }

    private List<StatusChange> Changes(DbConnection db, long after) =>
        [.. db.Query<(long Position, long Generation, long Counter, long Reason, long At, string? Serial)>(
            keys.HandedOver == 0 ? Plain : Named, new { after, Batch, last = keys.HandedOver })
            .Select(row => new StatusChange(
                row.Position,
                (int)row.Generation,
                row.Counter,
                row.Reason == 0 ? null : (RevocationReason)row.Reason,
                DateTimeOffset.FromUnixTimeMilliseconds(row.At))
            {
                Serial = row.Serial is null ? default : SerialNumber.Parse(row.Serial).Bytes,
            })];

    private List<FeedGeneration> Generations(DbConnection db, int after) =>
        [.. db.Query<(long Generation, byte[] Certificate)>(
            "SELECT generation, certificate FROM generation "
            + "WHERE generation > @after AND certificate IS NOT NULL ORDER BY generation", new { after })
            .Select(row => new FeedGeneration((int)row.Generation, row.Certificate, keys.SerialKey))];

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
