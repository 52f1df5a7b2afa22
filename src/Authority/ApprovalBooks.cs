using System.Data.Common;
using System.Text.Json;
using Dapper;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Ledger;

namespace Jpki.Authority;

/// <summary>Approvals that were acted on, each once. (CPS 5-2-2)</summary>
internal static class ApprovalBooks
{
    /// <summary>Uses an approval in the change that acts on it; a second use is refused.</summary>
    public static Refusal? Spend<T>(StoreTransaction tx, Approved<T> approved, DateTimeOffset at) where T : class
    {
        var approval = approved.Approval;
        var isNew = tx.Execute(
            """
            INSERT INTO approval (id, duty, body, used_at) VALUES (@Id, @Duty, @body, @at) ON CONFLICT (id) DO NOTHING
            """,
            new
            {
                approval.Id,
                approval.Duty,
                body = JsonSerializer.Serialize(approval, FormJson.Options),
                at = at.ToUnixTimeMilliseconds(),
            });
        return isNew == 1 ? null : new Refusal("5-2-2①", $"the approval {approval.Id} was used before");
    }

    /// <summary>Whether what it allowed was done; the room that asked may not have heard the answer.</summary>
    public static ApprovalUse Find(DbConnection db, string id) =>
        new(id, db.QueryFirstOrDefault<string>("SELECT id FROM approval WHERE id = @id", new { id }) is not null);

    /// <summary>Whether any act of this duty was ever approved.</summary>
    public static bool Knows(StoreTransaction tx, Duty duty) =>
        tx.QueryFirstOrDefault<long>("SELECT COUNT(*) FROM approval WHERE duty = @Name", new { duty.Name }) > 0;
}
