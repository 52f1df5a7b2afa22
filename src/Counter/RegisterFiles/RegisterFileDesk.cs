using System.Text.Json;
using Jpki.Forms;
using Jpki.Ledger;

namespace Jpki.Counter.RegisterFiles;

/// <summary>
/// Brings a file of the resident register into the books, in one transaction with the notices that end the certificates
/// it belies. The same file again changes nothing and gets the same report. (CPS 2-1-2(8), 4-4-1-1)
/// </summary>
public sealed class RegisterFileDesk
{
    private readonly CounterDesk desk;
    private readonly RegisterDesk events;
    private readonly Action ring;

    internal RegisterFileDesk(CounterDesk desk, RegisterDesk events, Action ring) =>
        (this.desk, this.events, this.ring) = (desk, events, ring);

    /// <param name="octets">The file.</param>
    /// <param name="municipality">The only one whose file it may be; null when it may be anybody's.</param>
    /// <param name="source">Who brought it, for the log.</param>
    public async Task<RegisterReport> Take(ReadOnlyMemory<byte> octets, string? municipality, string source)
    {
        var (file, refused) = RegisterFileReader.Read(octets, desk.Today, municipality);
        if (file is null)
        {
            await desk.Store.Write(tx =>
                tx.Record(new("register file", desk.Now, $"refused, {refused.Errors.Count} errors", source)));
            return refused;
        }
        var report = await desk.Store.Write(tx => Take(tx, file, source));
        ring();
        return report;
    }

    private RegisterReport Take(StoreTransaction tx, RegisterFile file, string source)
    {
        if (Objection(tx, file, out var known) is { } objection)
        {
            tx.Record(new("register file", desk.Now, "refused, out of sequence", source, $"{file}"));
            return new() { Municipality = file.Municipality.Code5, Number = file.Number, Errors = [objection] };
        }
        if (known is not null)
            return known;
        RegisterUpdate update = new(tx, file, events, source, desk.Now);
        var report = update.Apply();
        tx.Execute("""
            INSERT INTO register_files (municipality, number, digest, at, report)
            VALUES (@municipality, @Number, @Digest, @at, @json)
            """, new
        {
            municipality = file.Municipality.Code5,
            file.Number,
            file.Digest,
            at = desk.Now.ToUnixTimeMilliseconds(),
            json = JsonSerializer.Serialize(report, FormJson.Options),
        });
        tx.Record(new(
            "register file", desk.Now, $"taken, {report.Ended} certificates end, {report.Unmatched.Count} unmatched",
            source, $"{file}"));
        return report;
    }

    /// <summary>A difference follows the file before it; a full file may come at any later number.</summary>
    private static RegisterFileError? Objection(StoreTransaction tx, RegisterFile file, out RegisterReport? known)
    {
        var taken = tx.QueryFirstOrDefault<TakenFile>(
            "SELECT digest AS Digest, report AS Report FROM register_files "
            + "WHERE municipality = @Code5 AND number = @Number", new { file.Municipality.Code5, file.Number });
        known = taken is not null && taken.Digest == file.Digest
            ? JsonSerializer.Deserialize<RegisterReport>(taken.Report, FormJson.Options)
            : null;
        if (known is not null)
            return null;
        if (taken is not null)
            return new(1, "連番", "この連番のファイルは、別の内容で取込済みです。");
        var last = tx.QueryFirstOrDefault<long>(
            "SELECT COALESCE(MAX(number), 0) FROM register_files WHERE municipality = @Code5", file.Municipality);
        return file.Number <= last ? new(1, "連番", $"連番{last}まで取込済みです。")
            : file.IsFull || (last > 0 && file.Number == last + 1) ? null
            : last == 0 ? new(1, "種別", "最初のファイルは全件です。")
            : new(1, "連番", $"次の連番は{last + 1}です。間のファイルが届いていません。");
    }

    private sealed record TakenFile
    {
        public string Digest { get; init; } = "";

        public string Report { get; init; } = "";
    }
}
