using Jpki.Cps;
using Jpki.Ledger;

namespace Jpki.Authority;

/// <summary>
/// Looks for holders of two live certificates and ends the newer ones: admission leaves no way to them, but books may
/// be restored or corrected. 二重発行 (CPS 4-2-3; docs/decisions/0005)
/// </summary>
internal static class DoubleIssues
{
    /// <summary>Says how many certificates it ended.</summary>
    public static Task<int> End(AuthorityRoom room) => room.Store.Write(tx =>
    {
        var newer = Holders(tx, room.Now)
            .SelectMany(holder => Books.LiveCertificatesOf(tx, holder, room.Now)
                .Where(row => row.Stage == CertificateState.Issued).Skip(1))
            .ToList();
        foreach (var row in newer)
        {
            var serial = room.Keys.SerialOf(row.Key).ToString();
            room.Governor.End(
                tx, new RevocationOrder($"double-issue/{serial}", serial, RevocationReason.Superseded, "Authority"));
        }
        return newer.Count;
    });

    private static IReadOnlyList<byte[]> Holders(StoreTransaction tx, DateTimeOffset at) => tx.Query<byte[]>(
        """
        SELECT holder FROM certificate WHERE state = 1 AND not_after >= @now AND holder IS NOT NULL
        GROUP BY holder HAVING COUNT(*) > 1
        """, new { now = at.ToUnixTimeSeconds() });
}
