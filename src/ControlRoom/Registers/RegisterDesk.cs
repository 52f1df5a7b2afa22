using System.Data.Common;
using Jpki.ControlRoom.Officers;
using Jpki.Cps;
using Jpki.Ledger;

namespace Jpki.ControlRoom.Registers;

/// <summary>
/// Keeps the registers: writes, corrects and follows up entries, finds them again, and says what is due. Who looked is
/// in the log as well as who wrote. 帳簿の備付け (CPS 4-11-2, 4-12-1, 5-2-1-1(1))
/// </summary>
/// <param name="store">The control room's.</param>
/// <param name="clock">The prefecture's time.</param>
public sealed class RegisterDesk(Store store, TimeProvider clock)
{
    /// <summary>Follow-ups and looks at volumes are shown this long before they are late.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    public DateOnly Today => JapanTime.DayOf(Now);

    internal DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>
    /// A new entry. One in the register of readability checks also ends a volume's wait (CPS 4-12-1-4); one in the
    /// register of disposal also empties what it names, if that need not be kept any longer (CPS 4-12-1-2).
    /// </summary>
    /// <param name="officer">Who writes.</param>
    /// <param name="entry">What, as a <see cref="EntryKind.First"/>.</param>
    /// <param name="formKey">The same for a form that is sent twice: then it is one entry.</param>
    public Task<Outcome<RegisterEntry>> Write(OfficerOnDuty officer, CheckedEntry entry, string formKey) =>
        Put(officer, entry, formKey, (writing, json, once) =>
        {
            if (ArchiveRules.Objection(writing, entry) is { } objection)
                return objection;
            var number = writing.Begin(entry, json, once);
            ArchiveRules.Apply(writing, entry, number);
            return number;
        });

    /// <summary>A correction of an earlier entry, or what was done about it.</summary>
    /// <param name="officer">Who writes.</param>
    /// <param name="entry">What, as a <see cref="EntryKind.Correction"/> or <see cref="EntryKind.FollowUp"/>.</param>
    /// <param name="number">Of any entry of the chain.</param>
    /// <param name="formKey">The same for a form that is sent twice: then it is one entry.</param>
    public Task<Outcome<RegisterEntry>> Continue(
        OfficerOnDuty officer, CheckedEntry entry, string number, string formKey) =>
        Put(officer, entry, formKey, (writing, json, once) =>
        {
            if (writing.Chain(entry.Register.Series, number) is not { } chain)
                return NoSuchEntry(entry.Register, number);
            if (chain.DisposedOn is not null)
                return new Refusal(entry.Register.RetentionClause, $"{number} は廃棄済みです。");
            if (entry.Contents.Kind == EntryKind.FollowUp && chain.Due is null)
                return new Refusal(entry.Register.Clause, $"{number} への対応は完了しています。");
            return writing.Continue(entry, json, once, chain);
        });

    /// <summary>An entry with all that was written to it.</summary>
    public Task<Outcome<EntryChain>> Find(OfficerOnDuty officer, Register register, string number) =>
        Look<EntryChain>(officer, register, "register entry read", number, db =>
            RegisterBooks.Chain(db, register, number) is { } chain ? chain : NoSuchEntry(register, number));

    public Task<Outcome<RegisterPage>> Search(OfficerOnDuty officer, Register register, RegisterQuery query) =>
        Look<RegisterPage>(officer, register, "register read", null, db => RegisterBooks.Search(db, register, query));

    /// <summary>The octets that were attached to an entry, with the name they came under.</summary>
    public Task<Outcome<AttachedFile>> File(OfficerOnDuty officer, Register register, string number) =>
        Look<AttachedFile>(officer, register, "register file read", number, db =>
            RegisterBooks.Chain(db, register, number)?.Entries.FirstOrDefault(e => e.Number == number) is
            { Contents.FileName: { } name } && RegisterBooks.File(db, number) is { } octets
                ? new AttachedFile(name, octets)
                : new Refusal(register.Clause, $"{number} に添付はありません。"));

    /// <summary>The register, or one volume of it, as CSV: UTF-8 with a byte order mark.</summary>
    public Task<Outcome<byte[]>> Export(OfficerOnDuty officer, Register register, int? year) =>
        Look<byte[]>(officer, register, "register export", null, db =>
            CsvExport.Write(register, RegisterBooks.All(db, register.Series, year)));

    /// <summary>
    /// What is late, and what becomes due within that time, the most urgent first: follow-ups of entries, and volumes
    /// that nobody looked at in this fiscal year. It names numbers only, so the home page may show it to any officer.
    /// </summary>
    public IReadOnlyList<DueMatter> Due(DateTimeOffset at, TimeSpan soon)
    {
        var (today, until) = (JapanTime.DayOf(at), JapanTime.DayOf(at + soon));
        return
        [
            .. store.Read(db => RegisterBooks.Due(db, today, until))
                .Concat(Volumes.Select(v => ArchiveRules.DueCheck(v, today)).OfType<DueMatter>()
                    .Where(m => m.Due <= until))
                .OrderBy(m => m.Due),
        ];
    }

    /// <summary>The same of the registers that this officer may read. (CPS 5-2-3)</summary>
    public IReadOnlyList<DueMatter> Due(OfficerOnDuty officer) => [.. Due(Now, Soon).Where(matter =>
        Cps.Registers.Find(matter.Series)!.ObjectionToReading(officer.Roles) is null)];

    /// <summary>The day of the newest entry in a register; null when it has none.</summary>
    public DateOnly? LastIn(string series) => store.Read(db => RegisterBooks.LastIn(db, series));

    /// <summary>Every volume, with its last check. (CPS 4-12-1-4, 4-12-2-6)</summary>
    public IReadOnlyList<Volume> Volumes => store.Read(RegisterBooks.Volumes);

    private static Refusal NoSuchEntry(Register register, string number) =>
        new(register.Clause, $"{register.Japanese}に {(number.Length > 20 ? "その番号" : number)} の記入はありません。")
        {
            Field = "number",
        };

    private async Task<Outcome<RegisterEntry>> Put(
        OfficerOnDuty officer, CheckedEntry entry, string formKey,
        Func<EntryWriting, string, string, Outcome<string>> put)
    {
        var register = entry.Register;
        var objection = register.ObjectionToWriting(officer.Roles);
        var (json, once) = (entry.Contents.ToJson(), $"form:{officer.Id}:{formKey}");
        var written = await store.Write(tx =>
        {
            var now = Now;
            EntryWriting writing = new(tx, officer.Id, now);
            var known = objection is null ? writing.Known(once) : null;
            Outcome<string> number = objection ?? (known is null ? put(writing, json, once) : (Outcome<string>)known);
            if (known is null)
            {
                var about = number.Value ?? register.Series;
                tx.Record(Event("register entry written", now, number.Refusal, officer, about));
            }
            return number;
        });
        return written.IsRefused(out var refusal, out var number)
            ? refusal
            : store.Read(db => RegisterBooks.Chain(db, register, number))!.Entries.First(e => e.Number == number);
    }

    private async Task<Outcome<T>> Look<T>(
        OfficerOnDuty officer, Register register, string what, string? number, Func<DbConnection, Outcome<T>> look)
        where T : class
    {
        var outcome = register.ObjectionToReading(officer.Roles) is { } objection ? objection : store.Read(look);
        // A number that leads nowhere is a stranger's text and stays out of the log.
        var about = number is null || outcome.Refusal is not null ? register.Series : number;
        await store.Write(tx => tx.Record(Event(what, Now, outcome.Refusal, officer, about)));
        return outcome;
    }

    private static LedgerEvent Event(
        string what, DateTimeOffset at, Refusal? refusal, OfficerOnDuty officer, string about) =>
        new(what, at, refusal is null ? "ok" : $"refused {refusal.Clause}", officer.Id, about);
}
