using System.Data.Common;
using Dapper;

namespace Jpki.Counter;

/// <summary>How many papers of one kind came to one end.</summary>
public sealed record Tally(string What, string State, long Count);

/// <summary>What was found: papers of this municipality.</summary>
public sealed record FoundPapers(
    IReadOnlyList<IssuanceApplication> Applications, IReadOnlyList<Receipt> Receipts,
    IReadOnlyList<CounterRequest> Requests)
{
    public int Count => Applications.Count + Receipts.Count + Requests.Count;
}

/// <summary>What happened at this municipality's counter: a day's papers, a search, a month's numbers. 履歴</summary>
public sealed class HistoryDesk
{
    private const int MostFound = 50;

    private readonly CounterDesk desk;

    internal HistoryDesk(CounterDesk desk) => this.desk = desk;

    /// <summary>One day in Japan, the newest first.</summary>
    public FoundPapers Day(OfficerOnDuty officer, DateOnly day)
    {
        var (from, to) = (Days.Start(day), Days.Start(day).AddDays(1));
        return desk.Store.Read(db => new FoundPapers(
            [.. ApplicationBooks.Since(db, officer.Municipality, from).Where(a => a.ReceivedAt < to)],
            [.. ReceiptBooks.Since(db, officer.Municipality, from).Where(r => r.AcceptedAt < to)],
            RequestBooks.Between(db, officer.Municipality, from, to)));
    }

    /// <summary>By a paper's whole number, or the beginning of a name. Who searched is in the log.</summary>
    public async Task<FoundPapers> Search(OfficerOnDuty officer, string query)
    {
        await desk.Store.Write(tx => tx.Record(new("search", desk.Now, "done", officer.Id)));
        var residents = desk.Register.Search(officer.Municipality, query, withoutCertificate: false, MostFound)
            .Select(r => r.Id).ToArray();
        var number = FullWidth.ToAscii(query).Trim().ToUpperInvariant();
        return desk.Store.Read(db => new FoundPapers(
            [.. residents.SelectMany(r => ApplicationBooks.Of(db, r))
                .Concat(One(ApplicationBooks.Find(db, number))).Where(a => a.Municipality == officer.Municipality)],
            [.. Ended(db, officer.Municipality, residents)
                .Concat(One(ReceiptBooks.Find(db, number))).Where(r => r.Municipality == officer.Municipality)],
            [.. residents.SelectMany(r => RequestBooks.Of(db, r))
                .Concat(One(RequestBooks.Find(db, number))).Where(q => q.Municipality == officer.Municipality)]));
    }

    /// <summary>A month's papers by kind and state.</summary>
    /// <param name="officer">Whose municipality.</param>
    /// <param name="first">The month's first day.</param>
    public IReadOnlyList<Tally> Month(OfficerOnDuty officer, DateOnly first)
    {
        var (from, to) = (Days.Start(first), Days.Start(first.AddMonths(1)));
        object which = new
        {
            officer.Municipality,
            from = from.ToUnixTimeMilliseconds(),
            to = to.ToUnixTimeMilliseconds(),
        };
        return desk.Store.Read(db => (Tally[])
        [
            .. db.Query<Row>("""
                SELECT state AS State, COUNT(*) AS Count FROM applications
                WHERE municipality = @Municipality AND received_at >= @from AND received_at < @to
                GROUP BY state ORDER BY state
                """, which).Select(r => new Tally("発行申請", Wording.Of(Enum.Parse<ApplicationState>(r.State)), r.Count)),
            .. db.Query<string>("""
                SELECT body FROM receipts
                WHERE municipality = @Municipality AND received_at >= @from AND received_at < @to
                """, which).Select(ReceiptBooks.Parse).CountBy(r => (Cause: Wording.CauseOf(r), r.State)).Select(r =>
                    new Tally("失効", $"{r.Key.Cause}：{Wording.Of(r.Key.State)}", r.Value)),
            .. db.Query<Row>("""
                SELECT kind AS Kind, state AS State, COUNT(*) AS Count FROM requests
                WHERE municipality = @Municipality AND received_at >= @from AND received_at < @to
                GROUP BY kind, state ORDER BY kind, state
                """, which).Select(r => new Tally(
                    Wording.Of(Enum.Parse<RequestKind>(r.Kind)), Wording.Of(Enum.Parse<RequestState>(r.State)),
                    r.Count)),
        ]);
    }

    /// <summary>What was written about the ends of these people's certificates.</summary>
    private static IReadOnlyList<Receipt> Ended(DbConnection db, string municipality, string[] residents)
    {
        var serials = residents.SelectMany(r => CertificateBooks.Of(db, r)).Select(c => c.Serial).ToHashSet();
        return serials.Count == 0 ? [] : ReceiptBooks.Of(db, municipality, serials);
    }

    private static T[] One<T>(T? found) where T : class => found is null ? [] : [found];

    private sealed record Row
    {
        public string Kind { get; init; } = "";

        public string State { get; init; } = "";

        public long Count { get; init; }
    }
}
