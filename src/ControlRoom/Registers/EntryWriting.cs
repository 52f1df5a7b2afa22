using System.Globalization;
using Jpki.Cps;
using Jpki.Ledger;

namespace Jpki.ControlRoom.Registers;

/// <summary>
/// Writes entries inside a change of the store. The store has one writer, so the next number is one more than the
/// last.
/// </summary>
internal sealed class EntryWriting(StoreTransaction tx, string officer, DateTimeOffset now)
{
    private readonly int year = FiscalYear.Of(JapanTime.DayOf(now));
    private readonly Dictionary<string, long> running = [];
    private readonly HashSet<string> volumes = [];
    private long last = -1;

    public DateOnly Today => JapanTime.DayOf(now);

    /// <summary>The number of the entry that was written under the same key before; null when there is none.</summary>
    public string? Known(string once) =>
        tx.Command("SELECT number FROM register_entries WHERE once = @once").Set("once", once).Scalar<string>();

    /// <summary>A new first entry; its number.</summary>
    public string Begin(CheckedEntry entry, string json, string once)
    {
        var (id, number) = Insert(entry, json, once, null);
        var contents = entry.Contents;
        tx.Command("""
            INSERT INTO register_chains (first, latest, series, year, dated, words, due_on, keep_until)
            VALUES (@id, @id, @series, @year, @dated, @words, @due, @until)
            """)
            .Set("id", id).Set("series", contents.Series).Set("year", (long)year)
            .Set("dated", FieldReading.Iso(contents.Dated)).Set("words", Words(entry, number))
            .Set("due", contents.Due is { } due ? FieldReading.Iso(due) : null)
            .Set("until", FieldReading.Iso(KeptUntil(entry))).Execute();
        if (volumes.Add(contents.Series))
        {
            tx.Execute(
                "INSERT INTO register_volumes (series, year) VALUES (@Series, @year) ON CONFLICT DO NOTHING",
                new { contents.Series, year = (long)year });
        }
        return number;
    }

    /// <summary>A correction of a chain, or what was done about it; its number.</summary>
    public string Continue(CheckedEntry entry, string json, string once, ChainState chain)
    {
        var (id, number) = Insert(entry, json, once, chain.First);
        var contents = entry.Contents;
        var isCorrection = contents.Kind == EntryKind.Correction;
        tx.Execute("""
            UPDATE register_chains SET latest = @latest, dated = @dated, words = words || @words, due_on = @due,
                keep_until = CASE WHEN keep_until < @until THEN @until ELSE keep_until END
            WHERE first = @First
            """, new
        {
            chain.First,
            latest = isCorrection ? id : chain.Latest,
            dated = isCorrection ? FieldReading.Iso(contents.Dated) : chain.Dated,
            words = " " + Words(entry, number),
            due = isCorrection && chain.Due is null ? null
                : contents.Due is { } due ? FieldReading.Iso(due) : null,
            until = FieldReading.Iso(KeptUntil(entry)),
        });
        return number;
    }

    public ChainState? Chain(string series, string number) => tx.QueryFirstOrDefault<ChainState>("""
        SELECT c.first AS First, c.latest AS Latest, c.dated AS Dated, c.due_on AS Due, c.keep_until AS KeptUntil,
            c.disposed_on AS DisposedOn
        FROM register_entries e JOIN register_chains c ON c.first = e.first
        WHERE e.number = @number AND e.series = @series
        """, new { number, series });

    /// <summary>The contents go; number, dates and digests stay. (CPS 4-12-1-2)</summary>
    public void Empty(ChainState chain)
    {
        tx.Execute(
            "DELETE FROM register_files WHERE entry IN (SELECT id FROM register_entries WHERE first = @First)", chain);
        tx.Execute("UPDATE register_entries SET body = NULL WHERE first = @First", chain);
        tx.Execute(
            "UPDATE register_chains SET words = '', due_on = NULL, disposed_on = @today WHERE first = @First",
            new { chain.First, today = FieldReading.Iso(Today) });
        tx.Execute("""
            DELETE FROM register_volumes WHERE (series, year) IN (
                SELECT series, year FROM register_chains WHERE first = @First)
            AND NOT EXISTS (
                SELECT 1 FROM register_chains c
                WHERE c.series = register_volumes.series AND c.year = register_volumes.year AND c.disposed_on IS NULL)
            """, chain);
    }

    public bool HasVolume(string series, int volume) => tx.QueryFirstOrDefault<long>("""
        SELECT 1 FROM register_volumes WHERE series = @series AND year = @volume
        """, new { series, volume = (long)volume }) == 1;

    public void Checked(string number, string series, int volume) => tx.Execute("""
        INSERT INTO register_checks (entry, series, volume, year)
        SELECT id, @series, @volume, @year FROM register_entries WHERE number = @number
        """, new { number, series, volume = (long)volume, year = (long)year });

    /// <summary>Counted from the paper's day or the day it was registered, whichever is later.</summary>
    private DateOnly KeptUntil(CheckedEntry entry) =>
        entry.Register.KeptUntil(entry.Contents.Dated > Today ? entry.Contents.Dated : Today);

    private static string Words(CheckedEntry entry, string number)
    {
        var contents = entry.Contents;
        var fields = contents.FieldsOf(entry.Register).Select(f => FieldReading.ForPeople(f, contents[f.Name]));
        return FieldReading.Fold(string.Join(' ', fields.Prepend(number).Append(contents.Place)));
    }

    private (long Id, string Number) Insert(CheckedEntry entry, string json, string once, long? first)
    {
        var contents = entry.Contents;
        var next = Next(contents.Series);
        var number = string.Create(CultureInfo.InvariantCulture, $"{contents.Series}-{year}-{next:D5}");
        tx.Command("""
            INSERT INTO register_entries (id, number, first, series, year, running, kind, dated, written_at, written_by,
                sha256, file_sha256, once, body)
            VALUES (@id, @number, @first, @series, @year, @running, @kind, @dated, @at, @by,
                @sha256, @file, @once, @body)
            """)
            .Set("id", ++last).Set("number", number).Set("first", first ?? last).Set("series", contents.Series)
            .Set("year", (long)year).Set("running", next).Set("kind", contents.Kind.ToString())
            .Set("dated", FieldReading.Iso(contents.Dated)).Set("at", now.ToUnixTimeMilliseconds()).Set("by", officer)
            .Set("sha256", EntryContents.Digest(json)).Set("file", contents.FileSha256).Set("once", once)
            .Set("body", json).Execute();
        if (entry.File is { } octets)
        {
            tx.Command("INSERT INTO register_files (entry, octets) VALUES (@entry, @octets)")
                .Set("entry", last).Set("octets", octets).Execute();
        }
        return (last, number);
    }

    private long Next(string series)
    {
        if (last < 0)
            last = tx.Command("SELECT MAX(id) FROM register_entries").Scalar<long?>() ?? 0;
        if (!running.TryGetValue(series, out var used))
        {
            used = tx.Command("SELECT MAX(running) FROM register_entries WHERE series = @series AND year = @year")
                .Set("series", series).Set("year", (long)year).Scalar<long?>() ?? 0;
        }
        return running[series] = used + 1;
    }
}

/// <summary>How a chain stands, as the books hold it.</summary>
internal sealed record ChainState
{
    public long First { get; init; }

    public long Latest { get; init; }

    public string Dated { get; init; } = "";

    public string? Due { get; init; }

    public string KeptUntil { get; init; } = "";

    public string? DisposedOn { get; init; }
}
