using System.Data.Common;
using Dapper;
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
            body = Bodies.Write(receipt),
            paper,
        });

    /// <summary>The one that this very paper began and that still waits for the holder's answer.</summary>
    public static Receipt? Same(StoreTransaction tx, string municipality, string paper) =>
        tx.Query<string>("SELECT body FROM receipts WHERE municipality = @municipality AND paper = @paper",
            new { municipality, paper }).Select(Parse).FirstOrDefault(r => r.State == ReceiptState.Inquiring);

    /// <summary>False, and nothing changed, when it does not wait for the holder's answer any more.</summary>
    public static bool EndInquiry(StoreTransaction tx, Receipt receipt)
    {
        if (Bodies.Read<Receipt>(tx.QueryFirstOrDefault<string>(
            "SELECT body FROM receipts WHERE id = @Id", new { receipt.Id })) is not { State: ReceiptState.Inquiring })
        {
            return false;
        }
        Update(tx, receipt);
        return true;
    }

    public static void Update(StoreTransaction tx, Receipt receipt) => tx.Execute(
        "UPDATE receipts SET body = @body WHERE id = @Id", new { receipt.Id, body = Bodies.Write(receipt) });

    public static Receipt? Find(DbConnection db, string id) =>
        Bodies.Read<Receipt>(db.QueryFirstOrDefault<string>("SELECT body FROM receipts WHERE id = @id", new { id }));

    /// <summary>The newest first.</summary>
    public static IReadOnlyList<Receipt> Since(DbConnection db, string municipality, DateTimeOffset from) =>
        Bodies.ReadAll<Receipt>(db.Query<string>("""
            SELECT body FROM receipts WHERE municipality = @municipality AND received_at >= @at
            ORDER BY received_at DESC LIMIT 500
            """, new { municipality, at = from.ToUnixTimeMilliseconds() }));

    /// <summary>About these certificates, the newest first; reads all of the municipality's.</summary>
    public static IReadOnlyList<Receipt> Of(DbConnection db, string municipality, IReadOnlySet<string> serials) =>
        [.. db.Query<string>(
            "SELECT body FROM receipts WHERE municipality = @municipality ORDER BY received_at DESC",
            new { municipality }, buffered: false).Select(Parse).Where(r => serials.Contains(r.Serial))];

    public static Receipt Parse(string body) => Bodies.Read<Receipt>(body)!;
}
