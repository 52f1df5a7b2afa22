using Jpki.ControlRoom.Officers;
using Jpki.Cps;
using Jpki.Ledger;

namespace Jpki.ControlRoom.Logs;

/// <summary>
/// Where the internal auditor, and nobody else, reads every room's sealed log and notes what he has inspected. What is
/// shown was proved against the checkpoint that the room's key signed. 監査ログの検査 (CPS 4-11-3, 4-11-5, 5-2-1-1(9))
/// </summary>
public sealed class LogDesk : IDisposable
{
    public const int LongestFinding = 2000;

    private readonly Dictionary<string, LogFollower> logs;
    private readonly Store store;
    private readonly TimeProvider clock;

    /// <param name="places">Every log that may be inspected.</param>
    /// <param name="store">The control room's own; its log keeps who read what.</param>
    /// <param name="clock">The prefecture's time.</param>
    public LogDesk(IReadOnlyList<LogPlace> places, Store store, TimeProvider clock)
    {
        (this.store, this.clock) = (store, clock);
        logs = places.ToDictionary(place => place.Room, place => new LogFollower(place.Key, place.Fetch));
        Rooms = [.. places.Select(place => place.Room)];
    }

    /// <summary>Whose logs there are.</summary>
    public IReadOnlyList<string> Rooms { get; }

    /// <summary>Since when every log has been inspected; null when one never was.</summary>
    public DateTimeOffset? LastInspection => store.Read(db => InspectionBooks.AllInspectedAt(db, Rooms));

    /// <summary>A page of what was asked for, newest first.</summary>
    /// <exception cref="FormatException">The log is not whole: what is wrong with it, and where.</exception>
    /// <exception cref="HttpRequestException">The room does not answer.</exception>
    public async Task<Outcome<LogPage>> Read(OfficerOnDuty officer, LogQuestion question)
    {
        if (await Objection(officer, question.Room, "log read") is { } refusal)
            return refusal;
        var log = logs[question.Room];
        var size = await log.CatchUp();
        return await LogScan.Page(log, question, size);
    }

    /// <summary>Everything that was asked for, oldest first, checked as it is read.</summary>
    public async Task<Outcome<LogStretch>> Export(OfficerOnDuty officer, LogQuestion question)
    {
        if (await Objection(officer, question.Room, "log exported") is { } refusal)
            return refusal;
        var log = logs[question.Room];
        return new LogStretch(LogScan.All(log, question, await log.CatchUp()));
    }

    /// <summary>The last inspections of a room's log.</summary>
    public IReadOnlyList<Inspection> Inspections(string room) =>
        store.Read(db => InspectionBooks.Newest(db, room, 10));

    /// <summary>
    /// Keeps that entries <paramref name="first"/> .. <paramref name="last"/> were inspected. Nobody is told but the
    /// log. (CPS 4-11-7)
    /// </summary>
    public async Task<Outcome<Inspection>> Note(
        OfficerOnDuty officer, string room, long first, long last, bool isWell, string finding)
    {
        if (await Objection(officer, room, "log inspection") is { } refusal)
            return refusal;
        var size = await logs[room].CatchUp();
        if (first < 0 || last < first || last >= size)
            return new Refusal("4-11-3", $"the log of {room} has no entries {first} to {last}");
        if (finding.Length > LongestFinding || (!isWell && string.IsNullOrWhiteSpace(finding)))
            return new Refusal("4-11-3", $"what was found is to be said in 1 to {LongestFinding} characters");
        Inspection inspection = new()
        {
            Number = 0,
            Room = room,
            First = first,
            Last = last,
            Officer = officer.Id,
            At = clock.GetUtcNow(),
            IsWell = isWell,
            Finding = finding.Trim(),
        };
        return await store.Write(tx =>
        {
            var kept = InspectionBooks.Add(tx, inspection);
            tx.Record(new(
                "log inspected", kept.At, isWell ? "ok" : "findings", officer.Id,
                $"{room} {first}-{last}, inspection {kept.Number}"));
            return kept;
        });
    }

    public void Dispose()
    {
        foreach (var log in logs.Values)
            log.Dispose();
    }

    /// <summary>Who asks is on the log, whether he may or not. (CPS 4-11-2)</summary>
    private async Task<Refusal?> Objection(OfficerOnDuty officer, string room, string what)
    {
        var refusal = officer.ObjectionTo(Duties.InspectLogs)
            ?? (logs.ContainsKey(room) ? null : new Refusal("4-11-3", "there is no such log"));
        await store.Write(tx => tx.Record(new(
            refusal is null ? what : $"{what} refused", clock.GetUtcNow(), refusal?.Clause.ToString() ?? "ok",
            officer.Id, logs.ContainsKey(room) ? room : null)));
        return refusal;
    }
}
