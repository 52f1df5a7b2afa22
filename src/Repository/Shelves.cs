using Jpki.Cps;
using Jpki.Forms;
using Jpki.Ledger;

namespace Jpki.Repository;

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
    /// <param name="limits">How much may be handed over, and how much is held in memory.</param>
    public Shelves(
        string folder, PrefectureNames names, Func<LedgerEvent, Task> log, TimeProvider clock,
        DirectoryLimits? limits = null)
    {
        (this.names, this.clock, Limits) = (names, clock, limits ?? new());
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

    internal DirectoryLimits Limits { get; }

    internal Tree Tree => tree;

    internal ActLog Log { get; }

    /// <summary>
    /// Takes in an object that a publication is to name: until one does, nobody sees it. What is there already is taken
    /// again without a word. (CPS 2-1-9)
    /// </summary>
    /// <exception cref="FormatException">It has another digest, or too many octets.</exception>
    public async Task Keep(string digest, Stream octets, CancellationToken stop)
    {
        RequireDigest(digest);
        await oneAtATime.WaitAsync(stop);
        try
        {
            if (files.Has(digest))
                return;
            var waiting = files.LengthOfAllBut([.. shelf.Leaves.Select(l => l.Digest)]);
            await files.Keep(digest, octets, Math.Min(Limits.MaxObject, Limits.MaxWaiting - waiting), stop);
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    /// <summary>Takes all of it or nothing. What is there already is taken again without a word. (CPS 2-1-9)</summary>
    /// <exception cref="FormatException">It names something that is no digest.</exception>
    /// <exception cref="System.Formats.Asn1.AsnContentException">
    /// Something in it is not the DER it should be.
    /// </exception>
    public async Task<Outcome<PublicationReceipt>> Publish(Publication publication, string source)
    {
        foreach (var digest in publication.Named())
            RequireDigest(digest);
        await oneAtATime.WaitAsync();
        try
        {
            IReadOnlyList<string> missing = [.. publication.Named().Distinct().Where(d => !files.Has(d))];
            return missing is [] ? await Take(publication, source) : new PublicationReceipt(shelf.Version, 0, missing);
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    private async Task<Outcome<PublicationReceipt>> Take(Publication publication, string source)
    {
        var outcome = new PublicationPolicy(names, files, shelf, clock.GetUtcNow()).Take(publication);
        if (outcome.IsRefused(out var refusal, out var next))
        {
            await Log.Record("publication", $"refused: {refusal.Clause}: {refusal.Reason}", source);
            return refusal;
        }
        var added = next.Leaves.Except(shelf.Leaves).ToList();
        if (added.Count == 0 && next.Leaves.Count == shelf.Leaves.Count)
            return new PublicationReceipt(shelf.Version, 0, []);
        // The log comes first: a publication nobody can account for must not be seen. (CPS 4-11-2)
        if (!await Log.Record("publication", "ok", source, $"version {next.Version}: {Summary(added)}"))
            return new Refusal("4-11-2", $"the publication cannot be logged: {Log.Failure}");
        files.Save(next);
        (shelf, tree) = (next, TreeOf(next));
        return new PublicationReceipt(next.Version, added.Count, []);
    }

    public void Dispose() => oneAtATime.Dispose();

    private Tree TreeOf(Shelf state) => Tree.Of(
        names.Authority, state.Leaves, l => files.Open(l.Digest, Limits.LongestHeld), state.PublishedAt);

    private bool HasExpired(Leaf leaf) => leaf.List is { } list && list.NextUpdate < clock.GetUtcNow();

    /// <summary>A digest names a file.</summary>
    private static void RequireDigest(string? digest)
    {
        if (digest is not { Length: 64 } || !digest.All(char.IsAsciiHexDigitLower))
            throw new FormatException("not a SHA-256 in lower-case hexadecimal");
    }

    private static string Summary(IEnumerable<Leaf> added) =>
        string.Join(", ", added.GroupBy(l => l.Type.Name).Select(g => $"{g.Count()} {g.Key}"));
}
