using Jpki.Forms;
using Jpki.Ledger;

namespace Jpki.Host;

/// <summary>
/// Keeps whose certificate was revoked out of every route of a door, from the moment of the revocation, and tells him
/// the clause. (CPS 5-2-3)
/// </summary>
internal static class RevokedCallers
{
    /// <param name="door">Where it stands.</param>
    /// <param name="trust">Who was revoked.</param>
    /// <param name="record">The room's log; null where a room has none.</param>
    /// <param name="clock">The prefecture's time.</param>
    public static void Stop(
        IApplicationBuilder door, OperationsTrust trust, Func<LedgerEvent, Task>? record, TimeProvider clock) =>
        door.Use(async (http, next) =>
        {
            if (Caller.Of(http) is not { } caller || trust.ObjectionTo(caller.Certificate) is not { } refusal)
            {
                await next(http);
                return;
            }
            if (record is not null)
            {
                await record(new(
                    "revoked certificate shown", clock.GetUtcNow(), $"refused {refusal.Clause}",
                    $"{caller.Role} {caller.Id}", OperationsTrust.SerialOf(caller.Certificate)));
            }
            await Answers.Forbidden(refusal).ExecuteAsync(http);
        });
}
