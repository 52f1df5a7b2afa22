using System.Data.Common;
using System.Globalization;
using Dapper;
using Jpki.Cps;
using Jpki.Ledger;

namespace Jpki.Counter;

/// <summary>The fee for one certificate, taken. 発行手数料の領収 (CPS 2-1-3(14), 2-1-5(6), 2-5)</summary>
public sealed record Payment
{
    public required string Id { get; init; }

    public required string Municipality { get; init; }

    public required string ApplicationId { get; init; }

    /// <summary>In yen.</summary>
    public required int Amount { get; init; }

    /// <summary>The day of business it belongs to, in Japan: after the closing the next.</summary>
    public required DateOnly Day { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Officer { get; init; }
}

/// <summary>A day's fees, counted and closed. 日計</summary>
public sealed record Closing
{
    public required string Municipality { get; init; }

    public required DateOnly Day { get; init; }

    public required int Count { get; init; }

    /// <summary>By the receipts, in yen.</summary>
    public required int Total { get; init; }

    /// <summary>In the till, in yen.</summary>
    public required int Counted { get; init; }

    /// <summary>Why the two differ; null when they do not.</summary>
    public string? Note { get; init; }

    public required string Officer { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>What the officer who closes the day counted.</summary>
public sealed record ClosingForm(int Counted, string? Note = null);

/// <summary>One day's receipts, and its closing when it is closed.</summary>
public sealed record FeeDay(DateOnly Day, IReadOnlyList<Payment> Payments, Closing? Closing)
{
    public int Total => Payments.Sum(p => p.Amount);
}

/// <summary>Takes fees, gives receipts and closes the day. 手数料 (CPS 2-1-3(14))</summary>
public sealed class FeeDesk
{
    private const int LongestNote = 500;

    private readonly CounterDesk desk;
    private readonly IssuanceDesk issuance;
    private readonly CounterOptions options;

    internal FeeDesk(CounterDesk desk, IssuanceDesk issuance, CounterOptions options) =>
        (this.desk, this.issuance, this.options) = (desk, issuance, options);

    /// <summary>The fee for an application whose certificate is issued; asked twice, the same receipt.</summary>
    public async Task<Outcome<Payment>> Take(OfficerOnDuty officer, string application)
    {
        if (issuance.Find(officer, application).IsRefused(out var refusal, out var found))
            return refusal;
        if (found.State is not (ApplicationState.Issued or ApplicationState.Delivered))
            return new Refusal("2-1-3(14)", "手数料は、電子証明書が発行されてから受け取ります。");
        return await desk.Store.Write(tx =>
        {
            if (FeeBooks.Of(tx, application) is { } earlier)
                return earlier;
            Payment payment = new()
            {
                Id = desk.NewId("F"),
                Municipality = officer.Municipality,
                ApplicationId = application,
                Amount = options.Fee,
                Day = FeeBooks.IsClosed(tx, officer.Municipality, desk.Today) ? desk.Today.AddDays(1) : desk.Today,
                At = desk.Now,
                Officer = officer.Id,
            };
            FeeBooks.Add(tx, payment);
            tx.Record(new("fee", desk.Now, $"{payment.Amount} yen", officer.Id, payment.Id));
            return payment;
        });
    }

    public Outcome<Payment> Find(OfficerOnDuty officer, string id) =>
        desk.Store.Read(db => FeeBooks.Find(db, id)) is not { } payment
            ? new Refusal("2-1-3(14)", "この番号の領収書はありません。")
            : payment.Municipality == officer.Municipality ? payment : OfficerOnDuty.NotYours;

    public FeeDay Day(OfficerOnDuty officer, DateOnly day) => desk.Store.Read(db => new FeeDay(
        day, FeeBooks.OfDay(db, officer.Municipality, day), FeeBooks.ClosingOf(db, officer.Municipality, day)));

    /// <summary>Closes today: what is in the till against the receipts. A difference needs a word. 締め</summary>
    public async Task<Outcome<Closing>> Close(OfficerOnDuty officer, ClosingForm form)
    {
        if (form.Counted is < 0 or > 10_000_000)
            return Wrong("counted", "現金の合計額を、0以上の数字で記入してください。");
        if (form.Note is { Length: > LongestNote } || form.Note?.Any(char.IsControl) == true)
            return Wrong("note", $"理由は{LongestNote}文字までで記入してください。");
        return await desk.Store.Write(tx =>
        {
            if (FeeBooks.IsClosed(tx, officer.Municipality, desk.Today))
                return Wrong("counted", "本日の日計は、既に締められています。");
            var (count, total) = FeeBooks.Sum(tx, officer.Municipality, desk.Today);
            if (total != form.Counted && string.IsNullOrWhiteSpace(form.Note))
            {
                var difference = Wording.Yen(Math.Abs(total - form.Counted));
                return Wrong("note", $"領収書の合計{Wording.Yen(total)}と{difference}の差があります。理由を記入してください。");
            }
            Closing closing = new()
            {
                Municipality = officer.Municipality,
                Day = desk.Today,
                Count = count,
                Total = total,
                Counted = form.Counted,
                Note = string.IsNullOrWhiteSpace(form.Note) ? null : form.Note,
                Officer = officer.Id,
                At = desk.Now,
            };
            FeeBooks.Add(tx, closing);
            tx.Record(new("closing", desk.Now, total == form.Counted ? "agrees" : "differs", officer.Id));
            return closing;
        });
    }

    private static Outcome<Closing> Wrong(string field, string reason) =>
        new Refusal("2-1-3(14)", reason) { Field = field };
}

/// <summary>Receipts and closings as the store keeps them.</summary>
internal static class FeeBooks
{
    public static void Add(StoreTransaction tx, Payment payment) => tx.Execute("""
        INSERT INTO payments (id, municipality, application, day, amount, body)
        VALUES (@Id, @Municipality, @ApplicationId, @day, @amount, @body)
        """,
        new
        {
            payment.Id,
            payment.Municipality,
            payment.ApplicationId,
            day = Text(payment.Day),
            amount = (long)payment.Amount,
            body = Bodies.Write(payment),
        });

    public static void Add(StoreTransaction tx, Closing closing) => tx.Execute(
        "INSERT INTO closings (municipality, day, body) VALUES (@Municipality, @day, @body)",
        new
        {
            closing.Municipality,
            day = Text(closing.Day),
            body = Bodies.Write(closing),
        });

    public static Payment? Of(StoreTransaction tx, string application) => Bodies.Read<Payment>(
        tx.QueryFirstOrDefault<string>(
            "SELECT body FROM payments WHERE application = @application", new { application }));

    public static Payment? Of(DbConnection db, string application) => Bodies.Read<Payment>(
        db.QueryFirstOrDefault<string>(
            "SELECT body FROM payments WHERE application = @application", new { application }));

    public static Payment? Find(DbConnection db, string id) => Bodies.Read<Payment>(
        db.QueryFirstOrDefault<string>("SELECT body FROM payments WHERE id = @id", new { id }));

    public static IReadOnlyList<Payment> OfDay(DbConnection db, string municipality, DateOnly day) =>
        [.. db.Query<string>("SELECT body FROM payments WHERE municipality = @municipality AND day = @day",
            new { municipality, day = Text(day) }).Select(body => Bodies.Read<Payment>(body)!).OrderBy(p => p.At)];

    public static Closing? ClosingOf(DbConnection db, string municipality, DateOnly day) => Bodies.Read<Closing>(
        db.QueryFirstOrDefault<string>("SELECT body FROM closings WHERE municipality = @municipality AND day = @day",
            new { municipality, day = Text(day) }));

    public static bool IsClosed(StoreTransaction tx, string municipality, DateOnly day) =>
        tx.QueryFirstOrDefault<string>("SELECT day FROM closings WHERE municipality = @municipality AND day = @day",
            new { municipality, day = Text(day) }) is not null;

    public static (int Count, int Total) Sum(StoreTransaction tx, string municipality, DateOnly day)
    {
        var amounts = tx.Query<long>("SELECT amount FROM payments WHERE municipality = @municipality AND day = @day",
            new { municipality, day = Text(day) });
        return (amounts.Count, (int)amounts.Sum());
    }

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
