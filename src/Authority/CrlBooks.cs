using System.Data.Common;
using Dapper;
using Jpki.Cps;
using Jpki.Ledger;
using Jpki.X509;

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
                VALUES (@Number, @Generation, @Scope, @entries, @der)
                """,
                new
                {
                    run.Number,
                    crl.Generation,
                    crl.Scope,
                    entries = crl.Crl.Entries().LongCount(),
                    der = crl.Crl.Der.ToArray()
                });
        }
    }

    public static void MarkPublished(StoreTransaction tx, long number, DateTimeOffset at) => tx.Execute(
        "UPDATE crl_run SET published_at = @at WHERE number = @number", new { number, at = at.ToUnixTimeSeconds() });

    /// <summary>The lists of one run: scope and DER.</summary>
    public static IReadOnlyList<(string Scope, byte[] Der)> Lists(DbConnection db, long number) =>
        [.. db.Query<(string, byte[])>(
            "SELECT scope, der FROM crl WHERE number = @number ORDER BY generation, scope", new { number })];

    /// <summary>Was a certificate issued that belongs to no municipality's CRL and not on the ARL?</summary>
    public static bool HasOtherEndEntities(DbConnection db, int generation) => db.ExecuteScalar<long>(
        "SELECT COUNT(*) FROM certificate WHERE generation = @generation AND kind = @kind",
        new { generation, kind = (long)CertificateKind.ValidationServer }) > 0;

    /// <summary>
    /// The revoked certificates of a generation that had not ended before <paramref name="since"/>, by scope and in the
    /// order they were issued. A responder's certificate is never looked up (nocheck), so it is on no list.
    /// </summary>
    public static Dictionary<string, List<RevokedEntry>> Revoked(
        DbConnection db, int generation, DateTimeOffset since, KeyRing keys)
    {
        Dictionary<string, List<RevokedEntry>> byScope = [];
        var rows = db.Query<(string? Municipality, long Kind, long Counter, long RevokedAt, long Reason)>(
            """
            SELECT municipality, kind, counter, revoked_at, reason FROM certificate
            WHERE generation = @generation AND state = 2 AND kind <> @responder AND not_after >= @since
            ORDER BY municipality, counter
            """,
            new { generation, responder = (long)CertificateKind.OcspResponder, since = since.ToUnixTimeSeconds() },
            buffered: false);
        foreach (var row in rows)
        {
            var scope = row.Municipality
                ?? (Profiles.Of((CertificateKind)row.Kind).IsAuthority
                    ? CrlOffice.AuthorityScope
                    : CrlOffice.PrefectureScope);
            if (!byScope.TryGetValue(scope, out var entries))
                byScope[scope] = entries = [];
            entries.Add(new(
                keys.SerialOf(new(generation, row.Counter)), DateTimeOffset.FromUnixTimeSeconds(row.RevokedAt),
                (int)row.Reason));
        }
        return byScope;
    }
}
