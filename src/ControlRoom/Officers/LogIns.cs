using System.Security.Cryptography;
using Dapper;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Hsm;
using Jpki.Ledger;

namespace Jpki.ControlRoom.Officers;

/// <summary>A session that has begun.</summary>
public sealed record LoggedIn(string Token, string Officer, DateTimeOffset EndsAt)
{
    public override string ToString() => Officer;
}

/// <summary>
/// Lets officers in by client certificate and password. A session belongs to the certificate it began with, and what an
/// officer may do is read anew at each of his acts. 要員の識別と認証 (CPS 5-2-3)
/// </summary>
public sealed class LogIns(Store store, TimeProvider clock, RandomNumberGenerator random, OfficerOptions options)
{
    private const int MostFailures = 5;

    /// <summary>
    /// One answer for a stranger's certificate, a wrong password and a locked one: it tells nobody which it was.
    /// </summary>
    private static readonly Refusal NotAdmitted =
        new("5-2-3", "証明書かパスワードが正しくないか、一時停止中です。 Not admitted.");

    private readonly PasswordGate gate = new(random);

    /// <summary>The password was right and is too old.</summary>
    public static Refusal Expired { get; } =
        new("5-2-3", "パスワードの有効期限が切れています。新しいパスワードに変更してください。 The password has expired.");

    public async Task<Outcome<LoggedIn>> LogIn(Caller caller, string password)
    {
        if (await Objection(caller, password, "log-in") is { } refusal)
            return refusal;
        var now = clock.GetUtcNow();
        if (store.Read(db => OfficerBooks.Find(db, caller.Id))!.PasswordExpiresAt <= now.ToUnixTimeMilliseconds())
            return Expired;
        var token = SessionToken.New(random);
        await store.Write(tx =>
        {
            tx.Execute(
                "DELETE FROM session WHERE began_at < @old",
                new { old = (now - SessionLife.Longest).ToUnixTimeMilliseconds() });
            tx.Execute(
                """
                INSERT INTO session (token_hash, officer, certificate_sha256, began_at, seen_at)
                VALUES (@hash, @Id, @CertificateSha256, @at, @at)
                """,
                new
                {
                    hash = SessionToken.HashOf(token),
                    caller.Id,
                    caller.CertificateSha256,
                    at = now.ToUnixTimeMilliseconds(),
                });
            OfficerBooks.EndCode(tx, caller.Id);
            tx.Record(new("log-in", now, "ok", caller.Id));
        });
        return new LoggedIn(token, caller.Id, now + SessionLife.Longest);
    }

    /// <summary>Whose session this is, with the roles he holds now; refused when it is nobody's or over.</summary>
    public async Task<Outcome<OfficerOnDuty>> Find(Caller caller, string token)
    {
        var (hash, now) = (SessionToken.HashOf(token), clock.GetUtcNow());
        var (session, officer) = store.Read(db => (
            db.QueryFirstOrDefault<SessionRow>(
                """
                SELECT officer AS Officer, certificate_sha256 AS CertificateSha256, began_at AS BeganAt,
                    seen_at AS SeenAt
                FROM session WHERE token_hash = @hash
                """, new { hash }),
            OfficerBooks.Find(db, caller.Id)));
        if (session is null || session.Officer != caller.Id || session.CertificateSha256 != caller.CertificateSha256
            || officer is null || !officer.Shows(caller.CertificateSha256, now))
        {
            return NoSession;
        }
        SessionLife life = new(session.BeganAt, session.SeenAt);
        if (life.HasEnded(now))
        {
            await store.Write(tx => tx.Execute("DELETE FROM session WHERE token_hash = @hash", new { hash }));
            return NoSession;
        }
        if (life.IsStale(now))
        {
            await store.Write(tx => tx.Execute(
                "UPDATE session SET seen_at = @at WHERE token_hash = @hash",
                new { hash, at = now.ToUnixTimeMilliseconds() }));
        }
        return new OfficerOnDuty(officer.Id, officer.Name, caller.CertificateSha256, officer.RoleList);
    }

    /// <summary>Lets an officer who is in show once more that it is he. Null when it is.</summary>
    public Task<Refusal?> Confirm(Caller caller, string password) => Objection(caller, password, "confirmation");

    /// <summary>The old password may have expired; the new one ends every session of his.</summary>
    public async Task<Refusal?> ChangePassword(Caller caller, string current, string password, string again)
    {
        if (PasswordRules.Objection(caller.Id, password, again) is { } bad)
            return bad;
        if (await Objection(caller, current, "change of password") is { } refusal)
            return refusal;
        foreach (var former in store.Read(db =>
            OfficerBooks.FormerPasswords(db, caller.Id, PasswordRules.Remembered)))
        {
            if (await gate.IsRight(password, former))
                return PasswordRules.Refused($"最近 {PasswordRules.Remembered} 回に使ったパスワードは使えません。");
        }
        var hash = await gate.Hash(password);
        await store.Write(tx =>
        {
            var now = clock.GetUtcNow();
            OfficerBooks.SetPassword(tx, caller.Id, hash, now, options.PasswordLife);
            tx.Execute("DELETE FROM session WHERE officer = @Id", new { caller.Id });
            tx.Record(new("password changed", now, "ok", caller.Id));
        });
        return null;
    }

    public Task LogOut(OfficerOnDuty officer, string token) => store.Write(tx =>
    {
        tx.Execute("DELETE FROM session WHERE token_hash = @hash", new { hash = SessionToken.HashOf(token) });
        tx.Record(new("log-out", clock.GetUtcNow(), "ok", officer.Id));
    });

    private static Refusal NoSession { get; } = new("5-2-3", "ログインしてください。 Log in first.");

    /// <summary>
    /// The attempt is counted before the password is compared, so that neither many at once nor a crash in between
    /// gives more of them.
    /// </summary>
    private async Task<Refusal?> Objection(Caller caller, string password, string what)
    {
        if (password.Length > PasswordRules.Longest)
            return NotAdmitted;
        var officer = await store.Write(tx => Begin(tx, caller, what));
        var isRight = await gate.IsRight(password, officer?.PasswordHash);
        if (officer is null)
            return NotAdmitted;
        return await store.Write(tx =>
        {
            if (isRight)
                OfficerBooks.ForgiveFailures(tx, officer.Id);
            else
                tx.Record(new(what, clock.GetUtcNow(), "refused CPS 5-2-3", officer.Id));
            return isRight ? null : NotAdmitted;
        });
    }

    /// <summary>The officer whose password may be compared; null when there is none or he is locked out.</summary>
    private OfficerRow? Begin(StoreTransaction tx, Caller caller, string what)
    {
        var now = clock.GetUtcNow();
        var officer = OfficerBooks.Find(tx, caller.Id);
        var isKnown = caller.Role == CallerRole.Officer && officer is { State: (long)OfficerState.Active }
            && officer.Shows(caller.CertificateSha256, now);
        if (!isKnown || officer!.LockedUntil > now.ToUnixTimeMilliseconds())
        {
            tx.Record(new(what, now, isKnown ? "refused, locked" : "refused CPS 5-2-3", $"{caller.Role} {caller.Id}"));
            return null;
        }
        OfficerBooks.CountFailure(tx, officer, MostFailures, now + options.LockOut);
        return officer;
    }

    private sealed record SessionRow
    {
        public string Officer { get; init; } = "";

        public string CertificateSha256 { get; init; } = "";

        public long BeganAt { get; init; }

        public long SeenAt { get; init; }
    }
}
