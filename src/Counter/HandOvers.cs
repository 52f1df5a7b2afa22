using System.Security.Cryptography;
using Dapper;
using Jpki.Hsm;
using Jpki.Ledger;

namespace Jpki.Counter;

/// <summary>What the holder does alone at the key pair device.</summary>
public enum DeviceTask
{
    /// <summary>鍵ペアの生成</summary>
    MakeKeyPair,

    /// <summary>パスワードの初期化</summary>
    ResetPassword,
}

/// <summary>A code that opens the key pair device once, for one application; shown once, kept as a hash.</summary>
public sealed record HandOver(string Code, DateTimeOffset ExpiresAt)
{
    public override string ToString() => "(hand-over)";
}

/// <summary>
/// An applicant at the device, sent there by an officer. Only a hand-over makes one, and no log-in: so the password is
/// typed where no officer's session is. (CPS 4-1-1③, 6-4-2-1)
/// </summary>
public sealed record DeviceVisit
{
    internal DeviceVisit(DeviceTask task, string about, OfficerOnDuty sentBy) =>
        (Task, About, SentBy) = (task, about, sentBy);

    public DeviceTask Task { get; }

    /// <summary>The application's or request's id.</summary>
    public string About { get; }

    internal OfficerOnDuty SentBy { get; }
}

/// <summary>From the officer's session to the device: one code, one visit, ten minutes. 引継ぎ</summary>
public sealed class HandOvers(Store store, TimeProvider clock, RandomNumberGenerator random)
{
    private const int CodeLength = 8;

    /// <summary>32 of them; no I, O, 0 or 1, which people take for each other.</summary>
    private const string Alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    /// <summary>For the way to the device, and once more for the work at it.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    /// <summary>A new code for the same application ends the one before it.</summary>
    internal async Task<HandOver> Begin(OfficerOnDuty officer, DeviceTask task, string about)
    {
        var octets = new byte[CodeLength];
        random.GetBytes(octets);
        var code = string.Concat(octets.Select(o => Alphabet[o % Alphabet.Length]));
        var ends = clock.GetUtcNow() + Life;
        await store.Write(tx =>
        {
            tx.Execute("DELETE FROM hand_overs WHERE about = @about OR expires_at < @now",
                new { about, now = clock.GetUtcNow().ToUnixTimeMilliseconds() });
            tx.Execute("""
                INSERT INTO hand_overs (code_hash, task, about, municipality, officer, expires_at)
                VALUES (@code, @task, @about, @Municipality, @Id, @ends)
                """,
                new
                {
                    officer.Municipality,
                    officer.Id,
                    about,
                    task = task.ToString(),
                    code = SessionToken.HashOf(code),
                    ends = ends.ToUnixTimeMilliseconds(),
                });
            tx.Record(new("hand-over", clock.GetUtcNow(), task.ToString(), officer.Id, about));
        });
        return new(code, ends);
    }

    /// <summary>The token of the visit that a code opens; null when it opens none, or has opened one.</summary>
    public async Task<string?> Take(string typed)
    {
        var code = SessionToken.HashOf(Normalise(typed));
        var token = SessionToken.New(random);
        var now = clock.GetUtcNow();
        return await store.Write(tx =>
        {
            var taken = tx.Execute("""
                UPDATE hand_overs SET session_hash = @session, expires_at = @ends
                WHERE code_hash = @code AND session_hash IS NULL AND expires_at >= @now
                """,
                new
                {
                    code,
                    session = SessionToken.HashOf(token),
                    ends = (now + Life).ToUnixTimeMilliseconds(),
                    now = now.ToUnixTimeMilliseconds(),
                }) == 1;
            tx.Record(new("hand-over", now, taken ? "taken" : "refused CPS 5-1-2-2", "key pair device"));
            return taken ? token : null;
        });
    }

    public DeviceVisit? Find(string token) => store.Read(db => db.QueryFirstOrDefault<Row>("""
        SELECT task AS Task, about AS About, municipality AS Municipality, officer AS Officer FROM hand_overs
        WHERE session_hash = @hash AND expires_at >= @now
        """, new { hash = SessionToken.HashOf(token), now = clock.GetUtcNow().ToUnixTimeMilliseconds() }))?.ToVisit();

    /// <summary>The applicant has done it, or gone.</summary>
    public Task End(string token) => store.Write(tx => tx.Execute(
        "DELETE FROM hand_overs WHERE session_hash = @hash", new { hash = SessionToken.HashOf(token) }));

    /// <summary>As people copy it: in any case, with blanks or hyphens.</summary>
    private static string Normalise(string typed) => string.Concat(
        FullWidth.ToAscii(typed).Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();

    private sealed record Row
    {
        public string Task { get; init; } = "";

        public string About { get; init; } = "";

        public string Municipality { get; init; } = "";

        public string Officer { get; init; } = "";

        public DeviceVisit ToVisit() => new(Enum.Parse<DeviceTask>(Task), About, new(Officer, Municipality));
    }
}
