using System.Data.Common;
using Dapper;
using Jpki.Ledger;

namespace Jpki.Counter;

/// <summary>How far an inquiry letter has come.</summary>
public enum LetterState
{
    /// <summary>作成済</summary>
    Made,

    /// <summary>発送済: the applicant's answer is waited for.</summary>
    Sent,

    /// <summary>回答書受領: it is the applicant's own will.</summary>
    Confirmed,

    /// <summary>回答書受領: it is not.</summary>
    Denied,

    /// <summary>返戻: the letter came back.</summary>
    Returned,
}

/// <summary>
/// The letter that asks an applicant whether the agent comes by the applicant's own will. 照会書 (CPS 3-1-10①, 4-1-1(2))
/// </summary>
public sealed record Letter
{
    public required string Id { get; init; }

    public required string Municipality { get; init; }

    /// <summary>The number of the application, revocation or request that the agent brought.</summary>
    public required string About { get; init; }

    public required DateTimeOffset MadeAt { get; init; }

    public required LetterState State { get; init; }

    public required string Officer { get; init; }

    /// <summary>発送の日, in Japan.</summary>
    public DateOnly? SentOn { get; init; }

    /// <summary>回答の期限, in Japan.</summary>
    public DateOnly? ReplyBy { get; init; }

    /// <summary>When the answer, or the letter itself, came.</summary>
    public DateOnly? CameOn { get; init; }

    public bool IsOpen => State is LetterState.Made or LetterState.Sent;
}

/// <summary>That a letter was sent.</summary>
public sealed record LetterSending(DateOnly On);

/// <summary>What came of a letter: confirmed, denied or returned, and when.</summary>
public sealed record LetterReply(LetterState State, DateOnly On);

/// <summary>Letters as the store keeps them.</summary>
internal static class LetterBooks
{
    public static void Add(StoreTransaction tx, Letter letter) => tx.Execute("""
        INSERT INTO letters (id, municipality, about, made_at, state, body)
        VALUES (@Id, @Municipality, @About, @at, @state, @body)
        """,
        new
        {
            letter.Id,
            letter.Municipality,
            letter.About,
            at = letter.MadeAt.ToUnixTimeMilliseconds(),
            state = letter.State.ToString(),
            body = Bodies.Write(letter),
        });

    /// <summary>False, and nothing changed, when it is no longer in the state it was read in.</summary>
    public static bool Update(StoreTransaction tx, Letter letter, LetterState from) =>
        Bodies.Update(tx, "letters", letter.Id, from, letter.State, letter);

    public static Letter? Find(DbConnection db, string id) =>
        Bodies.Read<Letter>(db.QueryFirstOrDefault<string>("SELECT body FROM letters WHERE id = @id", new { id }));

    /// <summary>The newest first.</summary>
    public static IReadOnlyList<Letter> Of(DbConnection db, string about) =>
        Bodies.ReadAll<Letter>(db.Query<string>(
            "SELECT body FROM letters WHERE about = @about ORDER BY made_at DESC, id", new { about }));

    /// <summary>What an agent showed, with the answer that is in the books, whatever is ticked.</summary>
    public static IdentityEvidence WithReply(DbConnection db, string about, IdentityEvidence evidence) =>
        evidence.Agent is not { } agent ? evidence : evidence with
        {
            Agent = agent with { HasReplyToInquiry = Of(db, about).Any(l => l.State == LetterState.Confirmed) },
        };

    /// <summary>Those that wait: to be sent, or for an answer.</summary>
    public static IReadOnlyList<Letter> Open(DbConnection db, string municipality) =>
        Bodies.ReadAll<Letter>(db.Query<string>("""
            SELECT body FROM letters WHERE municipality = @municipality AND state IN ('Made', 'Sent')
            ORDER BY made_at LIMIT 500
            """, new { municipality }));
}
