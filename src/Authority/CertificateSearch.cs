using System.Data.Common;
using System.Globalization;
using Dapper;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Ledger;

namespace Jpki.Authority;

/// <summary>
/// Finds certificates in the governor's book, a page at a time, newest first. A page is read along one index from
/// where the last one ended, and no further than <see cref="FarthestRow"/>, so that it costs the same in a book of a
/// thousand and of ten million. 発行記録の検索
/// </summary>
internal static class CertificateSearch
{
    public const int PageRows = 50;

    private const int FarthestRow = 20_000;
    private const int FarthestFetch = 2_000;
    private const int BackfillRows = 5_000;

    private const string Columns =
        "generation, counter, serial, kind, state, municipality, not_before AS NotBefore, not_after AS NotAfter, "
        + "revoked_at AS RevokedAt, reason, "
        + "(SELECT declared_at FROM compromise c WHERE c.generation = certificate.generation) AS CompromisedAt";

    /// <exception cref="FormatException">The question's page or serial number is not spelled as ours.</exception>
    public static CertificateFinds Find(DbConnection db, CertificateQuestion question, DateTimeOffset at)
    {
        SearchPlan plan = new(question, at);
        if (question.After is { } after)
            plan.StartAfter(after);
        // Only a filter can make the way to the next hit long.
        var far = plan.HasFilter ? Far(db, plan) : null;
        if (far is not null)
            plan.StopAt(far);
        var rows = db.Query<Row>(plan.Sql(Columns, PageRows + 1), plan.Values).AsList();
        var next = rows.Count > PageRows ? plan.CursorOf(rows[PageRows - 1]) : far is null ? null : plan.CursorOf(far);
        return new([.. rows.Take(PageRows).Select(row => row.Seen(at))], next);
    }

    /// <summary>Gives serial numbers to the rows of books that were kept before they had a column for them.</summary>
    public static async Task NumberOldBooks(Store store, KeyRing keys)
    {
        while (await store.Write(tx => NumberSome(tx, keys)) > 0)
            continue;
    }

    private static int NumberSome(StoreTransaction tx, KeyRing keys)
    {
        var rows = tx.Query<(long Generation, long Counter)>(
            "SELECT generation, counter FROM certificate WHERE serial IS NULL LIMIT @BackfillRows",
            new { BackfillRows });
        foreach (var (generation, counter) in rows)
        {
            tx.Command(
                "UPDATE certificate SET serial = @serial WHERE generation = @generation AND counter = @counter")
                .Set("serial", keys.SerialOf(new((int)generation, counter)).ToString())
                .Set("generation", generation).Set("counter", counter).Execute();
        }
        return rows.Count;
    }

    private static Row? Far(DbConnection db, SearchPlan plan) => db.QueryFirstOrDefault<Row>(
        plan.UnfilteredSql(Columns, plan.FiltersByIndex ? FarthestRow : FarthestFetch), plan.Values);

    internal sealed class Row
    {
        public long Generation { get; init; }

        public long Counter { get; init; }

        public string Serial { get; init; } = "";

        public long Kind { get; init; }

        public long State { get; init; }

        public string? Municipality { get; init; }

        public long NotBefore { get; init; }

        public long NotAfter { get; init; }

        public long? RevokedAt { get; init; }

        public long? Reason { get; init; }

        /// <summary>Of the key that signed it; null when that is well.</summary>
        public long? CompromisedAt { get; init; }

        private bool WentWithItsKey => State < (long)CertificateState.Revoked && NotAfter >= CompromisedAt;

        public string? ValueOf(string column) => column switch
        {
            "serial" => Serial,
            "not_before" => NotBefore.ToString(CultureInfo.InvariantCulture),
            "not_after" => NotAfter.ToString(CultureInfo.InvariantCulture),
            "revoked_at" => RevokedAt?.ToString(CultureInfo.InvariantCulture),
            _ => null,
        };

        public CertificateFind Seen(DateTimeOffset at) => new()
        {
            Serial = Serial,
            Kind = (CertificateKind)Kind,
            Standing = StandingAt(at),
            Municipality = Municipality,
            Bearer = null,
            NotBefore = DateTimeOffset.FromUnixTimeSeconds(NotBefore),
            NotAfter = DateTimeOffset.FromUnixTimeSeconds(NotAfter),
            RevokedAt = (WentWithItsKey ? CompromisedAt : RevokedAt) is { } then
                ? DateTimeOffset.FromUnixTimeSeconds(then)
                : null,
            Reason = WentWithItsKey ? RevocationReason.CaCompromise : (RevocationReason?)Reason,
        };

        private CertificateStanding StandingAt(DateTimeOffset at) => (CertificateState)State switch
        {
            _ when WentWithItsKey => CertificateStanding.Revoked,
            CertificateState.Intended => CertificateStanding.Unfinished,
            CertificateState.Revoked => CertificateStanding.Revoked,
            _ => NotAfter < at.ToUnixTimeSeconds() ? CertificateStanding.Expired : CertificateStanding.Live,
        };
    }
}
