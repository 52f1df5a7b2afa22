using System.Collections.Immutable;
using System.Security.Cryptography;
using Jpki.ControlRoom.Officers;
using Jpki.Cps;
using Jpki.Ledger;

namespace Jpki.ControlRoom.Registers;

/// <summary>What a CSV file would bring, or brought, into a register.</summary>
public sealed record ImportReport
{
    /// <summary>Names the looked-at file until it is taken; null when it has troubles or was taken.</summary>
    public string? Id { get; init; }

    /// <summary>Rows that are, or would become, new entries.</summary>
    public required int New { get; init; }

    /// <summary>Rows that stand in the register already, or twice in the file.</summary>
    public required int Known { get; init; }

    /// <summary>The numbers of the first and the last new entry; null while nothing is written.</summary>
    public string? First { get; init; }

    public string? Last { get; init; }

    /// <summary>At most 200; if there is one, nothing is taken.</summary>
    public ImmutableArray<ImportTrouble> Troubles { get; init; } = [];

    public int TroubleCount { get; init; }

    /// <summary>The first rows, as the list will show them.</summary>
    public ImmutableArray<string> Sample { get; init; } = [];
}

/// <summary>
/// Takes CSV files into registers: all rows or none, no row twice. 取込 (CPS 5-1-1-2, 4-12-2-1)
/// </summary>
/// <param name="store">The control room's.</param>
/// <param name="clock">The prefecture's time.</param>
/// <param name="random">Names the files that wait.</param>
public sealed class ImportDesk(Store store, TimeProvider clock, RandomNumberGenerator random)
{
    /// <summary>How long a file that was looked at waits to be taken.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    /// <summary>Says what the file would bring and, if nothing is wrong with it, keeps it for an hour.</summary>
    public async Task<Outcome<ImportReport>> Preview(OfficerOnDuty officer, Register register, ReadOnlyMemory<byte> csv)
    {
        if (Objection(officer, register) is { } objection)
            return await Refused(officer, register, objection);
        var now = clock.GetUtcNow();
        var reading = ImportReading.Read(register, csv.Span, JapanTime.DayOf(now));
        if (reading.TroubleCount > 0)
            return Troubled(reading);
        var id = NewId();
        return await store.Write(tx =>
        {
            tx.Execute("DELETE FROM register_imports WHERE staged_at < @before OR officer = @Id",
                new { officer.Id, before = (now - Patience).ToUnixTimeMilliseconds() });
            tx.Execute("""
                INSERT INTO register_imports (id, series, officer, staged_at, octets)
                VALUES (@id, @Series, @officer, @at, @octets)
                """, new
            {
                id,
                register.Series,
                officer = officer.Id,
                at = now.ToUnixTimeMilliseconds(),
                octets = csv.ToArray(),
            });
            var fresh = Fresh(new(tx, officer.Id, now), reading).Count;
            return Report(reading, fresh) with { Id = id };
        });
    }

    /// <summary>Takes the file that was looked at under that id.</summary>
    public async Task<Outcome<ImportReport>> Take(OfficerOnDuty officer, Register register, string id)
    {
        var octets = await store.Write(tx => tx.QueryFirstOrDefault<byte[]>("""
            SELECT octets FROM register_imports
            WHERE id = @id AND officer = @officer AND series = @Series AND staged_at >= @after
            """, new
        {
            id,
            register.Series,
            officer = officer.Id,
            after = (clock.GetUtcNow() - Patience).ToUnixTimeMilliseconds(),
        }));
        return octets is null
            ? new Refusal(register.Clause, "確認した取込がありません。ファイルをもう一度選んでください。") { Field = "file" }
            : await Import(officer, register, octets);
    }

    /// <summary>Reads the file and takes it at once, if nothing is wrong with it.</summary>
    public async Task<Outcome<ImportReport>> Import(OfficerOnDuty officer, Register register, ReadOnlyMemory<byte> csv)
    {
        if (Objection(officer, register) is { } objection)
            return await Refused(officer, register, objection);
        var now = clock.GetUtcNow();
        var reading = ImportReading.Read(register, csv.Span, JapanTime.DayOf(now));
        return reading.TroubleCount > 0 ? Troubled(reading) : await store.Write(tx =>
        {
            EntryWriting writing = new(tx, officer.Id, now);
            var fresh = Fresh(writing, reading);
            string[] numbers = [.. fresh.Select(row => writing.Begin(row.Entry, row.Json, row.Once))];
            tx.Execute("DELETE FROM register_imports WHERE officer = @Id", new { officer.Id });
            tx.Record(Event(officer, now, "ok", numbers is [] ? register.Series : $"{numbers[0]}..{numbers[^1]}"));
            return Report(reading, fresh.Count) with
            {
                First = numbers.FirstOrDefault(),
                Last = numbers.LastOrDefault(),
            };
        });
    }

    /// <summary>Two registers' entries are acts, each of which is decided by itself.</summary>
    private static Refusal? Objection(OfficerOnDuty officer, Register register) =>
        register.ObjectionToWriting(officer.Roles)
        ?? (register.Series is Cps.Registers.ReadabilitySeries or Cps.Registers.DisposalSeries
            ? new(register.Clause, $"{register.Japanese}は一件ずつ記入します。")
            : null);

    private static List<(CheckedEntry Entry, string Json, string Once)> Fresh(
        EntryWriting writing, ImportReading reading)
    {
        HashSet<string> seen = [];
        return
        [
            .. reading.Entries.Select(entry => (entry, json: entry.Contents.ToJson()))
                .Select(row => (row.entry, row.json, once: $"row:{EntryContents.Digest(row.json)}"))
                .Where(row => seen.Add(row.once) && writing.Known(row.once) is null),
        ];
    }

    private static ImportReport Report(ImportReading reading, int fresh) => new()
    {
        New = fresh,
        Known = reading.Entries.Length - fresh,
        Sample = [.. reading.Entries.Take(20).Select(e => e.Contents.Summary(e.Register))],
    };

    private static ImportReport Troubled(ImportReading reading) => new()
    {
        New = 0,
        Known = 0,
        Troubles = reading.Troubles,
        TroubleCount = reading.TroubleCount,
    };

    private static LedgerEvent Event(OfficerOnDuty officer, DateTimeOffset at, string result, string about) =>
        new("register import", at, result, officer.Id, about);

    private async Task<Outcome<ImportReport>> Refused(OfficerOnDuty officer, Register register, Refusal refusal)
    {
        await store.Write(tx => tx.Record(
            Event(officer, clock.GetUtcNow(), $"refused {refusal.Clause}", register.Series)));
        return refusal;
    }

    private string NewId()
    {
        var id = new byte[16];
        random.GetBytes(id);
        return Convert.ToHexString(id);
    }
}
