using System.Buffers.Binary;
using Jpki.Cps;
using Jpki.Ledger;

namespace Jpki.Authority;

/// <summary>
/// Fills the Authority's book with made-up residents' certificates for drills and measurements, without signing any:
/// issued evenly over the last years in all municipalities, every twentieth revoked. All hold the octets of the trust
/// anchor.
/// </summary>
public static class MadeUpBook
{
    private const int Chunk = 10_000;
    private const long First = 1_000_000_000;
    private const int DaysBack = 4 * 365;
    private const int LiveDaysBack = 3 * 365 - 10;

    /// <summary>Certificates that all live, with their places in the status feed.</summary>
    public static async Task FillWithLive(AuthorityRoom room, int count, Action<int> progress)
    {
        // Serial numbers come in no order: an index that is sorted afterwards is a quarter of the work.
        await room.Store.Write(tx => tx.Execute("DROP INDEX certificate_by_serial"));
        await Fill(room.Store, room.Keys, count, room.Now, LiveDaysBack, progress);
        await room.Store.Write(tx => tx.Execute(
            "CREATE INDEX certificate_by_serial ON certificate (serial, generation, counter)"));
        await room.Store.Write(tx => tx.Execute(
            """
            INSERT INTO status_change (position, generation, counter, reason, at)
            SELECT (SELECT COALESCE(MAX(position), 0) FROM status_change) + ROW_NUMBER() OVER (ORDER BY counter),
                   generation, counter, COALESCE(reason, 0), COALESCE(revoked_at, not_before) * 1000
            FROM certificate WHERE generation = @generation AND counter >= @First
            """, new { generation = room.Keys.Current.Number, First }));
    }

    internal static Task Fill(Store store, KeyRing keys, int count, DateTimeOffset at) =>
        Fill(store, keys, count, at, DaysBack, _ => { });

    private static async Task Fill(
        Store store, KeyRing keys, int count, DateTimeOffset at, int daysBack, Action<int> progress)
    {
        for (var done = 0; done < count; done += Chunk)
        {
            var (first, last) = (done, Math.Min(count, done + Chunk));
            await store.Write(tx =>
            {
                for (var i = first; i < last; i++)
                    Add(tx, keys, i, at.AddDays(-daysBack + ((double)daysBack * i / count)));
            });
            progress(last);
        }
        await store.Write(tx =>
        {
            tx.Execute("UPDATE generation SET next_counter = next_counter + @count", new { count });
            tx.Execute("DELETE FROM certificate_tally WHERE kind = 2");
            tx.Execute(
                "INSERT INTO certificate_tally (kind, issued, revoked) "
                + "SELECT 2, COUNT(*), SUM(CASE state WHEN 2 THEN 1 ELSE 0 END) FROM certificate WHERE kind = 2");
        });
    }

    private static void Add(StoreTransaction tx, KeyRing keys, int number, DateTimeOffset issued)
    {
        // Far behind what the Authority itself counts up to in a bench.
        CertificateKey key = new(keys.Current.Number, First + number);
        var isRevoked = number % 20 == 7;
        tx.Command(
            """
            INSERT INTO certificate (generation, counter, kind, state, municipality, subject, holder, key_digest,
                                     not_before, not_after, der, revoked_at, reason, serial)
            VALUES (@generation, @counter, 2, @state, @municipality, @subject, @digest, @digest,
                    @notBefore, @notAfter, @der, @revokedAt, @reason, @serial)
            """)
            .Set("generation", (long)key.Generation)
            .Set("counter", key.Counter)
            .Set("state", isRevoked ? 2L : 1L)
            .Set("municipality", Municipalities.All[number % Municipalities.All.Count].Code5)
            .Set("subject", $"made up {number:D9}")
            .Set("digest", Digest(number))
            .Set("notBefore", issued.ToUnixTimeSeconds())
            .Set("notAfter", issued.AddYears(3).ToUnixTimeSeconds())
            .Set("der", keys.Current.Certificate.Der.ToArray())
            .Set("revokedAt", isRevoked ? issued.AddDays(30).ToUnixTimeSeconds() : null)
            .Set("reason", isRevoked ? (long)RevocationReason.KeyCompromise : null)
            .Set("serial", keys.SerialOf(key).ToString())
            .Execute();
    }

    /// <summary>Ascending, so that its index grows at one end.</summary>
    private static byte[] Digest(int number)
    {
        var digest = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(digest, number);
        return digest;
    }
}
