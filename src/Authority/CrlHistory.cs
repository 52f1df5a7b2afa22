using System.Data.Common;
using Dapper;
using Jpki.Forms;

namespace Jpki.Authority;

/// <summary>What was issued when, list by list; every run is kept. 失効記録の発行履歴 (CPS 4-4-9)</summary>
internal static class CrlHistory
{
    private const int PageRows = 20;

    private const string Columns =
        "r.number, r.this_update AS ThisUpdate, r.next_update AS NextUpdate, r.why, r.published_at AS PublishedAt";

    /// <summary>The runs before that number, newest first; the newest of all when it is null.</summary>
    public static CrlRuns Runs(DbConnection db, long? before)
    {
        var rows = db.Query<RunRow>(
            $"""
            SELECT {Columns}, COUNT(*) AS Lists, COALESCE(SUM(l.entries), 0) AS Entries,
                   COALESCE(SUM(LENGTH(l.der)), 0) AS Octets
            FROM (SELECT * FROM crl_run WHERE number < @before ORDER BY number DESC LIMIT @rows) r
            JOIN crl l ON l.number = r.number
            GROUP BY r.number, r.this_update, r.next_update, r.why, r.published_at ORDER BY r.number DESC
            """, new { before = before ?? long.MaxValue, rows = PageRows + 1 }).AsList();
        return new(
            [.. rows.Take(PageRows).Select(r => new CrlRunSummary(r.Seen(), r.Why, (long)r.Lists, (long)r.Entries,
                (long)r.Octets))],
            rows.Count > PageRows ? rows[PageRows - 1].Number : null);
    }

    /// <summary>Null when there was no such run.</summary>
    public static CrlRunLists? Lists(DbConnection db, long number) =>
        db.QueryFirstOrDefault<RunRow>($"SELECT {Columns} FROM crl_run r WHERE r.number = @number", new { number })
            is not { } run
            ? null
            : new(run.Seen(), run.Why, [.. db.Query<CrlSummary>(
                """
                SELECT generation AS Generation, scope AS Scope, entries AS Entries,
                       CAST(LENGTH(der) AS BIGINT) AS Octets
                FROM crl WHERE number = @number ORDER BY generation DESC, scope
                """, new { number })]);

    /// <summary>A list's DER; null when there is none.</summary>
    public static byte[]? Bytes(DbConnection db, long number, long generation, string scope) =>
        db.QueryFirstOrDefault<byte[]>(
            "SELECT der FROM crl WHERE number = @number AND generation = @generation AND scope = @scope",
            new { number, generation, scope });

    private sealed class RunRow
    {
        public long Number { get; init; }

        public long ThisUpdate { get; init; }

        public long NextUpdate { get; init; }

        public string Why { get; init; } = "";

        public long? PublishedAt { get; init; }

        public long Lists { get; init; }

        // SUM of BIGINT is NUMERIC in PostgreSQL.
        public decimal Entries { get; init; }

        public decimal Octets { get; init; }

        public CrlRunReport Seen() => new(
            Number, At(ThisUpdate), At(NextUpdate), PublishedAt is { } published ? At(published) : null);

        private static DateTimeOffset At(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds);
    }
}
