using System.Data.Common;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Jpki.ControlRoom;
using Jpki.Hsm;
using Jpki.Ledger;

namespace Jpki.Host.Handovers;

/// <summary>What a hand-over came to.</summary>
internal sealed record HandoverReport
{
    public required string Folder { get; init; }

    public required DateTimeOffset At { get; init; }

    public required int Files { get; init; }

    public required long Octets { get; init; }

    /// <summary>By room and table.</summary>
    public required IReadOnlyDictionary<string, long> Rows { get; init; }

    /// <summary>The public key that checks the index.</summary>
    public required string Key { get; init; }

    public required double Seconds { get; init; }

    public required double PeakMemoryMegabytes { get; init; }
}

/// <summary>
/// Writes what a successor needs of a prefecture that stands still: books, papers, sealed logs, certificates, the
/// configuration; row by row, into a folder that has its name only when it is whole. No key, no password and no PIN is
/// among it. 引継ぎ、引渡し (CPS 4-18, 2-1-4)
/// </summary>
internal sealed class HandoverWriter(
    string data, SiteFile site, TimeProvider clock, RandomNumberGenerator random, Action<string> progress)
{
    private readonly Dictionary<string, long> rows = [];

    /// <exception cref="UsageException">There is something at that place already.</exception>
    /// <exception cref="RefusedException">A log is damaged: what is handed over must be evidence.</exception>
    public async Task<HandoverReport> Write(string folder)
    {
        if (Path.Exists(folder))
            throw new UsageException($"{folder}: there is something already; name a folder that does not exist");
        var draft = folder + ".partial";
        if (Directory.Exists(draft))
            Directory.Delete(draft, recursive: true);
        SecretFile.CreateFolder(draft);
        var (at, watch) = (clock.GetUtcNow(), Stopwatch.StartNew());
        using var key = KeyOf("authority");
        await WriteAll(draft, at);
        progress("目録を作り、署名しています / writing and signing the index");
        var index = HandoverIndex.Write(draft, at, key);
        Directory.Move(draft, folder);
        return new()
        {
            Folder = folder,
            At = at,
            Files = index.Files.Count,
            Octets = index.Files.Keys.Sum(f => new FileInfo(Path.Combine(folder, f)).Length),
            Rows = rows,
            Key = key.PublicKey.ToString(),
            Seconds = watch.Elapsed.TotalSeconds,
            PeakMemoryMegabytes = Process.GetCurrentProcess().PeakWorkingSet64 / 1e6,
        };
    }

    private async Task WriteAll(string draft, DateTimeOffset at)
    {
        await Room(draft, "authority", typeof(Authority.AuthorityRoom), Authority.HandedOver.Tables, at, Certificates);
        await Room(draft, "control", typeof(OperatorsConsole), HandedOver.Tables, at);
        await Room(draft, "verifiers", typeof(Verifiers.VerifiersRoom), Verifiers.HandedOver.Tables, at);
        // The counters' books are the municipalities' own; what this organisation did for them is in the log.
        await Room(draft, "counter", typeof(Counter.CounterRoom), [], at);
        foreach (var room in (string[])["repository", "ocsp", "validation"])
            await FileLog(draft, room, at);
        site.ForSuccessor().Write(Path.Combine(draft, SiteFile.FileName));
        if (File.Exists(Path.Combine(data, "clock")))
            SecretFile.Write(Path.Combine(draft, "clock"), File.ReadAllBytes(Path.Combine(data, "clock")));
        SecretFile.Write(Path.Combine(draft, "README.txt"), Encoding.UTF8.GetBytes(HandoverWords.ReadMe));
    }

    private async Task Room(
        string draft, string room, Type main, IReadOnlyList<HandedTable> tables, DateTimeOffset at,
        Action<string, DbConnection>? more = null)
    {
        progress($"{room} の帳簿と記録を書いています / books and log of {room}");
        using var key = KeyOf(room);
        await using var store = Store.Open(new()
        {
            Location = site.Database == "sqlite" ? Path.Combine(data, room, "store.db") : site.Database,
            Room = room,
            Assembly = main.Assembly,
            LogKey = key,
            Time = clock,
        });
        await store.Write(tx => tx.Record(Event(at)));
        SecretFile.CreateFolder(Path.Combine(draft, room));
        foreach (var table in tables)
        {
            using var file = File.Create(Path.Combine(draft, room, table.Name + ".jsonl"));
            rows[$"{room}/{table.Name}"] = store.Read(db => table.Write(db, file));
            file.Flush(flushToDisk: true);
        }
        if (more is not null)
        {
            store.Read(db =>
            {
                more(draft, db);
                return 0;
            });
        }
        await Log(draft, room, store.Log, key);
    }

    private async Task FileLog(string draft, string room, DateTimeOffset at)
    {
        progress($"{room} の記録を書いています / log of {room}");
        using var key = KeyOf(room);
        await using var log = Ledger.FileLog.Open(Path.Combine(data, room, "log.frames"), key);
        await log.Append(Event(at));
        await Log(draft, room, log.Log, key);
    }

    private static LedgerEvent Event(DateTimeOffset at) => new("handed over", at, "ok", "jpki handover");

    /// <summary>The sealed log as C2SP tiles, checked as its reader will check it.</summary>
    private static async Task Log(string draft, string room, LogReader log, LogKey key)
    {
        var folder = Path.Combine(draft, "logs", room);
        foreach (var path in log.Resources())
        {
            var file = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllBytesAsync(file, log.Resource(path)!);
        }
        await File.WriteAllTextAsync(Path.Combine(folder, "log.pub"), key.PublicKey + "\n");
        var verdicts = await LedgerVerifier.Verify(folder, [key.PublicKey], []);
        if (verdicts.FirstOrDefault(v => !v.IsGood) is { } bad)
            throw new RefusedException(new("4-11-5", $"the log of {room} is damaged: {bad}"));
    }

    /// <summary>For foreign programs: the authorities' own certificates and the newest lists, as DER.</summary>
    private static void Certificates(string draft, DbConnection db)
    {
        var (certificates, lists) = (Path.Combine(draft, "certificates"), Path.Combine(draft, "crls"));
        SecretFile.CreateFolder(certificates);
        SecretFile.CreateFolder(lists);
        foreach (var (generation, der) in db.Query<(long, byte[])>(
            "SELECT generation, certificate FROM generation WHERE certificate IS NOT NULL"))
        {
            File.WriteAllBytes(Path.Combine(certificates, $"governor-{generation}.cer"), der);
        }
        foreach (var (generation, scope, der) in db.Query<(long, string, byte[])>(
            "SELECT generation, scope, der FROM crl WHERE number = (SELECT MAX(number) FROM crl_run)",
            buffered: false))
        {
            File.WriteAllBytes(Path.Combine(lists, $"{generation}-{scope}.crl"), der);
        }
        foreach (var der in db.Query<byte[]>("SELECT der FROM operations_certificate WHERE role = 'Anchor'"))
            File.WriteAllBytes(Path.Combine(certificates, "operations.cer"), der);
        foreach (var der in db.Query<byte[]>("SELECT der FROM operations_crl ORDER BY number DESC LIMIT 1"))
            File.WriteAllBytes(Path.Combine(lists, "operations.crl"), der);
    }

    private LogKey KeyOf(string room) =>
        LogKey.OpenOrCreate(Path.Combine(data, room, "log.key"), $"{room}.jpki-test", random);
}
