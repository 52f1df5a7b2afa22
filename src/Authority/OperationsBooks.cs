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

/// <summary>The pages of the Authority's books about the inner network.</summary>
internal static class OperationsBooks
{
    public const string Anchor = "Anchor";

    private const string Row = "SELECT serial, role, id, der, revoked_at AS RevokedAt FROM operations_certificate";

    public static OperationsRow? Find(StoreTransaction tx, string serial) =>
        tx.QueryFirstOrDefault<OperationsRow>($"{Row} WHERE serial = @serial", new { serial });

    public static OperationsRow? Find(DbConnection db, string serial) =>
        db.QueryFirstOrDefault<OperationsRow>($"{Row} WHERE serial = @serial", new { serial });

    /// <summary>Those of one bearer that may still be used, the first to end first.</summary>
    public static IEnumerable<OperationsRow> LiveOf(DbConnection db, string role, string id, DateTimeOffset at) =>
        db.Query<OperationsRow>(
            $"{Row} WHERE role = @role AND id = @id AND not_after >= @now AND revoked_at IS NULL ORDER BY not_after",
            new { role, id, now = at.ToUnixTimeSeconds() });

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
}
