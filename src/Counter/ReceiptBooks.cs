using System.Data.Common;
using System.Text.Json;
using Dapper;
using Jpki.Forms;
using Jpki.Ledger;

namespace Jpki.Counter;

/// <summary>Receipts as the store keeps them.</summary>
internal static class ReceiptBooks
{
    /// <param name="tx">Where.</param>
    /// <param name="receipt">What.</param>
    /// <param name="paper">By which an agent's paper is known when it comes again.</param>
    public static void Add(StoreTransaction tx, Receipt receipt, string? paper = null) => tx.Execute("""
        INSERT INTO receipts (id, municipality, received_at, body, paper)
        VALUES (@Id, @Municipality, @at, @body, @paper)
        """,
        new
        {
            receipt.Id,
            receipt.Municipality,
            at = receipt.AcceptedAt.ToUnixTimeMilliseconds(),
            body = Write(receipt),
            paper,
        });

    /// <summary>The one that this very paper began and that still waits for the holder's answer.</summary>
    public static Receipt? Same(StoreTransaction tx, string municipality, string paper) =>
        tx.Query<string>("SELECT body FROM receipts WHERE municipality = @municipality AND paper = @paper",
            new { municipality, paper }).Select(Parse).FirstOrDefault(r => r.State == ReceiptState.Inquiring);

    /// <summary>False, and nothing changed, when it does not wait for the holder's answer any more.</summary>
    public static bool EndInquiry(StoreTransaction tx, Receipt receipt)
    {
        if (Read(tx.QueryFirstOrDefault<string>("SELECT body FROM receipts WHERE id = @Id", new { receipt.Id }))
            is not { State: ReceiptState.Inquiring })
        {
            return false;
        }
        Update(tx, receipt);
        return true;
    }

    public static void Update(StoreTransaction tx, Receipt receipt) =>
        tx.Execute("UPDATE receipts SET body = @body WHERE id = @Id", new { receipt.Id, body = Write(receipt) });

    public static Receipt? Find(DbConnection db, string id) =>
        Read(db.QueryFirstOrDefault<string>("SELECT body FROM receipts WHERE id = @id", new { id }));

    /// <summary>The newest first.</summary>
    public static IReadOnlyList<Receipt> Since(DbConnection db, string municipality, DateTimeOffset from) =>
        [.. db.Query<string>("""
            SELECT body FROM receipts WHERE municipality = @municipality AND received_at >= @at
            ORDER BY received_at DESC LIMIT 500
            """, new { municipality, at = from.ToUnixTimeMilliseconds() }).Select(body => Read(body)!)];

    /// <summary>About these certificates, the newest first; reads all of the municipality's.</summary>
    public static IReadOnlyList<Receipt> Of(DbConnection db, string municipality, IReadOnlySet<string> serials) =>
        [.. db.Query<string>(
            "SELECT body FROM receipts WHERE municipality = @municipality ORDER BY received_at DESC",
            new { municipality }, buffered: false).Select(Parse).Where(r => serials.Contains(r.Serial))];

    public static Receipt Parse(string body) => Read(body)!;

    private static string Write(Receipt receipt) => JsonSerializer.Serialize(receipt, FormJson.Options);

    private static Receipt? Read(string? body) =>
        body is null ? null : JsonSerializer.Deserialize<Receipt>(body, FormJson.Options);
}
