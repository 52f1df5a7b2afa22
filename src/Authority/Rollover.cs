using Jpki.Cps;
using Jpki.Forms;
using Jpki.Hsm;
using Jpki.Ledger;
using Jpki.X509;

namespace Jpki.Authority;

/// <summary>
/// Makes the next generation of the governor's key: self-signed certificate, both link certificates, all in the books
/// at one stroke. It signs for residents once all of it is published. 鍵の更新 (CPS 4-13)
/// </summary>
public sealed class Rollover : IDisposable
{
    private readonly SemaphoreSlim oneAtATime = new(1);
    private readonly Store store;
    private readonly KeyRing keys;
    private readonly AuthorityOptions options;

    internal Rollover(Store store, KeyRing keys, AuthorityOptions options) =>
        (this.store, this.keys, this.options) = (store, keys, options);

    /// <summary>
    /// Where quorum keeps the key, a ceremony must have made it before; elsewhere it is made here. After a compromise
    /// the same act re-establishes the authority: then no link leads to the compromised key. (CPS 4-13, 4-14-2)
    /// </summary>
    /// <exception cref="HsmException">A key cannot be made or cannot sign now.</exception>
    public async Task<Outcome<RolloverAnswer>> Renew(Approved<RolloverOrder> approved)
    {
        await oneAtATime.WaitAsync();
        try
        {
            if (Objection(approved.Order, out var algorithm) is { } no)
                return await Refuse(approved, no);
            return KeyOf(approved.Order.Generation, algorithm!).IsRefused(out var noKey, out var key)
                ? await Refuse(approved, noKey)
                : await Renew(approved, key, algorithm!.Signature);
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    public void Dispose() => oneAtATime.Dispose();

    internal static string LabelOf(int generation) => $"governor-{generation}";

    /// <summary>Closes what a crash left half done, before other intents are looked at.</summary>
    internal Task CloseUnborn() => store.Write(tx =>
    {
        foreach (var generation in RolloverBooks.CloseUnborn(tx, Now))
            tx.Record(new("abandoned key change closed", Now, "ok", "Authority", LabelOf((int)generation)));
    });

    private DateTimeOffset Now => options.Clock.GetUtcNow();

    private Refusal? Objection(RolloverOrder order, out KeyAlgorithm? algorithm)
    {
        algorithm = order.Algorithm is { } name ? KeyAlgorithm.Find(name) : options.Governor;
        var next = keys.Generations[^1].Number + 1;
        return order.Generation != next
            ? new("4-13", $"the next generation is {next}, not {order.Generation}") { Field = "generation" }
            : algorithm is null
                ? new("6-1-1-2", $"there is no algorithm {order.Algorithm}") { Field = "algorithm" }
                : null;
    }

    /// <summary>The key that a ceremony made, or a start that died; else a new one, where that may be.</summary>
    private Outcome<SigningKey> KeyOf(int generation, KeyAlgorithm algorithm)
    {
        var label = LabelOf(generation);
        var found = options.Hsm.Find(label);
        if (found is null && options.Hsm.ObjectionTo(label) is { } no)
            return no;
        var key = found ?? options.Hsm.Generate(label, algorithm.Key);
        if (keys.Generations.Any(g => g.PublicKey.Equals(key.PublicKey)))
            return new Refusal("4-13", $"{label} is the key of an earlier generation");
        return options.Policy.ObjectionTo(algorithm.Signature, key.PublicKey) is { } weak ? weak : key;
    }

    private async Task<Outcome<RolloverAnswer>> Renew(
        Approved<RolloverOrder> approved, SigningKey key, SignatureAlgorithm algorithm)
    {
        options.Hsm.Reach();
        NewGeneration made = new(options, keys, key, algorithm, approved.Order.Generation, JapanTime.WholeSecond(Now));
        await store.Write(made.Intend);
        made.Sign();
        return await store.Write(tx =>
        {
            // Only now: who is not told how it ended may send the same papers again.
            if (ApprovalBooks.Spend(tx, approved, Now) is { } used)
            {
                RolloverBooks.CloseUnborn(tx, Now);
                tx.Record(new("key change refused", Now, used.Clause.ToString(), approved.Officers));
                return (Outcome<RolloverAnswer>)used;
            }
            made.Complete(tx, Now);
            tx.Record(new("key changed", Now, "ok", approved.Officers, $"{key.Label}, {options.Hsm.Description}"));
            keys.Add(made.Number, key, made.Issuer);
            return made.Answer;
        });
    }

    private async Task<Refusal> Refuse(Approved<RolloverOrder> approved, Refusal refusal)
    {
        await store.Write(tx => tx.Record(
            new("key change refused", Now, refusal.Clause.ToString(), approved.Officers, refusal.Reason)));
        return refusal;
    }
}
