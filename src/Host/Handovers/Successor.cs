using System.Security.Cryptography;
using System.Text;
using Jpki.ControlRoom;
using Jpki.Hsm;
using Jpki.Ledger;

namespace Jpki.Host.Handovers;

/// <summary>
/// Begins a new prefecture with what another organisation handed over. The keys are its own: new ones, but for a
/// governor's key that a ceremony brought. 引継ぎを受ける (CPS 4-18, 2-1-2(31))
/// </summary>
/// <param name="folder">The hand-over.</param>
/// <param name="data">The new prefecture's folder, in which nothing was begun.</param>
/// <param name="random">For its secrets.</param>
/// <param name="progress">Told how it goes.</param>
internal sealed class Successor(string folder, string data, RandomNumberGenerator random, Action<string> progress)
{
    private static readonly string[] Rooms = ["authority", "control", "verifiers"];

    /// <summary>Names the database that this folder has begun to fill.</summary>
    private string Mark => Path.Combine(data, "taking-over");

    /// <summary>Checks everything before anything is believed: the signature, every digest, every log.</summary>
    /// <param name="key">
    /// The log key of the Authority that handed over, from elsewhere; null to believe the one that lies in the folder.
    /// </param>
    /// <exception cref="RefusedException">Something was altered, is missing, or does not belong there.</exception>
    public async Task<HandoverIndex> Verify(string? key)
    {
        progress("引継ぎの目録とファイルを照合しています / checking the hand-over's index and files");
        if (key is null)
        {
            progress("注意: 署名の公開鍵は引継ぎの中のものです（別の手段で受けたものは --handover-key） / "
                + "the signer's key is the one in the hand-over itself");
        }
        var index = HandoverIndex.Verify(folder, Key(key ?? Place("logs/authority/log.pub")), progress);
        foreach (var log in Directory.EnumerateDirectories(Place("logs")).Order(StringComparer.Ordinal))
        {
            var verdicts = await LedgerVerifier.Verify(log, [Key(Path.Combine(log, "log.pub"))], []);
            if (verdicts.FirstOrDefault(v => !v.IsGood) is { } bad)
                throw new RefusedException(new("4-11-5", $"監査ログが改ざんされています / a log is damaged: {bad}"));
        }
        return index;
    }

    /// <summary>The predecessor's choices, as far as they are not its machines'.</summary>
    public SiteFile ReadSite() => SiteFile.Read(Place(SiteFile.FileName));

    /// <summary>
    /// Fills the new books. What a start that died left behind is thrown away first: the site's file, which is written
    /// last, says that there is a prefecture.
    /// </summary>
    public async Task Take(HandoverIndex index, SiteFile site)
    {
        if (PostgresBooks.Understands(site.Database))
            Empty(site.Database);
        foreach (var room in Rooms)
        {
            var begun = Path.Combine(data, room);
            SecretFile.CreateFolder(begun);
            // A folder of keys in it was put there before: a governor's key that a ceremony brought.
            foreach (var file in Directory.GetFiles(begun))
                File.Delete(file);
        }
        if (File.Exists(Place("clock")))
            File.Copy(Place("clock"), Path.Combine(data, "clock"), overwrite: true);
        var authority = Path.Combine(data, "authority");
        await Room(index, site, "authority", typeof(Authority.AuthorityRoom), Authority.HandedOver.Tables,
            table => Authority.HandedOver.Amend(authority, table, random, index.At));
        await Room(index, site, "control", typeof(OperatorsConsole), HandedOver.Tables, _ => null);
        await Room(index, site, "verifiers", typeof(Verifiers.VerifiersRoom), Verifiers.HandedOver.Tables,
            _ => row => Verifiers.HandedOver.Amend(row, random));
    }

    /// <summary>The site's file is written: what was begun is done.</summary>
    public void Finish() => File.Delete(Mark);

    /// <summary>
    /// Books in a database do not lie in this folder, and might be another prefecture's: only what this folder says
    /// that it began is thrown away.
    /// </summary>
    private void Empty(string database)
    {
        var isOurs = File.Exists(Mark) && Encoding.UTF8.GetString(SecretFile.Read(Mark)) == database;
        if (!isOurs && PostgresBooks.In(database, [.. Rooms, "counter"]) is { Count: > 0 } known)
        {
            throw new UsageException(
                $"--database: there are books already ({string.Join(", ", known)}); name an empty database");
        }
        SecretFile.Write(Mark, Encoding.UTF8.GetBytes(database));
        PostgresBooks.Discard(database, Rooms);
    }

    private async Task Room(
        HandoverIndex index, SiteFile site, string room, Type main, IReadOnlyList<HandedTable> tables,
        Func<HandedTable, Action<IDictionary<string, object?>>?> amend)
    {
        SandboxClock clock = new(Path.Combine(data, "clock"));
        using var key = LogKey.OpenOrCreate(Path.Combine(data, room, "log.key"), $"{room}.jpki-test", random);
        await using var store = Store.Open(new()
        {
            Location = site.Database == "sqlite" ? Path.Combine(data, room, "store.db") : site.Database,
            Room = room,
            Assembly = main.Assembly,
            LogKey = key,
            Time = clock,
        });
        foreach (var table in tables.Where(t => t.IsTaken))
        {
            progress($"{room}/{table.Name} を読み込んでいます / reading");
            using var file = File.OpenRead(Place($"{room}/{table.Name}.jsonl"));
            try
            {
                await table.Load(store, file, amend(table));
            }
            catch (FormatException e)
            {
                throw new RefusedException(new("4-18", e.Message));
            }
        }
        await store.Write(tx => tx.Record(new(
            "taken over", clock.GetUtcNow(), "ok", "jpki up",
            $"hand-over of {index.At:u}, {index.Files.Count} files, SHA-256 of its index {DigestOfIndex()}")));
    }

    private string DigestOfIndex() =>
        Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Place(HandoverIndex.FileName))));

    private string Place(string path) => Path.Combine(folder, path);

    private static LogPublicKey Key(string file)
    {
        try
        {
            return LogPublicKey.Read(file);
        }
        catch (Exception e) when (e is IOException or FormatException or UnauthorizedAccessException)
        {
            throw new UsageException($"{file}: {e.Message}");
        }
    }
}
