using Jpki.Cps;
using Jpki.Forms;
using Jpki.Hsm;
using Jpki.Ledger;

namespace Jpki.Authority;

/// <summary>
/// Hands every run of CRLs to the Repository, all at once, and keeps trying until it has taken them. 公開 (CPS 2-1-9)
/// </summary>
public sealed class Publisher : IDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim oneLook = new(1);
    private readonly SemaphoreSlim oneAtATime = new(1);
    private readonly AuthorityRoom room;
    private readonly Store store;
    private readonly RepositoryDoor repository;
    private readonly TimeProvider clock;
    private string? trouble;

    /// <param name="room">The Authority.</param>
    /// <param name="repository">Shows the Repository's door the Authority's certificate.</param>
    /// <param name="clock">The prefecture's time.</param>
    public Publisher(AuthorityRoom room, HttpClient repository, TimeProvider clock) =>
        (this.room, store, this.repository, this.clock) = (room, room.Store, new(repository), clock);

    /// <summary>What went wrong with the last attempt; null when the Repository has everything that is due.</summary>
    public string? Trouble => trouble ?? room.Operations.Crls.Trouble;

    /// <summary>
    /// Issues what is due and publishes what waits for it; then sleeps until the next is due.
    /// </summary>
    public async Task Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await DoWhatIsDue(stop);
            // A revocation on the inner network may run into trouble while this sleeps.
            var troubled = room.Operations.Crls.Troubled;
            var isWell = Trouble is null;
            var wait = isWell ? Earlier(room.Crls.DueAt, room.Operations.Crls.DueAt) - clock.GetUtcNow() : RetryAfter;
            if (wait > TimeSpan.Zero)
                await Task.WhenAny(Task.Delay(wait, isWell ? clock : TimeProvider.System, stop), troubled);
        }
    }

    /// <summary>Issues CRLs and ARL now, whatever the schedule says, and publishes them. (CPS 4-4-9)</summary>
    public async Task<Outcome<CrlRun>> IssueNow(Approved<PublishOrder> approved, CancellationToken stop)
    {
        var run = await room.Crls.Issue(approved);
        await room.Operations.Crls.IssueWhatIsDue();
        await Publish(stop);
        return run;
    }

    /// <summary>
    /// Changes the governor's key, and publishes the new certificates with lists of their own: then it is used.
    /// (CPS 4-13)
    /// </summary>
    public async Task<Outcome<RolloverAnswer>> Renew(Approved<RolloverOrder> approved)
    {
        var renewed = await room.Rollover.Renew(approved);
        if (renewed.IsRefused(out var refusal, out var made))
            return refusal;
        await room.Crls.Issue($"key change to generation {made.Generation}", approved.Officers);
        // Who asked may not wait so long; the work goes on.
        await Publish(CancellationToken.None);
        return made with { UsedFrom = store.Read(db => RolloverBooks.UsedFrom(db, made.Generation)) };
    }

    /// <summary>Stops issuing, revokes everything under a key, and publishes it. (CPS 4-14-2)</summary>
    public async Task<Outcome<CompromiseReport>> Declare(Approved<CompromiseOrder> approved)
    {
        if ((await room.Compromises.Declare(approved)).IsRefused(out var refusal, out var declared))
            return refusal;
        await DoWhatIsDue(CancellationToken.None);
        return room.Compromises.Report(declared.Generation)!;
    }

    /// <summary>
    /// Does what the schedule has made due, once. Trouble with the Repository or the key is kept, not thrown: what was
    /// published before stays valid for 72 hours, and the key may be activated until then.
    /// </summary>
    public async Task DoWhatIsDue(CancellationToken stop)
    {
        var isIssued = await TryIssueWhatIsDue(stop);
        // Under a key of its own: it does not wait for the governor's.
        await room.Operations.Crls.IssueWhatIsDue();
        if (isIssued)
            await Publish(stop);
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private async Task<bool> TryIssueWhatIsDue(CancellationToken stop)
    {
        try
        {
            await IssueWhatIsDue(stop);
            return true;
        }
        catch (HsmException e)
        {
            await Fail($"the CRLs that are due cannot be signed: {e.Message}");
            return false;
        }
    }

    /// <summary>Whoever comes second finds nothing due any more.</summary>
    private async Task IssueWhatIsDue(CancellationToken stop)
    {
        await oneLook.WaitAsync(stop);
        try
        {
            if (await room.Compromises.IssueLists(room.Crls)
                || (room.Crls.DueAt > clock.GetUtcNow() && !room.Crls.LacksGeneration))
            {
                return;
            }
            await DoubleIssues.End(room);
            await room.Crls.Issue("scheduled", "Authority");
        }
        finally
        {
            oneLook.Release();
        }
    }

    /// <summary>Into the log once, however often it is tried. (CPS 4-11-1)</summary>
    private async Task Fail(string why)
    {
        if (trouble == why)
            return;
        await room.Record(new("CRLs and ARL not issued", clock.GetUtcNow(), why, "Authority"));
        trouble = why;
    }

    public void Dispose()
    {
        oneLook.Dispose();
        oneAtATime.Dispose();
    }

    private async Task Publish(CancellationToken stop)
    {
        await oneAtATime.WaitAsync(stop);
        try
        {
            if (room.Crls.LastRun is not { PublishedAt: null } run)
                return;
            trouble = await Publish(run.Number, stop);
            await store.Write(tx =>
            {
                if (trouble is null)
                    Published(tx, run.Number);
                tx.Record(new(
                    "CRLs and ARL published", clock.GetUtcNow(), trouble ?? "ok", "Authority", $"number {run.Number}"));
            });
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    private void Published(StoreTransaction tx, long run)
    {
        CrlBooks.MarkPublished(tx, run, clock.GetUtcNow());
        foreach (var generation in RolloverBooks.UsePublished(tx, run, clock.GetUtcNow()))
        {
            tx.Record(new(
                "key taken into use", clock.GetUtcNow(), "ok", "Authority", Rollover.LabelOf((int)generation)));
            room.Keys.Use((int)generation);
        }
        room.Compromises.Published(tx);
    }

    /// <summary>Certificates and pairs are few; of the lists no more than one is in memory at a time.</summary>
    private Task<string?> Publish(long run, CancellationToken stop)
    {
        var certificates = store.Read(db => RolloverBooks.OwnCertificates(db).ToList());
        var pairs = room.Cross.Pairs();
        var few = certificates.Concat(pairs).ToLookup(der => Publication.DigestOf(der));
        var others = room.Keys.Generations.Where(g => !g.CanSign).Select(g => g.Number);
        var lists = store.Read(db => CrlBooks.Names(db, run).Concat(CrlBooks.LastOf(db, others, clock.GetUtcNow()))
            .ToLookup(l => l.Sha256));
        Publication publication = new()
        {
            Certificates = [.. certificates.Select(der => Publication.DigestOf(der))],
            Crls = [.. lists.Select(l => l.Key)],
            CrossCertificatePairs = [.. pairs.Select(der => Publication.DigestOf(der))],
        };
        return repository.Publish(
            publication,
            digest => few[digest].FirstOrDefault() ?? store.Read(db => CrlBooks.Octets(db, lists[digest].First())),
            stop);
    }
}
