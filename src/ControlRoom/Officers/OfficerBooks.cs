using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using Dapper;
using Jpki.Cps;
using Jpki.Ledger;
using Jpki.X509;

namespace Jpki.ControlRoom.Officers;

/// <summary>An officer as the store keeps him, with his secrets' hashes.</summary>
internal sealed record OfficerRow
{
    public required string Id { get; init; }

    public required string StaffNumber { get; init; }

    public required string Name { get; init; }

    public required string Roles { get; init; }

    public required long State { get; init; }

    /// <summary>The approved registration's papers; null for the first officers.</summary>
    public string? Registration { get; init; }

    /// <summary>DER.</summary>
    public byte[]? Certificate { get; init; }

    public string? KeySha256 { get; init; }

    public string? CertificateSha256 { get; init; }

    public long? CertificateEndsAt { get; init; }

    /// <summary>The certificate before, until it ends.</summary>
    public string? FormerSha256 { get; init; }

    public long? FormerEndsAt { get; init; }

    public string? PasswordHash { get; init; }

    public long? PasswordExpiresAt { get; init; }

    public long Failures { get; init; }

    public long? LockedUntil { get; init; }

    public string? CodeOne { get; init; }

    public string? CodeTwo { get; init; }

    public long? CodeExpiresAt { get; init; }

    public ImmutableArray<Role> RoleList => RoleText.Read(Roles);

    /// <summary>Is it his present certificate, or the one before, which is good until its own end?</summary>
    public bool Shows(string certificateSha256, DateTimeOffset at) => certificateSha256 == CertificateSha256
        || (certificateSha256 == FormerSha256 && FormerEndsAt >= at.ToUnixTimeMilliseconds());

    public Officer ToOfficer() => new()
    {
        Id = Id,
        StaffNumber = StaffNumber,
        Name = Name,
        Roles = RoleList,
        State = (OfficerState)State,
        CertificateSha256 = CertificateSha256,
        CertificateEndsAt = At(CertificateEndsAt),
        PasswordExpiresAt = At(PasswordExpiresAt),
        LockedUntil = At(LockedUntil),
    };

    private static DateTimeOffset? At(long? milliseconds) =>
        milliseconds is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;
}

/// <summary>Roles as one column: their numbers with commas.</summary>
internal static class RoleText
{
    public static string Of(ImmutableArray<Role> roles) => string.Join(',', roles.Select(r => (int)r).Order());

    public static ImmutableArray<Role> Read(string text) =>
        [.. text.Split(',').Select(n => (Role)int.Parse(n, CultureInfo.InvariantCulture))];
}

/// <summary>The officers' pages of the control room's books.</summary>
internal static class OfficerBooks
{
    private const string Row =
        """
        SELECT id AS Id, staff_number AS StaffNumber, name AS Name, roles AS Roles, state AS State,
            registration AS Registration, certificate AS Certificate, key_sha256 AS KeySha256,
            certificate_sha256 AS CertificateSha256,
            certificate_ends_at AS CertificateEndsAt, former_sha256 AS FormerSha256, former_ends_at AS FormerEndsAt,
            password_hash AS PasswordHash,
            password_expires_at AS PasswordExpiresAt, failures AS Failures, locked_until AS LockedUntil,
            code_one AS CodeOne, code_two AS CodeTwo, code_expires_at AS CodeExpiresAt
        FROM officer
        """;

    public static OfficerRow? Find(DbConnection db, string id) =>
        db.QueryFirstOrDefault<OfficerRow>(Row + " WHERE id = @id", new { id });

    public static OfficerRow? Find(StoreTransaction tx, string id) =>
        tx.QueryFirstOrDefault<OfficerRow>(Row + " WHERE id = @id", new { id });

    public static IReadOnlyList<OfficerRow> All(DbConnection db) => [.. db.Query<OfficerRow>(Row + " ORDER BY id")];

    /// <summary>Whose the staff number is; null when nobody's.</summary>
    public static string? HolderOf(StoreTransaction tx, string staffNumber) => tx.QueryFirstOrDefault<string>(
        "SELECT id FROM officer WHERE staff_number = @staffNumber", new { staffNumber });

    /// <summary>Registers somebody, or gives him other roles; his sessions end.</summary>
    public static void Save(StoreTransaction tx, OfficerRow row)
    {
        tx.Execute("DELETE FROM session WHERE officer = @Id", row);
        tx.Execute(
            """
            INSERT INTO officer
                (id, staff_number, name, roles, state, registration, code_one, code_two, code_expires_at)
            VALUES (@Id, @StaffNumber, @Name, @Roles, @State, @Registration, @CodeOne, @CodeTwo, @CodeExpiresAt)
            ON CONFLICT (id) DO UPDATE SET
                name = excluded.name, roles = excluded.roles, state = excluded.state,
                registration = excluded.registration, code_one = excluded.code_one, code_two = excluded.code_two,
                code_expires_at = excluded.code_expires_at, former_sha256 = NULL, former_ends_at = NULL
            """, row);
    }

    public static void Withdraw(StoreTransaction tx, string id)
    {
        tx.Execute("DELETE FROM session WHERE officer = @id", new { id });
        tx.Execute(
            """
            UPDATE officer SET state = 2, certificate = NULL, certificate_sha256 = NULL, former_sha256 = NULL,
                former_ends_at = NULL, password_hash = NULL,
                code_one = NULL, code_two = NULL, code_expires_at = NULL
            WHERE id = @id
            """, new { id });
    }

    /// <summary>Whose the key is; null when nobody's. One card, one person.</summary>
    public static string? HolderOfKey(DbConnection db, string keySha256) => db.QueryFirstOrDefault<string>(
        "SELECT id FROM officer WHERE key_sha256 = @keySha256", new { keySha256 });

    /// <summary>The code stays good for the same key, in case the answer is lost, until the first log-in.</summary>
    public static void Enrol(StoreTransaction tx, string id, Certificate certificate, string keySha256) =>
        tx.Execute(
            """
            UPDATE officer SET state = 1, certificate = @der, certificate_sha256 = @sha256, key_sha256 = @keySha256,
                certificate_ends_at = @endsAt
            WHERE id = @id
            """, Shown(id, certificate, keySha256));

    /// <summary>The next certificate beside the present one.</summary>
    public static void Renew(StoreTransaction tx, string id, Certificate next, string keySha256) => tx.Execute(
        """
        UPDATE officer SET former_sha256 = certificate_sha256, former_ends_at = certificate_ends_at,
            certificate = @der, certificate_sha256 = @sha256, key_sha256 = @keySha256, certificate_ends_at = @endsAt
        WHERE id = @id AND state = 1 AND certificate_sha256 <> @sha256
        """, Shown(id, next, keySha256));

    /// <summary>The certificate that an officer shows, as the statements above name its parts.</summary>
    private static object Shown(string id, Certificate certificate, string keySha256) => new
    {
        id,
        der = certificate.Der.ToArray(),
        sha256 = Convert.ToHexString(certificate.Sha256()),
        keySha256,
        endsAt = certificate.NotAfter.ToUnixTimeMilliseconds(),
    };

    public static void EndCode(StoreTransaction tx, string id) => tx.Execute(
        "UPDATE officer SET code_one = NULL, code_two = NULL, code_expires_at = NULL WHERE id = @id", new { id });

    public static void SetPassword(StoreTransaction tx, string id, string hash, DateTimeOffset at, TimeSpan? life)
    {
        var now = at.ToUnixTimeMilliseconds();
        tx.Execute(
            """
            UPDATE officer SET password_hash = @hash, password_expires_at = @expires, failures = 0, locked_until = NULL
            WHERE id = @id
            """,
            new { id, hash, expires = life is { } span ? (at + span).ToUnixTimeMilliseconds() : (long?)null });
        tx.Execute(
            "INSERT INTO former_password (officer, set_at, hash) VALUES (@id, @now, @hash)", new { id, now, hash });
    }

    /// <summary>The newest first.</summary>
    public static IReadOnlyList<string> FormerPasswords(DbConnection db, string id, int count) => [.. db.Query<string>(
        "SELECT hash FROM former_password WHERE officer = @id ORDER BY set_at DESC LIMIT @count", new { id, count })];

    /// <summary>Counts a wrong password; the last one allowed locks.</summary>
    public static void CountFailure(StoreTransaction tx, OfficerRow officer, int most, DateTimeOffset lockedUntil) =>
        tx.Execute("UPDATE officer SET failures = @failures, locked_until = @until WHERE id = @Id", new
        {
            officer.Id,
            failures = officer.Failures + 1 >= most ? 0 : officer.Failures + 1,
            until = officer.Failures + 1 >= most ? lockedUntil.ToUnixTimeMilliseconds() : officer.LockedUntil,
        });

    public static void ForgiveFailures(StoreTransaction tx, string id) =>
        tx.Execute("UPDATE officer SET failures = 0, locked_until = NULL WHERE id = @id", new { id });
}
