using System.Data.Common;
using Dapper;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Ledger;

namespace Jpki.Authority;

/// <summary>
/// The Authority's books, one SQL sentence per act. Every change is made by the store's one writer. 発行記録
/// </summary>
internal static class Books
{
    private const string Row =
        "generation, counter, kind, state, municipality, not_after AS NotAfter, revoked_at AS RevokedAt, reason";

    /// <summary>One certificate, also when it was revoked with the key that signed it.</summary>
    private const string OfOne =
        $"SELECT {Row} FROM certificate_now WHERE generation = @Generation AND counter = @Counter";

    public static CertificateRow? Find(StoreTransaction tx, CertificateKey key) =>
        tx.QueryFirstOrDefault<CertificateRow>(OfOne, key);

    public static CertificateRow? Find(DbConnection db, CertificateKey key) =>
        db.QueryFirstOrDefault<CertificateRow>(OfOne, key);

    public static CertificateRow? FindByNotice(StoreTransaction tx, string noticeId) =>
        tx.QueryFirstOrDefault<CertificateRow>(
            $"SELECT {Row} FROM certificate_now WHERE notice_id = @noticeId", new { noticeId });

    /// <summary>Issued or about to be, the oldest first.</summary>
    public static IReadOnlyList<CertificateRow> LiveCertificatesOf(
        StoreTransaction tx, byte[] holder, DateTimeOffset at) => tx.Query<CertificateRow>(
            $"SELECT {Row} FROM certificate_now WHERE holder = @holder AND state IN (0, 1) AND not_after >= @now "
            + "ORDER BY generation, counter", new { holder, now = at.ToUnixTimeSeconds() });

    /// <summary>
    /// A certificate that was ever signed over this key; one revoked for its compromise above others.
    /// </summary>
    public static CertificateRow? FindByKey(StoreTransaction tx, byte[] keyDigest) =>
        tx.QueryFirstOrDefault<CertificateRow>(
            $"SELECT {Row} FROM certificate_now WHERE key_digest = @keyDigest "
            + "ORDER BY CASE reason WHEN 1 THEN 0 ELSE 1 END LIMIT 1", new { keyDigest });

    /// <summary>
    /// The same of a partner's key: what was revoked because our own key leaked says nothing of theirs. (CPS 4-10-1)
    /// </summary>
    public static CertificateRow? FindByPartnersKey(StoreTransaction tx, byte[] keyDigest) =>
        tx.QueryFirstOrDefault<CertificateRow>(
            $"SELECT {Row} FROM certificate WHERE key_digest = @keyDigest "
            + "ORDER BY CASE WHEN reason IN (1, 2) THEN 0 ELSE 1 END LIMIT 1", new { keyDigest });

    public static bool KnowsSubject(StoreTransaction tx, string subject) => tx.QueryFirstOrDefault<long>(
        "SELECT COUNT(*) FROM certificate WHERE subject = @subject", new { subject }) > 0;

    /// <summary>The certificate's DER; null for a number that nothing was signed under.</summary>
    public static byte[]? FindBytes(StoreTransaction tx, CertificateKey key) => tx.QueryFirstOrDefault<byte[]>(
        "SELECT der FROM certificate WHERE generation = @Generation AND counter = @Counter", key);

    public static byte[] Bytes(StoreTransaction tx, CertificateKey key) => FindBytes(tx, key)
        ?? throw new InvalidOperationException($"certificate {key} is recorded as issued, but its bytes are missing");

    /// <summary>True when the notice recorded under this number is byte for byte this one.</summary>
    public static bool IsSameNotice(StoreTransaction tx, Intent intent) => tx.QueryFirstOrDefault<byte[]>(
        "SELECT notice FROM certificate WHERE notice_id = @NoticeId", new { intent.NoticeId })
        .AsSpan().SequenceEqual(intent.Notice);

    public static RevocationRow? FindRevocation(StoreTransaction tx, string noticeId) =>
        tx.QueryFirstOrDefault<RevocationRow>(
            """
            SELECT c.generation, c.counter, r.position, c.reason, c.revoked_at AS RevokedAt
            FROM revocation r JOIN certificate c ON c.generation = r.generation AND c.counter = r.counter
            WHERE r.notice_id = @noticeId
            """, new { noticeId });

    public static void KeepPaper(StoreTransaction tx, RevocationOrder order, CertificateKey key, long position) =>
        tx.Execute(
            """
            INSERT INTO revocation (notice_id, generation, counter, position, source, form, signature)
            VALUES (@NoticeId, @Generation, @Counter, @position, @Source, @form, @signature)
            """,
            new
            {
                order.NoticeId,
                key.Generation,
                key.Counter,
                position,
                order.Source,
                form = order.Form?.Body,
                signature = order.Form?.Signature,
            });

    /// <summary>Takes the next counter and records that a certificate is about to be signed.</summary>
    public static CertificateKey Intend(StoreTransaction tx, Intent intent, KeyRing keys)
    {
        var counter = tx.QueryFirstOrDefault<long>(
            """
            UPDATE generation SET next_counter = next_counter + 1 WHERE generation = @Generation
            RETURNING next_counter - 1
            """, new { intent.Generation });
        tx.Execute(
            """
            INSERT INTO certificate (generation, counter, kind, state, municipality, subject, holder, key_digest,
                                     notice_id, notice, signature, not_before, not_after, serial)
            VALUES (@Generation, @counter, @kind, 0, @Municipality, @Subject, @Holder, @KeyDigest,
                    @NoticeId, @Notice, @Signature, @notBefore, @notAfter, @serial)
            """,
            new
            {
                intent.Generation,
                counter,
                kind = (long)intent.Kind,
                intent.Municipality,
                intent.Subject,
                intent.Holder,
                intent.KeyDigest,
                intent.NoticeId,
                intent.Notice,
                intent.Signature,
                notBefore = intent.NotBefore.ToUnixTimeSeconds(),
                notAfter = intent.NotAfter.ToUnixTimeSeconds(),
                serial = keys.SerialOf(new(intent.Generation, counter)).ToString(),
            });
        return new(intent.Generation, counter);
    }

    /// <summary>The certificate exists: its bytes, and its place in the status feed.</summary>
    public static long Complete(StoreTransaction tx, CertificateKey key, byte[] der, DateTimeOffset at)
    {
        tx.Execute(
            "UPDATE certificate SET state = 1, der = @der "
            + "WHERE generation = @Generation AND counter = @Counter AND state = 0",
            new { der, key.Generation, key.Counter });
        Tally.Issued(tx, key);
        return Announce(tx, key, null, at);
    }

    /// <summary>
    /// Ends a certificate for good; returns the position of the change. There is no way back. (CPS 4-4-2-4)
    /// </summary>
    public static long Revoke(StoreTransaction tx, CertificateKey key, RevocationReason reason, DateTimeOffset at)
    {
        Tally.Revoked(tx, key);
        tx.Execute(
            """
            UPDATE certificate SET state = 2, revoked_at = @revokedAt, reason = @reason
            WHERE generation = @Generation AND counter = @Counter AND state < 2
            """,
            new { revokedAt = at.ToUnixTimeSeconds(), reason = (long)reason, key.Generation, key.Counter });
        return Announce(tx, key, reason, at);
    }

    /// <summary>
    /// Closes an intent whose signing nobody saw end: the serial is revoked, whether or not it was ever signed, and the
    /// paper is free to be sent again.
    /// </summary>
    public static void Abandon(StoreTransaction tx, CertificateKey key, DateTimeOffset at)
    {
        tx.Execute(
            """
            UPDATE certificate
            SET notice_id = NULL, key_digest = NULL, holder = NULL, subject = subject || ' (abandoned)'
            WHERE generation = @Generation AND counter = @Counter
            """, key);
        Revoke(tx, key, RevocationReason.CessationOfOperation, at);
    }

    public static IReadOnlyList<CertificateKey> Intents(StoreTransaction tx) =>
        [.. tx.Query<CertificateRow>($"SELECT {Row} FROM certificate WHERE state = 0").Select(r => r.Key)];

    /// <summary>
    /// Ends everything under a key at one stroke: counter 0 stands for all. What was revoked before stays as it was.
    /// </summary>
    public static long RevokeAll(StoreTransaction tx, int generation, RevocationReason reason, DateTimeOffset at) =>
        Announce(tx, new(generation, StatusChange.All), reason, at);

    private static long Announce(
        StoreTransaction tx, CertificateKey key, RevocationReason? reason, DateTimeOffset at) =>
        tx.QueryFirstOrDefault<long>(
            """
            INSERT INTO status_change (position, generation, counter, reason, at)
            SELECT COALESCE(MAX(position), 0) + 1, @Generation, @Counter, @reason, @at FROM status_change
            RETURNING position
            """,
            new { key.Generation, key.Counter, reason = (long)(reason ?? 0), at = at.ToUnixTimeMilliseconds() });
}
