using System.Data.Common;
using Dapper;
using Jpki.Cps;
using Jpki.Ledger;

namespace Jpki.Authority;

/// <summary>
/// One issue of all CRLs and the ARL. Times are Unix seconds; <c>PublishedAt</c> is null until the Repository has it.
/// </summary>
public sealed record CrlRun(long Number, long ThisUpdate, long NextUpdate, string Why, long? PublishedAt)
{
    public DateTimeOffset ThisUpdateAt => DateTimeOffset.FromUnixTimeSeconds(ThisUpdate);

    public DateTimeOffset NextUpdateAt => DateTimeOffset.FromUnixTimeSeconds(NextUpdate);
}

/// <summary>The CRL pages of the Authority's books.</summary>
internal static class CrlBooks
{
    private const string Run =
        "number, this_update AS ThisUpdate, next_update AS NextUpdate, why, published_at AS PublishedAt";

    public static CrlRun? LastRun(DbConnection db) =>
        db.QueryFirstOrDefault<CrlRun>($"SELECT {Run} FROM crl_run ORDER BY number DESC LIMIT 1");

    public static CrlRun? LastPublishedRun(DbConnection db) => db.QueryFirstOrDefault<CrlRun>(
        $"SELECT {Run} FROM crl_run WHERE published_at IS NOT NULL ORDER BY number DESC LIMIT 1");

    public static void Add(StoreTransaction tx, CrlRun run, IReadOnlyList<IssuedCrl> crls)
    {
        tx.Execute(
            "INSERT INTO crl_run (number, this_update, next_update, why) "
            + "VALUES (@Number, @ThisUpdate, @NextUpdate, @Why)",
            run);
        foreach (var crl in crls)
        {
            tx.Execute(
                """
                INSERT INTO crl (number, generation, scope, entries, der)
                VALUES (@Number, @Generation, @Scope, @Entries, @der)
                """,
                new
                {
                    run.Number,
                    crl.Generation,
                    crl.Scope,
                    crl.Entries,
                    der = File.ReadAllBytes(crl.File),
                });
        }
    }

    public static void MarkPublished(StoreTransaction tx, long number, DateTimeOffset at) => tx.Execute(
        "UPDATE crl_run SET published_at = @at WHERE number = @number", new { number, at = at.ToUnixTimeSeconds() });

    /// <summary>The lists of one run: scope and DER, one in memory at a time.</summary>
    public static IEnumerable<(string Scope, byte[] Der)> Lists(DbConnection db, long number) =>
        db.Query<(string, byte[])>(
            "SELECT scope, der FROM crl WHERE number = @number ORDER BY generation, scope", new { number },
            buffered: false);

    /// <summary>
    /// The newest lists of generations that sign no more, as long as they are valid: another organisation issued them.
    /// (CPS 4-18)
    /// </summary>
    public static IEnumerable<byte[]> LastOf(DbConnection db, IEnumerable<int> generations, DateTimeOffset at) =>
        generations.SelectMany(generation => db.Query<byte[]>(
            """
            SELECT c.der FROM crl c JOIN crl_run r ON r.number = c.number
            WHERE c.generation = @generation AND r.next_update > @now
              AND c.number = (SELECT MAX(number) FROM crl WHERE generation = @generation)
            ORDER BY c.scope
            """, new { generation, now = at.ToUnixTimeSeconds() }));

    /// <summary>Does the last run lack this generation's lists?</summary>
    public static bool Lacks(DbConnection db, int generation) => db.ExecuteScalar<long>(
        "SELECT COUNT(*) FROM crl WHERE number = (SELECT MAX(number) FROM crl_run) AND generation = @generation",
        new { generation }) == 0;

    /// <summary>Was a certificate issued that belongs to no municipality's CRL and not on the ARL?</summary>
    public static bool HasOtherEndEntities(DbConnection db, int generation) => db.ExecuteScalar<long>(
        "SELECT COUNT(*) FROM certificate WHERE generation = @generation AND kind = @kind",
        new { generation, kind = (long)CertificateKind.ValidationServer }) > 0;
}
