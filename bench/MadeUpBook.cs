using Jpki.Authority;
using Jpki.Cps;
using Jpki.Ledger;

namespace Jpki.Bench;

/// <summary>
/// Fills the Authority's book with made-up residents' certificates, without signing any: issued evenly over the last
/// four years in all municipalities, so that a quarter has expired; every twentieth revoked. All hold the octets of the
/// trust anchor.
/// </summary>
internal static class MadeUpBook
{
    private const int Chunk = 10_000;
    private const int DaysBack = 4 * 365;

    public static async Task Fill(Store store, KeyRing keys, int count, DateTimeOffset at)
    {
        for (var done = 0; done < count; done += Chunk)
        {
            var (first, last) = (done, Math.Min(count, done + Chunk));
            await store.Write(tx =>
            {
                for (var i = first; i < last; i++)
                    Add(tx, keys, i, at.AddDays(-DaysBack + ((double)DaysBack * i / count)));
            });
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
        CertificateKey key = new(keys.Current.Number, 1_000_000_000L + number);
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
            .Set("subject", $"made up {number}")
            .Set("digest", BitConverter.GetBytes(number))
            .Set("notBefore", issued.ToUnixTimeSeconds())
            .Set("notAfter", issued.AddYears(3).ToUnixTimeSeconds())
            .Set("der", keys.Current.Certificate.Der.ToArray())
            .Set("revokedAt", isRevoked ? issued.AddDays(30).ToUnixTimeSeconds() : null)
            .Set("reason", isRevoked ? (long)RevocationReason.KeyCompromise : null)
            .Set("serial", keys.SerialOf(key).ToString())
            .Execute();
    }
}
