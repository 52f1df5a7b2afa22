using System.Data.Common;
using Dapper;
using Jpki.Cps;
using Jpki.Ledger;

namespace Jpki.Authority;

/// <summary>
/// How many certificates of each kind were issued and how many of those revoked, counted as it happens. 発行件数
/// </summary>
internal static class Tally
{
    public static void Issued(StoreTransaction tx, CertificateKey key) => tx.Command(
        """
        INSERT INTO certificate_tally (kind, issued, revoked)
        SELECT kind, 1, 0 FROM certificate WHERE generation = @generation AND counter = @counter
        ON CONFLICT (kind) DO UPDATE SET issued = certificate_tally.issued + 1
        """).Set("generation", (long)key.Generation).Set("counter", key.Counter).Execute();

    /// <summary>To be told before the state changes: what was never issued, or is revoked already, counts for
    /// nothing.</summary>
    public static void Revoked(StoreTransaction tx, CertificateKey key) => tx.Command(
        """
        UPDATE certificate_tally SET revoked = revoked + 1
        WHERE kind = (SELECT kind FROM certificate
                      WHERE generation = @generation AND counter = @counter AND state = 1)
        """).Set("generation", (long)key.Generation).Set("counter", key.Counter).Execute();

    public static (long Issued, long Revoked) Of(DbConnection db, CertificateKind kind) =>
        db.QueryFirstOrDefault<(long, long)>(
            "SELECT issued, revoked FROM certificate_tally WHERE kind = @kind", new { kind = (long)kind });
}
