using System.Data.Common;
using Dapper;
using Jpki.Cps;
using Jpki.Forms;
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

/// <summary>A list of a run, and its SHA-256 in lower-case hexadecimal.</summary>
internal sealed record CrlName(long Generation, string Scope, string Sha256);

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
            var der = File.ReadAllBytes(crl.File);
            tx.Execute(
                """
                INSERT INTO crl (number, generation, scope, entries, der, sha256)
                VALUES (@Number, @Generation, @Scope, @Entries, @der, @sha256)
                """,
                new
                {
                    run.Number,
                    crl.Generation,
                    crl.Scope,
                    crl.Entries,
                    der,
                    sha256 = Publication.DigestOf(der),
                });
        }
    }

    public static void MarkPublished(StoreTransaction tx, long number, DateTimeOffset at) => tx.Execute(
        "UPDATE crl_run SET published_at = @at WHERE number = @number", new { number, at = at.ToUnixTimeSeconds() });

    /// <summary>The lists of one run, by what they are named when they are published.</summary>
    public static IReadOnlyList<CrlName> Names(DbConnection db, long number) =>
        [.. db.Query<CrlName>(
            """
            SELECT generation AS Generation, scope AS Scope, sha256 AS Sha256 FROM crl
            WHERE number = @number ORDER BY generation, scope
            """, new { number })
            // Runs of before the books kept digests.
            .Select(n => n.Sha256 is null ? n with { Sha256 = Publication.DigestOf(Octets(db, number, n)) } : n)];

    /// <summary>DER.</summary>
    public static byte[] Octets(DbConnection db, long number, CrlName name) => db.QueryFirst<byte[]>(
        "SELECT der FROM crl WHERE number = @number AND generation = @Generation AND scope = @Scope",
        new { number, name.Generation, name.Scope });

    /// <summary>Does the last run lack this generation's lists?</summary>
    public static bool Lacks(DbConnection db, int generation) => db.ExecuteScalar<long>(
        "SELECT COUNT(*) FROM crl WHERE number = (SELECT MAX(number) FROM crl_run) AND generation = @generation",
        new { generation }) == 0;

    /// <summary>Was a certificate issued that belongs to no municipality's CRL and not on the ARL?</summary>
    public static bool HasOtherEndEntities(DbConnection db, int generation) => db.ExecuteScalar<long>(
        "SELECT COUNT(*) FROM certificate WHERE generation = @generation AND kind = @kind AND kind <> 2",
        new { generation, kind = (long)CertificateKind.ValidationServer }) > 0;
}
