using System.Data.Common;
using System.Text.Json;
using Dapper;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Ledger;
using Jpki.X509;

namespace Jpki.Authority;

/// <summary>
/// A cross certificate in the books; its receipt when it was filed; for what we gave, the generation that signed it.
/// </summary>
internal sealed record CrossRow(Certificate Certificate, string? Receipt, int Generation);

/// <summary>The pages of the Authority's books about cross certificates.</summary>
internal static class CrossBooks
{
    public static void AddIssued<T>(StoreTransaction tx, CertificateKey key, Name partner, CrossOrder<T> order) =>
        tx.Execute(
            """
            INSERT INTO cross_issued (generation, counter, partner, papers)
            VALUES (@Generation, @Counter, @partner, @papers)
            """, new { key.Generation, key.Counter, partner = partner.ToString(), papers = Text(order) });

    public static void AddAccepted<T>(
        StoreTransaction tx, string approval, Certificate certificate, CrossOrder<T> order, DateTimeOffset at) =>
        tx.Execute(
            """
            INSERT INTO cross_accepted (approval, serial, partner, der, papers, accepted_at)
            VALUES (@approval, @serial, @partner, @der, @papers, @at)
            """,
            new
            {
                approval,
                serial = certificate.Serial.ToString(),
                partner = certificate.Issuer.ToString(),
                der = certificate.Der.ToArray(),
                papers = Text(order),
                at = at.ToUnixTimeSeconds(),
            });

    public static void AddRefused<T>(
        StoreTransaction tx, string approval, string what, Refusal refusal, CrossOrder<T> order, DateTimeOffset at) =>
        tx.Execute(
            """
            INSERT INTO cross_refused (approval, what, clause, reason, papers, at)
            VALUES (@approval, @what, @clause, @Reason, @papers, @at) ON CONFLICT (approval) DO NOTHING
            """,
            new
            {
                approval,
                what,
                clause = refusal.Clause.Number,
                refusal.Reason,
                papers = Text(order),
                at = at.ToUnixTimeSeconds(),
            });

    /// <summary>What was accepted under this approval; null when nothing was.</summary>
    public static Certificate? FindAccepted(StoreTransaction tx, string approval) =>
        tx.QueryFirstOrDefault<byte[]>("SELECT der FROM cross_accepted WHERE approval = @approval", new { approval })
            is { } der ? Certificate.Read(der) : null;

    /// <summary>Nothing that this partner gave us counts any more.</summary>
    public static void EndAccepted(StoreTransaction tx, string partner, DateTimeOffset at) => tx.Execute(
        "UPDATE cross_accepted SET ended_at = @at WHERE partner = @partner AND ended_at IS NULL",
        new { partner, at = at.ToUnixTimeSeconds() });

    /// <summary>
    /// What we gave others and what was not revoked, by itself or with our key; the newest first: in order of these
    /// few, for in the order of dates a database reads through every certificate there is.
    /// </summary>
    public static IReadOnlyList<CrossRow> Issued(DbConnection db) => [.. Read(db.Query<(byte[], string?, long)>(
        """
        SELECT c.der, x.receipt, x.generation FROM cross_issued x
        JOIN certificate c ON c.generation = x.generation AND c.counter = x.counter
        JOIN certificate_now n ON n.generation = x.generation AND n.counter = x.counter
        WHERE n.state = 1 ORDER BY x.generation DESC, x.counter DESC
        """)).OrderByDescending(r => r.Certificate.NotBefore)];

    /// <summary>What others gave us and what still counts, the newest first.</summary>
    public static IReadOnlyList<CrossRow> Accepted(DbConnection db) => Read(db.Query<(byte[], string?, long)>(
        "SELECT der, receipt, CAST(0 AS BIGINT) FROM cross_accepted WHERE ended_at IS NULL ORDER BY accepted_at DESC"));

    /// <summary>Files a receipt, once; false when there is no such certificate.</summary>
    public static bool FileReceipt(StoreTransaction tx, CrossReceipt paper, CertificateKey? ours)
    {
        var filed = ours is { } key
            ? tx.Execute(
                """
                UPDATE cross_issued SET receipt = COALESCE(receipt, @Receipt)
                WHERE generation = @Generation AND counter = @Counter AND partner = @Partner
                """, new { paper.Receipt, paper.Partner, key.Generation, key.Counter })
            : tx.Execute(
                """
                UPDATE cross_accepted SET receipt = COALESCE(receipt, @Receipt)
                WHERE serial = @Serial AND partner = @Partner AND ended_at IS NULL
                """, paper);
        return filed > 0;
    }

    /// <summary>The newest hundred that were refused, the newest first.</summary>
    public static IReadOnlyList<CrossRefusal> Refused(DbConnection db) =>
    [
        .. from row in db.Query<(long At, string What, string Clause, string Reason, string Papers)>(
               "SELECT at, what, clause, reason, papers FROM cross_refused ORDER BY at DESC LIMIT 100")
           let order = JsonSerializer.Deserialize<CrossOrder<JsonElement>>(row.Papers, FormJson.Options)!
           select new CrossRefusal(
               DateTimeOffset.FromUnixTimeSeconds(row.At), row.What, row.Clause, row.Reason, order.Papers.Case,
               JsonSerializer.SerializeToElement(order, FormJson.Options)),
    ];

    public static bool IsCross(StoreTransaction tx, CertificateKey key) => tx.QueryFirstOrDefault<long>(
        "SELECT COUNT(*) FROM cross_issued WHERE generation = @Generation AND counter = @Counter", key) > 0;

    private static List<CrossRow> Read(IEnumerable<(byte[] Der, string? Receipt, long Generation)> rows) =>
        [.. rows.Select(r => new CrossRow(Certificate.Read(r.Der), r.Receipt, (int)r.Generation))];

    private static string Text<T>(CrossOrder<T> order) => JsonSerializer.Serialize(order, FormJson.Options);
}
