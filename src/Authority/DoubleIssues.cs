using System.Data.Common;
using Dapper;
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
    public static Task<int> End(AuthorityRoom room)
    {
        // A long look, so not while others wait to write; what it found is looked at again before anything is ended.
        var found = room.Store.Read(db => Holders(db, room.Now));
        return found.Count == 0 ? Task.FromResult(0) : room.Store.Write(tx => End(tx, room, found));
    }

    private static int End(StoreTransaction tx, AuthorityRoom room, List<byte[]> holders)
    {
        var newer = holders
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
    }

    private static List<byte[]> Holders(DbConnection db, DateTimeOffset at) => db.Query<byte[]>(
        """
        SELECT holder FROM certificate WHERE state = 1 AND not_after >= @now AND holder IS NOT NULL
        GROUP BY holder HAVING COUNT(*) > 1
        """, new { now = at.ToUnixTimeSeconds() }).AsList();
}
