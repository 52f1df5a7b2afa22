using System.Data.Common;
using Dapper;
using Jpki.Cps;
using Jpki.X509;

namespace Jpki.Authority;

/// <summary>
/// The revoked certificates of one list in the order they were issued, seventeen octets each; serial numbers are made
/// as the list is written. 失効した証明書情報 (CPS 7-2)
/// </summary>
internal sealed class ListLines(KeyRing keys, Generation generation)
{
    private const int Batch = 1024;

    private readonly List<Line> lines = [];

    public long Count => lines.Count;

    /// <summary>Those of a municipality's residents that had not ended before <paramref name="since"/>.</summary>
    public static ListLines OfResidents(
        DbConnection db, KeyRing keys, Generation generation, string municipality, DateTimeOffset since)
    {
        ListLines list = new(keys, generation);
        list.Read(
            db,
            """
            SELECT counter, revoked_at, reason FROM certificate
            WHERE state = 2 AND generation = @generation AND municipality = @municipality AND not_after >= @since
            ORDER BY counter
            """, new { generation = generation.Number, municipality, since = since.ToUnixTimeSeconds() });
        if (generation.CompromisedAt is { } at)
            list.AddRest(Counters(db, generation.Number, municipality, Later(since, at)), at);
        return list;
    }

    /// <summary>
    /// Those that belong to no municipality, of these kinds. A responder's certificate is never looked up (nocheck), so
    /// it is on no list.
    /// </summary>
    public static ListLines OfOthers(
        DbConnection db, KeyRing keys, Generation generation, IEnumerable<CertificateKind> kinds, DateTimeOffset since)
    {
        ListLines list = new(keys, generation);
        list.Read(
            db,
            $"""
            SELECT counter, revoked_at, reason FROM certificate_now
            WHERE generation = @generation AND kind IN ({string.Join(", ", kinds.Select(k => (long)k))})
              AND kind <> 2 AND state = 2 AND not_after >= @since ORDER BY counter
            """, new { generation = generation.Number, since = since.ToUnixTimeSeconds() });
        return list;
    }

    /// <summary>Municipalities with a revoked certificate.</summary>
    public static IEnumerable<string> Partitions(DbConnection db, int generation) => db.Query<string>(
        "SELECT DISTINCT municipality FROM certificate "
        + "WHERE state = 2 AND generation = @generation AND municipality IS NOT NULL", new { generation });

    /// <summary>Entries in batches that use the same memory again; the same each time.</summary>
    public IEnumerable<ReadOnlyMemory<RevokedEntry>> Entries()
    {
        var batch = new RevokedEntry[Batch];
        var filled = 0;
        foreach (var line in lines)
        {
            batch[filled++] = new(
                keys.SerialOf(new(generation.Number, line.Counter)),
                DateTimeOffset.FromUnixTimeSeconds(line.RevokedAt), line.Reason);
            if (filled < Batch)
                continue;
            yield return batch;
            filled = 0;
        }
        yield return batch.AsMemory(0, filled);
    }

    /// <summary>Residents' certificates that had not ended, whatever became of them: along one index.</summary>
    private static IEnumerable<long> Counters(
        DbConnection db, int generation, string municipality, DateTimeOffset since)
    {
        using var rows = (DbDataReader)db.ExecuteReader(
            """
            SELECT counter FROM certificate
            WHERE municipality = @municipality AND generation = @generation AND not_after >= @since ORDER BY counter
            """, new { generation, municipality, since = since.ToUnixTimeSeconds() });
        while (rows.Read())
            yield return rows.GetInt64(0);
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private void Read(DbConnection db, string sql, object values)
    {
        using var rows = (DbDataReader)db.ExecuteReader(sql, values);
        while (rows.Read())
            lines.Add(new(rows.GetInt64(0), rows.GetInt64(1), (byte)rows.GetInt64(2)));
    }

    /// <summary>What was not revoked by itself is revoked with the key.</summary>
    private void AddRest(IEnumerable<long> counters, DateTimeOffset at)
    {
        Line[] alone = [.. lines];
        lines.Clear();
        var next = 0;
        foreach (var counter in counters)
        {
            while (next < alone.Length && alone[next].Counter < counter)
                lines.Add(alone[next++]);
            lines.Add(next < alone.Length && alone[next].Counter == counter
                ? alone[next++]
                : new(counter, at.ToUnixTimeSeconds(), (byte)RevocationReason.CaCompromise));
        }
        lines.AddRange(alone.AsSpan(next));
    }

    private readonly record struct Line(long Counter, long RevokedAt, byte Reason);
}
