using System.Security.Cryptography;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Ledger;

namespace Jpki.Authority;

/// <summary>
/// What is done when a key of the governor's may be in other hands. Declaring it is one commit, which stops issuing and
/// revokes everything under the key; what follows are steps that go on where they stopped, also after a crash.
/// 危殆化への対処 (CPS 4-14-2, 4-4-1-3)
/// </summary>
public sealed class Compromises
{
    internal const string Stopped = "issuing stopped, everything revoked";
    internal const string Noticed = "notices prepared";
    internal const string Counted = "certificates counted";
    internal const string Listed = "CRLs and ARL issued";
    internal const string Shelved = "CRLs and ARL published";

    private readonly Store store;
    private readonly KeyRing keys;
    private readonly AuthorityOptions options;

    internal Compromises(Store store, KeyRing keys, AuthorityOptions options) =>
        (this.store, this.keys, this.options) = (store, keys, options);

    /// <summary>For the site, in Japanese and English; empty when all keys are well. (CPS 4-4-1-3)</summary>
    public IReadOnlyList<string> Notices =>
        [.. store.Read(CompromiseBooks.All)
            .Where(c => keys.Find((int)c.Generation) is not null)
            .Select(c => CompromiseNotices.Public(keys.Find((int)c.Generation)!, c))];

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<CompromiseReport> All =>
        [.. store.Read(CompromiseBooks.All).Select(c => Report((int)c.Generation)!)];

    /// <summary>Null when that key is well.</summary>
    public CompromiseReport? Report(int generation)
    {
        if (store.Read(CompromiseBooks.All).FirstOrDefault(c => c.Generation == generation) is not { } row)
            return null;
        var steps = store.Read(db => CompromiseBooks.Steps(db, generation));
        var key = keys.Find(generation);
        return new()
        {
            Generation = generation,
            DeclaredAt = row.At,
            Officers = row.Officers,
            Why = row.Why,
            Steps = [.. steps],
            PublicNotice = key is null ? "" : CompromiseNotices.Public(key, row),
            BridgeNotice = key is null ? "" : CompromiseNotices.Bridge(key, row, options.Names),
            IsPublished = steps.Any(s => s.Step == Shelved),
        };
    }

    /// <summary>
    /// Stops issuing and revokes all that the key signed, and whatever vouches for it, in one commit: OCSP knows within
    /// milliseconds. Declared twice, it is declared once.
    /// </summary>
    public async Task<Outcome<CompromiseReport>> Declare(Approved<CompromiseOrder> approved)
    {
        var refusal = await store.Write(tx => Declare(tx, approved));
        return refusal is not null ? refusal : Report(approved.Order.Generation)!;
    }

    /// <summary>At the start: what was declared before.</summary>
    internal void Remember()
    {
        foreach (var row in store.Read(CompromiseBooks.All))
            keys.Compromise((int)row.Generation, row.At);
        if (All.All(c => c.IsPublished))
            keys.Resume();
    }

    /// <summary>
    /// Counts what was revoked and issues every list, for each compromise that lacks them; false when none does.
    /// </summary>
    internal async Task<bool> IssueLists(CrlOffice crls)
    {
        foreach (var generation in await store.Write(tx => CompromiseBooks.Lacking(tx, Counted)))
            await Count(generation);
        var waiting = await store.Write(tx => CompromiseBooks.Lacking(tx, Listed));
        foreach (var generation in waiting)
        {
            var why = $"compromise of generation {generation}";
            // A crash may have fallen between the run and its being noted here.
            var run = await store.Write(tx => CompromiseBooks.RunSince(tx, generation, why))
                ?? (await crls.Issue(why, "Authority")).Number;
            await store.Write(tx => CompromiseBooks.Done(tx, generation, Listed, Now, $"number {run}"));
        }
        return waiting.Count > 0;
    }

    /// <summary>A run was taken by the Repository: every compromise that was on it is public.</summary>
    internal void Published(StoreTransaction tx)
    {
        var listed = CompromiseBooks.Lacking(tx, Shelved).Except(CompromiseBooks.Lacking(tx, Listed)).ToList();
        foreach (var generation in listed)
            CompromiseBooks.Done(tx, generation, Shelved, Now, "the Repository has them");
        if (listed.Count > 0 && CompromiseBooks.Lacking(tx, Shelved).Count == 0)
            keys.Resume();
    }

    private DateTimeOffset Now => options.Clock.GetUtcNow();

    private Refusal? Declare(StoreTransaction tx, Approved<CompromiseOrder> approved)
    {
        var (order, at) = (approved.Order, JapanTime.WholeSecond(Now));
        if (CompromiseBooks.Knows(tx, order.Generation))
            return null;
        var generation = keys.Find(order.Generation);
        var objection = generation is null
            ? new Refusal("4-14-2", $"there is no key of generation {order.Generation}") { Field = "generation" }
            : ApprovalBooks.Spend(tx, approved, Now);
        if (objection is not null)
        {
            tx.Record(new("compromise refused", Now, objection.Clause.ToString(), approved.Officers));
            return objection;
        }
        CompromiseRow row = new(order.Generation, at.ToUnixTimeSeconds(), approved.Officers, order.Why);
        CompromiseBooks.Add(tx, row);
        Books.RevokeAll(tx, order.Generation, RevocationReason.CaCompromise, at);
        var links = RevokeLinks(tx, generation!, at);
        CompromiseBooks.Done(tx, row.Generation, Stopped, Now, $"declared by {row.Officers}, {links} links to the key");
        CompromiseBooks.Done(tx, row.Generation, Noticed, Now, "for the site and for the bridge CA");
        keys.Compromise(order.Generation, at);
        return null;
    }

    /// <summary>
    /// What another key of ours says of this one: whoever trusts that key would trust what a thief signs with this.
    /// </summary>
    private int RevokeLinks(StoreTransaction tx, Generation generation, DateTimeOffset at)
    {
        var digest = SHA256.HashData(generation.PublicKey.Der.Span);
        var links = CompromiseBooks.VouchingFor(tx, digest, generation.Number);
        foreach (var link in links)
        {
            Books.Revoke(tx, link.Key, RevocationReason.CaCompromise, at);
            tx.Record(new(
                "certificate revoked", Now, RevocationReason.CaCompromise.ToStandardName(), "Authority",
                keys.SerialOf(link.Key).ToString()));
        }
        return links.Count;
    }

    private async Task Count(long generation)
    {
        var row = store.Read(CompromiseBooks.All).First(c => c.Generation == generation);
        var counts = store.Read(db => CompromiseBooks.Revoked(db, row));
        await store.Write(tx =>
        {
            CompromiseBooks.Count(tx, counts);
            CompromiseBooks.Done(
                tx, generation, Counted, Now,
                string.Join(", ", counts.Select(c => $"{c.Count} {(CertificateKind)c.Kind}")));
        });
    }
}
