using Jpki.Cps;
using Jpki.Forms;
using Jpki.Ledger;
using Jpki.X509;

namespace Jpki.Repository;

/// <summary>What a publication came to.</summary>
/// <param name="Version">The number of the shelves' state.</param>
/// <param name="Changed">How many objects are new; 0 when all of it was there already.</param>
public sealed record PublicationReceipt(long Version, int Changed);

/// <summary>
/// The open shelf and the restricted shelf: what is published, on disk and as the tree that LDAP answers from. Both
/// change at one stroke. It starts from its own files, without the Authority. リポジトリ (CPS 2-6, 2-6-4)
/// </summary>
public sealed class Shelves : IDisposable
{
    private readonly PrefectureNames names;
    private readonly TimeProvider clock;
    private readonly ShelfFiles files;
    private readonly SemaphoreSlim oneAtATime = new(1);
    private Shelf shelf;
    private volatile Tree tree;

    /// <param name="folder">Where the objects and their manifest are kept; made when missing.</param>
    /// <param name="names">Whose shelves these are.</param>
    /// <param name="log">Appends to the log and completes once the entry is durable.</param>
    /// <param name="clock">The prefecture's time.</param>
    public Shelves(string folder, PrefectureNames names, Func<LedgerEvent, Task> log, TimeProvider clock)
    {
        (this.names, this.clock) = (names, clock);
        Log = new(log, clock);
        files = new(folder);
        shelf = files.Load();
        tree = TreeOf(shelf);
    }

    /// <summary>What keeps the room from doing its whole duty; null when all is well. For /healthz.</summary>
    public string? Trouble =>
        Log.Failure is { } failure ? $"the log cannot be written, so nothing is published: {failure}"
        : shelf.Leaves.FirstOrDefault(HasExpired) is { } old ? $"the list for {old.Entry} has expired (CPS 4-4-10)"
        : null;

    /// <summary>The number of the last publication; 0 before the first.</summary>
    public long Version => shelf.Version;

    internal Tree Tree => tree;

    internal ActLog Log { get; }

    /// <summary>Takes all of it or nothing. What is there already is taken again without a word. (CPS 2-1-9)</summary>
    /// <exception cref="System.Formats.Asn1.AsnContentException">
    /// Something in it is not the DER it should be.
    /// </exception>
    public async Task<Outcome<PublicationReceipt>> Publish(Publication publication, string source)
    {
        await oneAtATime.WaitAsync();
        try
        {
            var outcome = new PublicationPolicy(names, shelf, clock.GetUtcNow()).Take(publication);
            if (outcome.IsRefused(out var refusal, out var next))
            {
                await Log.Record("publication", $"refused: {refusal.Clause}: {refusal.Reason}", source);
                return refusal;
            }
            var added = next.Leaves.Except(shelf.Leaves).ToList();
            if (added.Count == 0 && next.Leaves.Count == shelf.Leaves.Count)
                return new PublicationReceipt(shelf.Version, 0);
            // The log comes first: a publication nobody can account for must not be seen. (CPS 4-11-2)
            if (!await Log.Record("publication", "ok", source, $"version {next.Version}: {Summary(added)}"))
                return new Refusal("4-11-2", $"the publication cannot be logged: {Log.Failure}");
            files.Save(next);
            (shelf, tree) = (next, TreeOf(next));
            return new PublicationReceipt(next.Version, added.Count);
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    public void Dispose() => oneAtATime.Dispose();

    private Tree TreeOf(Shelf state) => Tree.Of(names.Authority, state.Leaves, state.PublishedAt);

    private bool HasExpired(Leaf leaf) => leaf.IsList && Crl.Read(leaf.Der).NextUpdate < clock.GetUtcNow();

    private static string Summary(IEnumerable<Leaf> added) =>
        string.Join(", ", added.GroupBy(l => l.Type.Name).Select(g => $"{g.Count()} {g.Key}"));
}
