using System.Data.Common;
using System.Security.Cryptography;
using System.Text.Json;
using Dapper;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Ledger;
using Jpki.X509;

namespace Jpki.Counter;

/// <summary>Applications as the store keeps them. 発行申請の記録</summary>
internal static class ApplicationBooks
{
    public static void Add(StoreTransaction tx, IssuanceApplication application) => tx.Execute("""
        INSERT INTO applications (id, municipality, received_at, state, resident, subject_common_name, body, paper)
        VALUES (@id, @municipality, @at, @state, @resident, @name, @body, @paper)
        """, Row(application));

    /// <summary>The application under way that this very paper began; null when there is none.</summary>
    public static IssuanceApplication? Same(StoreTransaction tx, IssuanceApplication application) =>
        Bodies.Read<IssuanceApplication>(tx.QueryFirstOrDefault<string>("""
            SELECT body FROM applications WHERE municipality = @Municipality AND paper = @paper
                AND state <> 'Refused' AND state <> 'Delivered'
            """, new { application.Municipality, paper = PaperOf(application.Form) }));

    /// <summary>False, and nothing changed, when it is no longer in the state it was read in.</summary>
    public static bool Update(StoreTransaction tx, IssuanceApplication application, ApplicationState from)
    {
        var row = Row(application);
        row.Add("from", from.ToString());
        return tx.Execute("""
            UPDATE applications SET state = @state, resident = @resident, subject_common_name = @name, body = @body,
                paper = @paper
            WHERE id = @id AND state = @from
            """, row) == 1;
    }

    public static IssuanceApplication? Find(DbConnection db, string id) =>
        Bodies.Read<IssuanceApplication>(
            db.QueryFirstOrDefault<string>("SELECT body FROM applications WHERE id = @id", new { id }));

    public static IssuanceApplication? Find(StoreTransaction tx, string id) =>
        Bodies.Read<IssuanceApplication>(
            tx.QueryFirstOrDefault<string>("SELECT body FROM applications WHERE id = @id", new { id }));

    /// <summary>The newest first.</summary>
    public static IReadOnlyList<IssuanceApplication> Since(DbConnection db, string municipality, DateTimeOffset from) =>
        Bodies.ReadAll<IssuanceApplication>(db.Query<string>("""
            SELECT body FROM applications WHERE municipality = @municipality AND received_at >= @at
            ORDER BY received_at DESC LIMIT 500
            """, new { municipality, at = from.ToUnixTimeMilliseconds() }));

    /// <summary>One resident's, the newest first.</summary>
    public static IReadOnlyList<IssuanceApplication> Of(DbConnection db, string resident) =>
        Bodies.ReadAll<IssuanceApplication>(db.Query<string>(
            "SELECT body FROM applications WHERE resident = @resident ORDER BY received_at DESC", new { resident }));

    private static DynamicParameters Row(IssuanceApplication application) => new(new
    {
        id = application.Id,
        municipality = application.Municipality,
        at = application.ReceivedAt.ToUnixTimeMilliseconds(),
        state = application.State.ToString(),
        resident = application.ResidentId,
        name = application.SubjectCommonName,
        body = Bodies.Write(application),
        paper = PaperOf(application.Form),
    });

    /// <summary>By which the same paper, sent twice, is known.</summary>
    internal static string PaperOf<T>(T form) => Convert.ToHexString(
        SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(form, FormJson.Options)));
}

/// <summary>A certificate that this counter handed out. 利用者の電子証明書</summary>
public sealed record HeldCertificate
{
    /// <summary>Upper-case hexadecimal.</summary>
    public required string Serial { get; init; }

    public required string Municipality { get; init; }

    public required string ResidentId { get; init; }

    /// <summary>The application it was issued for.</summary>
    public string Application { get; init; } = "";

    public required DateTimeOffset NotAfter { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public RevocationReason? Reason { get; init; }

    public bool IsLiveAt(DateTimeOffset at) => EndedAt is null && at <= NotAfter;
}

/// <summary>The issued certificates as the store keeps them.</summary>
internal static class CertificateBooks
{
    private const string Selected = """
        SELECT serial AS Serial, municipality AS Municipality, resident AS Resident,
            application AS Application, not_after AS NotAfter, ended_at AS EndedAt, reason AS Reason
        FROM certificates
        """;

    public static void Add(
        StoreTransaction tx, IssuanceApplication application, Certificate certificate) => tx.Execute("""
        INSERT INTO certificates (serial, municipality, resident, application, not_after, der)
        VALUES (@serial, @Municipality, @ResidentId, @Id, @end, @der)
        """, new
        {
            application.Municipality,
            application.ResidentId,
            application.Id,
            serial = certificate.Serial.ToString(),
            end = certificate.NotAfter.ToUnixTimeMilliseconds(),
            der = certificate.Der.ToArray(),
        });

    public static void End(StoreTransaction tx, RevocationAnswer answer) =>
        End(tx, answer.Serial, answer.Reason, answer.RevokedAt);

    public static void End(StoreTransaction tx, string serial, RevocationReason reason, DateTimeOffset at) =>
        tx.Execute("""
            UPDATE certificates SET ended_at = @at, reason = @reason WHERE serial = @serial AND ended_at IS NULL
            """, new { serial, at = at.ToUnixTimeMilliseconds(), reason = reason.ToString() });

    public static HeldCertificate? Find(DbConnection db, string serial) =>
        db.QueryFirstOrDefault<Row>($"{Selected} WHERE serial = @serial", new { serial })?.ToCertificate();

    public static byte[]? Bytes(DbConnection db, string serial) =>
        db.QueryFirstOrDefault<byte[]>("SELECT der FROM certificates WHERE serial = @serial", new { serial });

    /// <summary>The newest first.</summary>
    public static IReadOnlyList<HeldCertificate> Of(DbConnection db, string resident) =>
        [.. db.Query<Row>($"{Selected} WHERE resident = @resident ORDER BY not_after DESC", new { resident }).Select(
            r => r.ToCertificate())];

    private sealed record Row
    {
        public string Serial { get; init; } = "";

        public string Municipality { get; init; } = "";

        public string Resident { get; init; } = "";

        public string Application { get; init; } = "";

        public long NotAfter { get; init; }

        public long? EndedAt { get; init; }

        public string? Reason { get; init; }

        public HeldCertificate ToCertificate() => new()
        {
            Serial = Serial,
            Municipality = Municipality,
            ResidentId = Resident,
            Application = Application,
            NotAfter = DateTimeOffset.FromUnixTimeMilliseconds(NotAfter),
            EndedAt = EndedAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null,
            Reason = Reason is { } reason ? Enum.Parse<RevocationReason>(reason) : null,
        };
    }
}
