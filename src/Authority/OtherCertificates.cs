using Jpki.Cps;
using Jpki.Forms;
using Jpki.Ledger;

namespace Jpki.Authority;

/// <summary>
/// Ends certificates that are no resident's: responders', the validation server's, and everybody's on the inner
/// network. 関連証明書の失効 (CPS 5-2-1-1(6), 2-1-2(5))
/// </summary>
internal static class OtherCertificates
{
    /// <summary>From its commit on no door takes the certificate.</summary>
    public static async Task<Outcome<OtherRevocationAnswer>> Revoke(
        AuthorityRoom room, Approved<OtherRevocation> approved)
    {
        var ended = await room.Store.Write(tx => Revoke(tx, room, approved));
        if (!ended.IsRefused(out _, out var answer))
            await room.Operations.Forget(answer.Serial, answer.RevokedAt);
        return ended;
    }

    private static Outcome<OtherRevocationAnswer> Revoke(
        StoreTransaction tx, AuthorityRoom room, Approved<OtherRevocation> approved)
    {
        var (order, at) = (approved.Order, JapanTime.WholeSecond(room.Now));
        var found = Find(tx, room, order);
        if ((Objection(order, found) ?? ApprovalBooks.Spend(tx, approved, room.Now)) is { } no)
        {
            tx.Record(new("revocation refused", room.Now, $"{no.Clause}", approved.Officers, order.Serial));
            return no;
        }
        found!.End(at);
        tx.Record(new(
            "certificate revoked", room.Now, order.Reason.ToStandardName(), approved.Officers,
            $"{found.Bearer} {order.Serial}"));
        return new OtherRevocationAnswer(order.Serial, found.Bearer, order.Reason, at);
    }

    private static Refusal? Objection(OtherRevocation order, Found? found) =>
        found is null ? RevocationPolicy.NotIssuedHere
        : order.Reason == RevocationReason.CaCompromise
            ? new("4-14-2", "a key of the governor's is declared compromised by an act of its own")
        : found.IsAnchor ? new("5-2-2③", "the operations CA's own certificate has nobody above it to revoke it")
        : found.IsRevoked ? new("4-4-2-4", "already revoked, and a revocation is never taken back")
        : null;

    private static Found? Find(StoreTransaction tx, AuthorityRoom room, OtherRevocation order) =>
        OperationsBooks.Find(tx, order.Serial) is { } inner
            ? new(inner.Bearer, inner.RevokedAt is not null, inner.Role == OperationsBooks.Anchor, at =>
                OperationsBooks.Revoke(tx, order.Serial, order.Reason, at))
        : room.Keys.KeyOf(order.Serial) is { } key && Books.Find(tx, key) is { } row && IsOther(row)
            ? new($"{(CertificateKind)row.Kind}", row.Stage == CertificateState.Revoked, false, at =>
                Books.Revoke(tx, key, order.Reason, at))
        : null;

    private static bool IsOther(CertificateRow row) => row.Stage != CertificateState.Intended
        && (CertificateKind)row.Kind is CertificateKind.OcspResponder or CertificateKind.ValidationServer;

    private sealed record Found(string Bearer, bool IsRevoked, bool IsAnchor, Action<DateTimeOffset> End);
}
