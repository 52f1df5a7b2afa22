using Jpki.Cps;
using Jpki.Cps.Lint;
using Jpki.Hsm;
using Jpki.Ledger;
using Jpki.X509;

namespace Jpki.Authority;

/// <summary>
/// Issues the operations CA's CRL: with the governor's lists, at the latest after 24 hours, valid for 72, and at once
/// when a certificate of the inner network is revoked. 関連証明書の失効記録 (CPS 4-4-9, 5-2-2③)
/// </summary>
public sealed class OperationsCrls : IDisposable
{
    private readonly SemaphoreSlim oneAtATime = new(1);
    private readonly Store store;
    private readonly OperationsIssuer issuer;
    private readonly IssuingKey key;
    private readonly TimeProvider clock;
    private TaskCompletionSource troubled = NewSignal();

    internal OperationsCrls(Store store, OperationsIssuer issuer, IssuingKey key, TimeProvider clock) =>
        (this.store, this.issuer, this.key, this.clock) = (store, issuer, key, clock);

    /// <summary>The newest list; null before the first.</summary>
    public Crl? Newest => store.Read(OperationsBooks.LastList) is { } last ? Crl.Read(last.Der) : null;

    /// <summary>Why a list that is due could not be signed; null when none is.</summary>
    public string? Trouble { get; private set; }

    /// <summary>When the next is due if nothing is revoked before.</summary>
    internal DateTimeOffset DueAt => store.Read(OperationsBooks.LastList) is { } last
        ? last.ThisUpdateAt + Periods.CrlInterval
        : DateTimeOffset.MinValue;

    /// <summary>Ends when there is new trouble.</summary>
    internal Task Troubled => Volatile.Read(ref troubled).Task;

    /// <summary>
    /// Makes the list that the books make due; a crash after a revocation leaves it due. Nobody sees a list before it
    /// is recorded, so no number is given twice. A key that cannot sign is kept as trouble, not thrown.
    /// </summary>
    internal async Task IssueWhatIsDue()
    {
        await oneAtATime.WaitAsync();
        try
        {
            if (WhyNow() is { } why)
                await Issue(why);
            Trouble = null;
        }
        catch (HsmException e)
        {
            await Fail($"the operations CA's CRL cannot be signed: {e.Message}");
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    public void Dispose() => oneAtATime.Dispose();

    private string? WhyNow() => store.Read(db => OperationsBooks.LastList(db) switch
    {
        null => "first",
        { } last when last.Revoked < OperationsBooks.RevokedCount(db) => "revocation",
        { } last when clock.GetUtcNow() >= last.ThisUpdateAt + Periods.CrlInterval => "scheduled",
        { } last when CrlBooks.LastRun(db)?.ThisUpdate > last.ThisUpdate => "with the governor's lists",
        _ => null,
    });

    private async Task Issue(string why)
    {
        var (last, revoked) = store.Read(db => (OperationsBooks.LastList(db), OperationsBooks.RevokedRows(db)));
        var at = JapanTime.WholeSecond(clock.GetUtcNow());
        var number = (last?.Number ?? 0) + 1;
        // RFC 5280 3.3: an entry stays until it was on a CRL issued after the certificate's own end.
        var since = last?.ThisUpdate ?? at.ToUnixTimeSeconds();
        List<RevokedEntry> entries = [.. revoked.Where(r => r.NotAfter >= since).Select(r => r.ToEntry())];
        if (LintGate.Crl(CrlContents.Operations(issuer, number, at), CrlKind.Operations, entries, key.Sign)
            .IsRefused(out var refusal, out var list))
        {
            throw new InvalidOperationException($"the operations CA's CRL: {refusal.Reason}");
        }
        await store.Write(tx =>
        {
            OperationsBooks.Add(tx, new()
            {
                Number = number,
                ThisUpdate = at.ToUnixTimeSeconds(),
                NextUpdate = (at + Periods.CrlValidity).ToUnixTimeSeconds(),
                Why = why,
                Revoked = revoked.Count,
                Der = list.Der.ToArray(),
            });
            tx.Record(new(
                "operations CRL issued", clock.GetUtcNow(), "ok", "Authority",
                $"number {number}, {entries.Count} entries, {why}"));
        });
    }

    /// <summary>Into the log once, however often it is tried. (CPS 4-11-1)</summary>
    private async Task Fail(string trouble)
    {
        if (Trouble == trouble)
            return;
        await store.Write(tx =>
            tx.Record(new("operations CRL not issued", clock.GetUtcNow(), trouble, "Authority")));
        Trouble = trouble;
        Interlocked.Exchange(ref troubled, NewSignal()).TrySetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
