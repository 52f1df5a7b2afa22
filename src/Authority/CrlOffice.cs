using Jpki.Cps;
using Jpki.Cps.Lint;
using Jpki.Forms;
using Jpki.Ledger;
using Jpki.X509;

namespace Jpki.Authority;

/// <summary>A CRL or the ARL, signed, in a file until the books have it.</summary>
internal sealed record IssuedCrl(int Generation, string Scope, long Entries, string File);

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
    private readonly string folder;

    internal CrlOffice(Store store, KeyRing keys, AuthorityOptions options)
    {
        (this.store, this.keys) = (store, keys);
        (names, partitions, clock) = (options.Names, options.Partitions, options.Clock);
        folder = Path.Combine(options.Folder, "crls");
    }

    /// <summary>The last run; null before the first.</summary>
    public CrlRun? LastRun => store.Read(CrlBooks.LastRun);

    /// <summary>When the next scheduled run is due. (CPS 4-4-9)</summary>
    public DateTimeOffset DueAt =>
        LastRun is { } last ? last.ThisUpdateAt + Periods.CrlInterval : DateTimeOffset.MinValue;

    /// <summary>A generation without lists of its own, which nobody could rely on.</summary>
    internal bool LacksGeneration => keys.Generations.Any(g =>
        (!g.IsUsed || g.Number == keys.Generations[^1].Number) && g.CanSign
        && store.Read(db => CrlBooks.Lacks(db, g.Number)));

    /// <summary>Issues every CRL and the ARL now, and records the run as one to be published.</summary>
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
            // What a run that died left behind was never recorded.
            Directory.CreateDirectory(folder);
            return await IssueAlone(why, source, first);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
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
        // A generation's lists end with its self-signed certificate: nothing under it has outlived that.
        IReadOnlyList<IssuedCrl> crls = [.. keys.Generations
            .Where(g => g.CanSign && g.Certificate.NotAfter >= since).SelectMany(g => Sign(g, number, at, since))];

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
        RequirePartitions(generation.Number);
        foreach (var municipality in partitions)
        {
            yield return Sign(CrlKind.Crl, municipality.Code5, names.DistributionPointOf(municipality), store.Read(
                db => ListLines.OfResidents(db, keys, generation, municipality.Code5, since)));
        }
        if (store.Read(db => CrlBooks.HasOtherEndEntities(db, generation.Number)))
            yield return Sign(CrlKind.Crl, PrefectureScope, names.PrefecturePoint, Others(isAuthority: false));
        yield return Sign(CrlKind.Arl, AuthorityScope, names.Authority, Others(isAuthority: true));

        ListLines Others(bool isAuthority) => store.Read(db => ListLines.OfOthers(
            db, keys, generation,
            Profiles.All.Where(p => p.IsAuthority == isAuthority && p.Kind != CertificateKind.OcspResponder)
                .Select(p => p.Kind), since));

        IssuedCrl Sign(CrlKind kind, string scope, Name point, ListLines lines)
        {
            var file = Path.Combine(folder, $"{generation.Number}-{scope}.crl");
            using FileStream output = new(file, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1);
            return LintGate.Write(
                CrlContents.Of(generation.Issuer, kind, number, at, point), kind, lines.Entries(), output,
                generation.Key.SignatureLength, generation.Key.Sign) is { } refusal
                ? throw new InvalidOperationException($"the list for {scope}: {refusal.Reason}")
                : new(generation.Number, scope, lines.Count, file);
        }
    }

    /// <summary>Nothing revoked may be missing from every list.</summary>
    private void RequirePartitions(int generation)
    {
        var lost = store.Read(db => ListLines.Partitions(db, generation).ToList())
            .Where(code => partitions.All(m => m.Code5 != code)).ToList();
        if (lost.Count > 0)
            throw new InvalidOperationException($"revoked certificates in no CRL partition: {string.Join(", ", lost)}");
    }
}
