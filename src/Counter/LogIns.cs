using System.Security.Cryptography;
using Dapper;
using Jpki.Cps;
using Jpki.Hsm;
using Jpki.Ledger;

namespace Jpki.Counter;

/// <summary>Officers, their passwords and their sessions. 操作者の認証 (CPS 5-1-2-2)</summary>
public sealed class LogIns(Store store, TimeProvider clock, RandomNumberGenerator random, CounterOptions options)
{
    private const int MaxFailures = 5;
    private const int LongestTyped = 200;

    /// <summary>
    /// One answer for an unknown ID, a wrong, an expired and a locked password: it tells a stranger nothing.
    /// </summary>
    private static readonly Refusal NotAdmitted =
        new("5-1-2-2", "IDまたはパスワードが正しくないか、パスワードの期限切れ又は一時停止中です。");

    private readonly PasswordGate gate = new(random);

    /// <summary>Adds an officer, or gives one a new password and lifts the lock.</summary>
    public Task Add(string id, string municipality, string password)
    {
        if (Municipalities.Find(municipality) is null)
            throw new ArgumentException($"no municipality {municipality}", nameof(municipality));
        var now = clock.GetUtcNow();
        var hash = PasswordHash.Create(password, random);
        var expires = options.PasswordLife is { } life ? (now + life).ToUnixTimeMilliseconds() : (long?)null;
        return store.Write(tx =>
        {
            tx.Execute("DELETE FROM sessions WHERE officer = @id", new { id });
            tx.Execute("""
                INSERT INTO officers (id, municipality, password_hash, password_expires_at, failures, locked_until)
                VALUES (@id, @municipality, @hash, @expires, 0, NULL)
                ON CONFLICT (id) DO UPDATE SET
                    municipality = excluded.municipality, password_hash = excluded.password_hash,
                    password_expires_at = excluded.password_expires_at, failures = 0, locked_until = NULL
                """, new { id, municipality, hash, expires });
            tx.Record(new("officer", now, "added", "counter", id));
        });
    }

    /// <summary>The IDs of all officers.</summary>
    public IReadOnlySet<string> Known() => store.Read(db => db.Query<string>("SELECT id FROM officers").ToHashSet());

    public async Task<Outcome<LoggedIn>> LogIn(string id, string password)
    {
        if (id.Length > LongestTyped || password.Length > LongestTyped || id.Any(char.IsControl))
            return NotAdmitted;
        var known = store.Read(db => db.QueryFirstOrDefault<OfficerRow>(SelectOfficer, new { id }));
        var isRight = await gate.IsRight(password, known?.PasswordHash);
        var now = clock.GetUtcNow();
        var token = SessionToken.New(random);
        return await store.Write(tx => Admit(tx, id, isRight, token, now));
    }

    /// <summary>Whose token this is; null when it is nobody's, or no longer.</summary>
    public async Task<OfficerOnDuty?> Find(string token)
    {
        var (hash, now) = (SessionToken.HashOf(token), clock.GetUtcNow());
        var session = store.Read(db => db.QueryFirstOrDefault<SessionRow>("""
            SELECT officer AS Officer, municipality AS Municipality, began_at AS BeganAt, seen_at AS SeenAt
            FROM sessions JOIN officers ON officers.id = sessions.officer WHERE token_hash = @hash
            """, new { hash }));
        if (session is null)
            return null;
        SessionLife life = new(session.BeganAt, session.SeenAt);
        if (life.HasEnded(now))
        {
            await store.Write(tx => tx.Execute("DELETE FROM sessions WHERE token_hash = @hash", new { hash }));
            return null;
        }
        if (life.IsStale(now))
        {
            await store.Write(tx => tx.Execute("UPDATE sessions SET seen_at = @at WHERE token_hash = @hash",
                new { hash, at = now.ToUnixTimeMilliseconds() }));
        }
        return new(session.Officer, session.Municipality);
    }

    public Task LogOut(string token)
    {
        var hash = SessionToken.HashOf(token);
        return store.Write(tx =>
        {
            if (tx.QueryFirstOrDefault<string>(
                "SELECT officer FROM sessions WHERE token_hash = @hash", new { hash }) is not { } id)
            {
                return;
            }

            tx.Execute("DELETE FROM sessions WHERE token_hash = @hash", new { hash });
            tx.Record(new("log-out", clock.GetUtcNow(), "done", id));
        });
    }

    private Outcome<LoggedIn> Admit(StoreTransaction tx, string id, bool isRight, string token, DateTimeOffset now)
    {
        var at = now.ToUnixTimeMilliseconds();
        if (tx.QueryFirstOrDefault<OfficerRow>(SelectOfficer, new { id }) is not { } officer)
        {
            // What was typed for an ID may be a password typed into the wrong field: it is not kept.
            tx.Record(new("log-in", now, "refused CPS 5-1-2-2", "an unknown officer"));
            return NotAdmitted;
        }
        if (officer.LockedUntil > at || officer.PasswordExpiresAt <= at || !isRight)
        {
            CountFailure(tx, officer, at, isRight);
            tx.Record(new("log-in", now, officer.LockedUntil > at ? "refused, locked" : "refused CPS 5-1-2-2", id));
            return NotAdmitted;
        }
        tx.Execute("UPDATE officers SET failures = 0, locked_until = NULL WHERE id = @id", new { id });
        tx.Execute(
            "DELETE FROM sessions WHERE began_at < @old",
            new { old = (now - SessionLife.Longest).ToUnixTimeMilliseconds() });
        tx.Execute("INSERT INTO sessions (token_hash, officer, began_at, seen_at) VALUES (@hash, @id, @at, @at)",
            new { hash = SessionToken.HashOf(token), id, at });
        tx.Record(new("log-in", now, "done", id));
        return new LoggedIn(token, id, officer.Municipality, now + SessionLife.Longest);
    }

    private void CountFailure(StoreTransaction tx, OfficerRow officer, long at, bool isRight)
    {
        if (isRight || officer.LockedUntil > at)
            return;
        var failures = officer.Failures + 1;
        var locks = failures >= MaxFailures;
        tx.Execute("UPDATE officers SET failures = @failures, locked_until = @until WHERE id = @id", new
        {
            id = officer.Id,
            failures = locks ? 0 : failures,
            until = locks ? at + (long)options.LockOut.TotalMilliseconds : (long?)null,
        });
    }

    private const string SelectOfficer = """
        SELECT id AS Id, municipality AS Municipality, password_hash AS PasswordHash,
            password_expires_at AS PasswordExpiresAt, failures AS Failures, locked_until AS LockedUntil
        FROM officers WHERE id = @id
        """;

    private sealed record OfficerRow
    {
        public string Id { get; init; } = "";

        public string Municipality { get; init; } = "";

        public string PasswordHash { get; init; } = "";

        public long? PasswordExpiresAt { get; init; }

        public long Failures { get; init; }

        public long? LockedUntil { get; init; }
    }

    private sealed record SessionRow
    {
        public string Officer { get; init; } = "";

        public string Municipality { get; init; } = "";

        public long BeganAt { get; init; }

        public long SeenAt { get; init; }
    }
}
