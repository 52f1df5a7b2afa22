using System.Data.Common;
using Dapper;
using Jpki.Cps;
using Jpki.Ledger;
using Jpki.X509;

namespace Jpki.Authority;

/// <summary>A certificate of the inner network as the books know it. Times are Unix seconds.</summary>
internal sealed record OperationsRow
{
    public string Serial { get; init; } = "";

    public string Role { get; init; } = "";

    public string Id { get; init; } = "";

    public byte[] Der { get; init; } = [];

    public long? RevokedAt { get; init; }

    public Certificate Certificate => Certificate.Read(Der);

    public string Bearer => $"{Role} {Id}";
}

/// <summary>One that was revoked, as the CRL tells of it. Times are Unix seconds.</summary>
internal sealed record OperationsRevocation(string Serial, long NotAfter, long RevokedAt, long Reason)
{
    public RevokedEntry ToEntry() =>
        new(SerialNumber.Parse(Serial), DateTimeOffset.FromUnixTimeSeconds(RevokedAt), (int)Reason);
}

/// <summary>A CRL of the operations CA as the books keep it. Times are Unix seconds.</summary>
internal sealed record OperationsList
{
    public long Number { get; init; }

    public long ThisUpdate { get; init; }

    public long NextUpdate { get; init; }

    public string Why { get; init; } = "";

    /// <summary>How many certificates had been revoked by then, those that have ended among them.</summary>
    public long Revoked { get; init; }

    public byte[] Der { get; init; } = [];

    public DateTimeOffset ThisUpdateAt => DateTimeOffset.FromUnixTimeSeconds(ThisUpdate);
}

/// <summary>The pages of the Authority's books about the inner network.</summary>
internal static class OperationsBooks
{
    public const string Anchor = "Anchor";

    private const string Row = "SELECT serial, role, id, der, revoked_at AS RevokedAt FROM operations_certificate";

    private const string Live =
        $"{Row} WHERE role = @role AND id = @id AND not_after >= @now AND revoked_at IS NULL ORDER BY not_after";

    public static OperationsRow? Find(StoreTransaction tx, string serial) =>
        tx.QueryFirstOrDefault<OperationsRow>($"{Row} WHERE serial = @serial", new { serial });

    public static OperationsRow? Find(DbConnection db, string serial) =>
        db.QueryFirstOrDefault<OperationsRow>($"{Row} WHERE serial = @serial", new { serial });

    /// <summary>Those of one bearer that may still be used, the first to end first.</summary>
    public static IEnumerable<OperationsRow> LiveOf(DbConnection db, string role, string id, DateTimeOffset at) =>
        db.Query<OperationsRow>(Live, new { role, id, now = at.ToUnixTimeSeconds() });

    public static IEnumerable<OperationsRow> LiveOf(StoreTransaction tx, string role, string id, DateTimeOffset at) =>
        tx.Query<OperationsRow>(Live, new { role, id, now = at.ToUnixTimeSeconds() });

    /// <summary>Whether one of a bearer's certificates ended before its time.</summary>
    public static bool WasRevoked(DbConnection db, string role, string id) => db.ExecuteScalar<long>(
        "SELECT COUNT(*) FROM operations_certificate WHERE role = @role AND id = @id AND revoked_at IS NOT NULL",
        new { role, id }) > 0;

    public static void Add(StoreTransaction tx, string role, string id, Certificate certificate) => tx.Execute(
        "INSERT INTO operations_certificate (serial, role, id, not_after, der) "
        + "VALUES (@serial, @role, @id, @notAfter, @der)",
        new
        {
            serial = certificate.Serial.ToString(),
            role,
            id,
            notAfter = certificate.NotAfter.ToUnixTimeSeconds(),
            der = certificate.Der.ToArray(),
        });

    public static void Revoke(StoreTransaction tx, string serial, RevocationReason reason, DateTimeOffset at) =>
        tx.Execute(
            "UPDATE operations_certificate SET revoked_at = @at, reason = @reason "
            + "WHERE serial = @serial AND revoked_at IS NULL",
            new { serial, reason = (long)reason, at = at.ToUnixTimeSeconds() });

    /// <summary>Serial numbers and times of those that ended before their time.</summary>
    public static IEnumerable<(string Serial, DateTimeOffset At)> Revoked(DbConnection db) =>
        db.Query<(string Serial, long At)>(
            "SELECT serial, revoked_at FROM operations_certificate WHERE revoked_at IS NOT NULL")
            .Select(r => (r.Serial, DateTimeOffset.FromUnixTimeSeconds(r.At)));

    public static long RevokedCount(DbConnection db) =>
        db.ExecuteScalar<long>("SELECT COUNT(*) FROM operations_certificate WHERE revoked_at IS NOT NULL");

    /// <summary>All of them, in the order in which they were revoked.</summary>
    public static List<OperationsRevocation> RevokedRows(DbConnection db) =>
        db.Query<OperationsRevocation>(
            """
            SELECT serial AS Serial, not_after AS NotAfter, revoked_at AS RevokedAt, reason AS Reason
            FROM operations_certificate WHERE revoked_at IS NOT NULL ORDER BY revoked_at, serial
            """).AsList();

    /// <summary>The newest CRL; null before the first.</summary>
    public static OperationsList? LastList(DbConnection db) => db.QueryFirstOrDefault<OperationsList>(
        """
        SELECT number, this_update AS ThisUpdate, next_update AS NextUpdate, why, revoked, der
        FROM operations_crl ORDER BY number DESC LIMIT 1
        """);

    public static void Add(StoreTransaction tx, OperationsList list) => tx.Execute(
        """
        INSERT INTO operations_crl (number, this_update, next_update, why, revoked, der)
        VALUES (@Number, @ThisUpdate, @NextUpdate, @Why, @Revoked, @Der)
        """, list);
}
