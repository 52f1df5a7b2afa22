using System.Data.Common;
using Dapper;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Ledger;

namespace Jpki.Authority;

/// <summary>A compromise as it was declared. Times are Unix seconds.</summary>
internal sealed record CompromiseRow(long Generation, long DeclaredAt, string Officers, string Why)
{
    public DateTimeOffset At => DateTimeOffset.FromUnixTimeSeconds(DeclaredAt);
}

/// <summary>The pages of the Authority's books about compromised keys.</summary>
internal static class CompromiseBooks
{
    /// <summary>Oldest first.</summary>
    public static IReadOnlyList<CompromiseRow> All(DbConnection db) => db.Query<CompromiseRow>(
        "SELECT generation, declared_at AS DeclaredAt, officers, why FROM compromise ORDER BY declared_at, generation")
        .AsList();

    public static bool Knows(StoreTransaction tx, int generation) => tx.QueryFirstOrDefault<long>(
        "SELECT COUNT(*) FROM compromise WHERE generation = @generation", new { generation }) > 0;

    public static void Add(StoreTransaction tx, CompromiseRow row) => tx.Execute(
        """
        INSERT INTO compromise (generation, declared_at, officers, why)
        VALUES (@Generation, @DeclaredAt, @Officers, @Why)
        """, row);

    public static void Done(StoreTransaction tx, long generation, string step, DateTimeOffset at, string result)
    {
        tx.Execute(
            """
            INSERT INTO compromise_step (generation, step, at, result) VALUES (@generation, @step, @at, @result)
            ON CONFLICT (generation, step) DO NOTHING
            """, new { generation, step, at = at.ToUnixTimeMilliseconds(), result });
        tx.Record(new($"compromise: {step}", at, "ok", "Authority", $"generation {generation}, {result}"));
    }

    public static IReadOnlyList<CompromiseStep> Steps(DbConnection db, long generation) =>
        [.. db.Query<(string Step, long At, string Result)>(
            "SELECT step, at, result FROM compromise_step WHERE generation = @generation ORDER BY at, step",
            new { generation })
            .Select(r => new CompromiseStep(r.Step, DateTimeOffset.FromUnixTimeMilliseconds(r.At), r.Result))];

    /// <summary>Generations whose compromise has not come as far as this step.</summary>
    public static IReadOnlyList<long> Lacking(StoreTransaction tx, string step) => tx.Query<long>(
        """
        SELECT generation FROM compromise c
        WHERE NOT EXISTS (SELECT 1 FROM compromise_step s WHERE s.generation = c.generation AND s.step = @step)
        ORDER BY generation
        """, new { step });

    /// <summary>Runs that were begun since, so that they hold everything it revoked; null when there is none.</summary>
    public static long? RunSince(StoreTransaction tx, long generation, string why) => tx.QueryFirstOrDefault<long?>(
        """
        SELECT r.number FROM crl_run r JOIN compromise c ON c.generation = @generation
        WHERE r.this_update >= c.declared_at AND r.why = @why ORDER BY r.number LIMIT 1
        """, new { generation, why });

    /// <summary>Live links, whoever signed them, that vouch for this key; and the key's own certificate.</summary>
    public static IReadOnlyList<CertificateRow> VouchingFor(StoreTransaction tx, byte[] keyDigest, long generation) =>
        tx.Query<CertificateRow>(
            """
            SELECT generation, counter, kind, state, municipality, not_after AS NotAfter, revoked_at AS RevokedAt,
                   reason
            FROM certificate_now WHERE key_digest = @keyDigest AND state = 1 AND generation <> @generation
            """, new { keyDigest, generation });

    /// <summary>
    /// How many live certificates went with the key, by kind. Residents' are counted along one index, less those that
    /// were revoked by themselves before.
    /// </summary>
    public static IReadOnlyList<(long Kind, long Count)> Revoked(DbConnection db, CompromiseRow row)
    {
        var live = new { row.Generation, row.DeclaredAt };
        var residents = Municipalities.All.Sum(m => Residents(db, m.Code5, row));
        return
        [
            ((long)CertificateKind.Resident, residents),
            .. db.Query<(long, long)>(
                """
                SELECT kind, COUNT(*) FROM certificate
                WHERE kind <> 2 AND generation = @Generation AND state = 1 AND not_after >= @DeclaredAt GROUP BY kind
                """, live),
        ];
    }

    /// <summary>Brings the count of revoked certificates up to date; once.</summary>
    public static void Count(StoreTransaction tx, IEnumerable<(long Kind, long Count)> counts)
    {
        foreach (var (kind, count) in counts)
        {
            tx.Execute(
                "UPDATE certificate_tally SET revoked = revoked + @count WHERE kind = @kind", new { kind, count });
        }
    }

    private static long Residents(DbConnection db, string municipality, CompromiseRow row)
    {
        var values = new { municipality, row.Generation, row.DeclaredAt };
        return db.ExecuteScalar<long>(
            """
            SELECT COUNT(*) FROM certificate
            WHERE municipality = @municipality AND generation = @Generation AND not_after >= @DeclaredAt
            """, values)
            - db.ExecuteScalar<long>(
            """
            SELECT COUNT(*) FROM certificate
            WHERE state = 2 AND generation = @Generation AND municipality = @municipality AND not_after >= @DeclaredAt
            """, values);
    }
}
