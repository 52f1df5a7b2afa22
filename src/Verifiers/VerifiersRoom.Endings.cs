using Jpki.Cps;
using Jpki.Forms;
using Jpki.Ledger;

namespace Jpki.Verifiers;

/// <summary>The end of an admission. アクセス権の取消し (CPS 4-4-4-3, 4-4-4-5)</summary>
public sealed partial class VerifiersRoom
{
    /// <summary>
    /// Takes access away for good: responder and Repository hear of it at once. The same papers again are answered as
    /// before, since they go to the Authority too, which may not have heard of them.
    /// </summary>
    /// <exception cref="System.Text.Json.JsonException">The approval or the order is none.</exception>
    public async Task<Outcome<AdmissionEnding>> End(ApprovedOrder papers, Caller controlRoom)
    {
        if (Approvals.Prove<AdmissionEnding>(papers, Duties.EndAdmissions, controlRoom, clock.GetUtcNow())
            .IsRefused(out var refusal, out var approved))
        {
            return await Refuse(controlRoom.Id, null, refusal);
        }
        var objection = await store.Write(tx => End(tx, approved));
        if (objection is not null)
            return await Refuse(approved.Officers, Find(approved.Order.Id)?.Id, objection);
        Announce();
        return approved.Order;
    }

    private static Refusal Ended { get; } =
        new("4-4-4-3", "this verifier's admission was ended; it may give notice anew");

    private Refusal? End(StoreTransaction tx, Approved<AdmissionEnding> approved)
    {
        var order = approved.Order;
        var known = tx.QueryFirstOrDefault<EndingRow>(
            "SELECT state AS State, end_approval AS EndApproval FROM verifier WHERE id = @Id", new { order.Id });
        if (known?.EndApproval == approved.Approval.Id)
            return null;
        if (known?.State != 2)
            return known is null ? Nobody : known.State == 3 ? Ended : new("4-4-4-3", "this verifier is not admitted");
        if (tx.QueryFirstOrDefault<string>(
            "SELECT id FROM verifier WHERE end_approval = @Id", new { approved.Approval.Id }) is not null)
        {
            return new("5-2-2①", "the approval was used before");
        }
        tx.Execute(
            """
            UPDATE verifier SET state = 3, ended_at = @Now, ended_by = @Officers, ended_why = @Why,
                   end_approval = @approval, ldap_password_hash = NULL
            WHERE id = @Id
            """,
            new { order.Id, order.Why, Now, approved.Officers, approval = approved.Approval.Id });
        tx.Execute("UPDATE admission_version SET version = version + 1");
        tx.Record(new("admission ended", clock.GetUtcNow(), "ok", approved.Officers, order.Id));
        return null;
    }

    private sealed record EndingRow
    {
        public long State { get; init; }

        public string? EndApproval { get; init; }
    }
}
