using Jpki.Cps;
using Jpki.Cps.Lint;
using Jpki.Forms;
using Jpki.Ledger;
using Jpki.X509;

namespace Jpki.Authority;

/// <summary>A CRL or the ARL as it goes to the Repository.</summary>
internal sealed record IssuedCrl(int Generation, string Scope, Name DistributionPoint, Crl Crl);

/// <summary>
/// Issues the municipalities' CRLs and the ARL, every one of them in one run under one number: every 24 hours, valid
/// for 72, and at once on demand. 失効記録の発行 (CPS 4-4-9)
/// </summary>
public sealed class CrlOffice : IDisposable
{
    /// <summary>The scope of the ARL, beside the municipalities' five digits.</summary>
    internal const string AuthorityScope = "authority";

    /// <summary>The scope of the CRL for end entities of no municipality: the validation server.</summary>
    internal const string PrefectureScope = "prefecture";

    private readonly SemaphoreSlim oneRun = new(1);
    private readonly Store store;
    private readonly KeyRing keys;
    private readonly IReadOnlyList<Municipality> partitions;
    private readonly PrefectureNames names;
    private readonly TimeProvider clock;

    internal CrlOffice(Store store, KeyRing keys, AuthorityOptions options)
    {
        (this.store, this.keys) = (store, keys);
        (names, partitions, clock) = (options.Names, options.Partitions, options.Clock);
    }

    /// <summary>The last run; null before the first.</summary>
    public CrlRun? LastRun => store.Read(CrlBooks.LastRun);

    /// <summary>When the next scheduled run is due. (CPS 4-4-9)</summary>
    public DateTimeOffset DueAt =>
        LastRun is { } last ? last.ThisUpdateAt + Periods.CrlInterval : DateTimeOffset.MinValue;

    /// <summary>Issues every CRL and the ARL now, and records the run as not yet published.</summary>
    public async Task<CrlRun> Issue(string why, string source) => (await Issue(why, source, _ => null)).Value!;

    /// <summary>The same because two senior operators want it. (CPS 4-4-9, 5-2-1-1(6))</summary>
    public Task<Outcome<CrlRun>> Issue(Approved<PublishOrder> approved) => Issue(
        approved.Order.Why, approved.Officers, tx => ApprovalBooks.Spend(tx, approved, clock.GetUtcNow()));

    public void Dispose() => oneRun.Dispose();

    private async Task<Outcome<CrlRun>> Issue(string why, string source, Func<StoreTransaction, Refusal?> first)
    {
        await oneRun.WaitAsync();
        try
        {
            return await IssueAlone(why, source, first);
        }
        finally
        {
            oneRun.Release();
        }
    }

    private async Task<Outcome<CrlRun>> IssueAlone(string why, string source, Func<StoreTransaction, Refusal?> first)
    {
        var last = LastRun;
        var number = (last?.Number ?? 0) + 1;
        var at = JapanTime.WholeSecond(clock.GetUtcNow());
        // RFC 5280 3.3: an entry stays until it was on a CRL issued after the certificate's own end.
        var since = last?.ThisUpdateAt ?? at;
        CrlRun run = new(number, at.ToUnixTimeSeconds(), (at + Periods.CrlValidity).ToUnixTimeSeconds(), why, null);
        IReadOnlyList<IssuedCrl> crls = [.. keys.Generations.SelectMany(g => Sign(g, number, at, since))];

        return await store.Write(tx =>
        {
            if (first(tx) is { } objection)
            {
                tx.Record(new("CRLs and ARL refused", clock.GetUtcNow(), objection.Clause.ToString(), source));
                return (Outcome<CrlRun>)objection;
            }
            CrlBooks.Add(tx, run, crls);
            tx.Record(new(
                "CRLs and ARL issued", clock.GetUtcNow(), "ok", source, $"number {number}, {crls.Count} lists, {why}"));
            return run;
        });
    }

    private IEnumerable<IssuedCrl> Sign(Generation generation, long number, DateTimeOffset at, DateTimeOffset since)
    {
        var revoked = store.Read(db => CrlBooks.Revoked(db, generation.Number, since, keys));
        foreach (var municipality in partitions)
            yield return Sign(CrlKind.Crl, municipality.Code5, names.DistributionPointOf(municipality));
        if (store.Read(db => CrlBooks.HasOtherEndEntities(db, generation.Number)))
            yield return Sign(CrlKind.Crl, PrefectureScope, names.PrefecturePoint);
        yield return Sign(CrlKind.Arl, AuthorityScope, names.Authority);

        // Nothing revoked may be missing from every list.
        if (revoked.Count > 0)
        {
            throw new InvalidOperationException(
                $"revoked certificates in no CRL partition: {string.Join(", ", revoked.Keys)}");
        }

        IssuedCrl Sign(CrlKind kind, string scope, Name point)
        {
            revoked.Remove(scope, out var entries);
            var content = CrlContents.Of(generation.Issuer, kind, number, at, point);
            var signed = LintGate.Crl(content, kind, entries ?? [], generation.Key.Sign);
            return signed.IsRefused(out var refusal, out var crl)
                ? throw new InvalidOperationException($"the list for {scope}: {refusal.Reason}")
                : new(generation.Number, scope, point, crl);
        }
    }
}
