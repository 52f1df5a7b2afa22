using System.Data.Common;
using Dapper;
using Jpki.Ledger;

namespace Jpki.Counter;

/// <summary>What a holder asks for besides an issue or a revocation. 窓口への請求</summary>
public enum RequestKind
{
    /// <summary>パスワードの初期化 (CPS 2-1-3(16))</summary>
    ResetPassword,

    /// <summary>ロック解除 (CPS 2-1-3(16))</summary>
    Unlock,

    /// <summary>鍵ペア等の消去 (CPS 2-1-3(16), 6-2-2-7)</summary>
    EraseKey,

    /// <summary>認証業務情報の開示請求 (CPS 2-8-6)</summary>
    Disclosure,

    /// <summary>認証業務情報の訂正等請求 (CPS 2-8-8)</summary>
    Correction,

    /// <summary>苦情 (CPS 4-15)</summary>
    Complaint,

    /// <summary>問合せ (CPS 4-15)</summary>
    Inquiry,
}

public enum RequestState
{
    /// <summary>照会中: an agent brought it, and the one it is about is asked.</summary>
    Inquiring,

    /// <summary>受付済</summary>
    Received,

    /// <summary>完了: the card was changed, or the request answered.</summary>
    Done,

    /// <summary>The request is answered: it is not granted, and why.</summary>
    Declined,
}

/// <summary>The paper of a request. 請求書</summary>
public sealed record RequestForm
{
    public required RequestKind Kind { get; init; }

    /// <summary>Who asks; null for a complaint or an inquiry, which anybody may bring.</summary>
    public ApplicationForm? Person { get; init; }

    /// <summary>Who came; null for an agent, who shows it when the answer to the inquiry is there.</summary>
    public IdentityEvidence? Identity { get; init; }

    /// <summary>What is to be corrected, or what it is about.</summary>
    public string? Text { get; init; }

    public override string ToString() => Kind.ToString();
}

/// <summary>The answer to a request.</summary>
public sealed record RequestAnswer(bool IsGranted, string Text)
{
    public override string ToString() => IsGranted ? "granted" : "declined";
}

/// <summary>A request and what became of it.</summary>
public sealed record CounterRequest
{
    public required string Id { get; init; }

    public required string Municipality { get; init; }

    public required RequestKind Kind { get; init; }

    public required RequestState State { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Who did the last step.</summary>
    public required string Officer { get; init; }

    public string? ResidentId { get; init; }

    public string? Text { get; init; }

    /// <summary>Applicant and agent, where an agent brought the paper.</summary>
    public ApplicationForm? Person { get; init; }

    /// <summary>For a request about a card: the application it was handed out for.</summary>
    public string? CardOf { get; init; }

    public string? Answer { get; init; }

    public DateTimeOffset? AnsweredAt { get; init; }

    public bool IsAboutCard => Kind <= RequestKind.EraseKey;

    /// <summary>Whether it shows or touches what is known of one person.</summary>
    public bool IsPersonal => Kind <= RequestKind.Correction;

    public override string ToString() => $"request {Id}";
}

/// <summary>Requests as the store keeps them.</summary>
internal static class RequestBooks
{
    public static void Add(StoreTransaction tx, CounterRequest request, string paper) => tx.Execute("""
        INSERT INTO requests (id, municipality, received_at, kind, state, resident, paper, body)
        VALUES (@Id, @Municipality, @at, @kind, @state, @ResidentId, @paper, @body)
        """,
        new
        {
            request.Id,
            request.Municipality,
            request.ResidentId,
            paper,
            at = request.ReceivedAt.ToUnixTimeMilliseconds(),
            kind = request.Kind.ToString(),
            state = request.State.ToString(),
            body = Bodies.Write(request),
        });

    /// <summary>False, and nothing changed, when it is no longer in the state it was read in.</summary>
    public static bool Update(StoreTransaction tx, CounterRequest request, RequestState from) =>
        Bodies.Update(tx, "requests", request.Id, from, request.State, request);

    public static CounterRequest? Find(DbConnection db, string id) =>
        Bodies.Read<CounterRequest>(
            db.QueryFirstOrDefault<string>("SELECT body FROM requests WHERE id = @id", new { id }));

    /// <summary>The request that this very paper began and that nobody has answered yet.</summary>
    public static CounterRequest? Same(StoreTransaction tx, string municipality, string paper) =>
        Bodies.Read<CounterRequest>(tx.QueryFirstOrDefault<string>("""
            SELECT body FROM requests
            WHERE municipality = @municipality AND paper = @paper AND state IN ('Inquiring', 'Received')
            """, new { municipality, paper }));

    /// <summary>The newest first.</summary>
    public static IReadOnlyList<CounterRequest> Between(
        DbConnection db, string municipality, DateTimeOffset from, DateTimeOffset to) =>
        Bodies.ReadAll<CounterRequest>(db.Query<string>("""
            SELECT body FROM requests WHERE municipality = @municipality AND received_at >= @from AND received_at < @to
            ORDER BY received_at DESC LIMIT 500
            """, new { municipality, from = from.ToUnixTimeMilliseconds(), to = to.ToUnixTimeMilliseconds() }));

    public static IReadOnlyList<CounterRequest> Of(DbConnection db, string resident) =>
        Bodies.ReadAll<CounterRequest>(db.Query<string>(
            "SELECT body FROM requests WHERE resident = @resident ORDER BY received_at DESC", new { resident }));
}
