using System.Data.Common;
using Dapper;
using Jpki.ControlRoom.Officers;
using Jpki.Forms;
using Jpki.Ledger;

namespace Jpki.ControlRoom.Acts;

/// <summary>The pages of the books about acts.</summary>
internal static class ActBooks
{
    private const string Row =
        """
        SELECT id AS Id, kind AS Kind, order_json AS OrderJson, state AS State, proposed_by AS ProposedBy,
            proposed_at AS ProposedAt, expires_at AS ExpiresAt, instruction AS Instruction, secret AS Secret,
            result AS Result
        FROM act
        """;

    private const string ConsentRows =
        """
        SELECT officer AS Officer, roles AS Roles, certificate_sha256 AS CertificateSha256, at AS At
        FROM consent WHERE act = @id ORDER BY at
        """;

    public static void Add(StoreTransaction tx, Act act) => tx.Execute(
        """
        INSERT INTO act (id, kind, order_json, state, proposed_by, proposed_at, expires_at, instruction, secret)
        VALUES (@Id, @Kind, @OrderJson, 0, @ProposedBy, @proposed, @expires, @Instruction, @Secret)
        """,
        new
        {
            act.Id,
            act.Kind,
            act.OrderJson,
            act.ProposedBy,
            proposed = act.ProposedAt.ToUnixTimeMilliseconds(),
            expires = act.ExpiresAt.ToUnixTimeMilliseconds(),
            act.Instruction,
            act.Secret,
        });

    public static void AddConsent(StoreTransaction tx, string act, Consent consent) => tx.Execute(
        """
        INSERT INTO consent (act, officer, roles, certificate_sha256, at)
        VALUES (@act, @Officer, @roles, @CertificateSha256, @at)
        """,
        new
        {
            act,
            consent.Officer,
            roles = RoleText.Of(consent.Roles),
            consent.CertificateSha256,
            at = consent.At.ToUnixTimeMilliseconds(),
        });

    public static void SetState(StoreTransaction tx, string id, ActState state, string? result) => tx.Execute(
        "UPDATE act SET state = @state, result = @result WHERE id = @id", new { id, state = (long)state, result });

    public static void SetSecret(StoreTransaction tx, string id, string secret) =>
        tx.Execute("UPDATE act SET secret = @secret WHERE id = @id", new { id, secret });

    public static Act? Find(StoreTransaction tx, string id) =>
        tx.QueryFirstOrDefault<ActRow>(Row + " WHERE id = @id", new { id }) is { } row
            ? row.ToAct(tx.Query<ConsentRow>(ConsentRows, new { id }))
            : null;

    public static Act? Find(DbConnection db, string id) =>
        db.QueryFirstOrDefault<ActRow>(Row + " WHERE id = @id", new { id }) is { } row ? WithConsents(db, row) : null;

    /// <summary>Those that wait for people or whose end nobody saw, the oldest first.</summary>
    public static IReadOnlyList<Act> Open(DbConnection db) => [.. db.Query<ActRow>(
        Row + " WHERE state < 2 ORDER BY proposed_at LIMIT 200").ToList().Select(r => WithConsents(db, r))];

    /// <summary>The newest first.</summary>
    public static IReadOnlyList<Act> Closed(DbConnection db, int count) => [.. db.Query<ActRow>(
        Row + " WHERE state >= 2 ORDER BY proposed_at DESC LIMIT @count", new { count }).ToList()
        .Select(r => WithConsents(db, r))];

    private static Act WithConsents(DbConnection db, ActRow row) =>
        row.ToAct(db.Query<ConsentRow>(ConsentRows, new { id = row.Id }));

    private sealed record ActRow
    {
        public string Id { get; init; } = "";

        public string Kind { get; init; } = "";

        public string OrderJson { get; init; } = "";

        public long State { get; init; }

        public string ProposedBy { get; init; } = "";

        public long ProposedAt { get; init; }

        public long ExpiresAt { get; init; }

        public string? Instruction { get; init; }

        public string? Secret { get; init; }

        public string? Result { get; init; }

        public Act ToAct(IEnumerable<ConsentRow> consents) => new()
        {
            Id = Id,
            Kind = Kind,
            OrderJson = OrderJson,
            State = (ActState)State,
            ProposedBy = ProposedBy,
            ProposedAt = DateTimeOffset.FromUnixTimeMilliseconds(ProposedAt),
            ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(ExpiresAt),
            Instruction = Instruction,
            Consents = [.. consents.Select(c => new Consent(
                c.Officer, RoleText.Read(c.Roles), c.CertificateSha256, DateTimeOffset.FromUnixTimeMilliseconds(c.At)))],
            Secret = Secret,
            Result = Result,
        };
    }

    private sealed record ConsentRow
    {
        public string Officer { get; init; } = "";

        public string Roles { get; init; } = "";

        public string CertificateSha256 { get; init; } = "";

        public long At { get; init; }
    }
}
