using Jpki.Cps;
using Jpki.Forms;

namespace Jpki.Authority;

/// <summary>A revocation that somebody entitled to it asks for. 失効</summary>
internal sealed record RevocationOrder(string NoticeId, string Serial, RevocationReason Reason, string Source)
{
    /// <summary>A municipality ends only certificates of its own residents; null for the Authority itself.</summary>
    public string? Municipality { get; init; }

    public SignedForm? Form { get; init; }
}

/// <summary>A revocation that was made, found again by its paper.</summary>
internal sealed record RevocationRow(long Generation, long Counter, long Position, long Reason, long RevokedAt)
{
    public CertificateKey Key => new((int)Generation, Counter);
}

/// <summary>Who may end a certificate, and for which reason. 失効の事由 (CPS 4-4-1, 4-4-2)</summary>
internal static class RevocationPolicy
{
    public static Refusal NotIssuedHere { get; } =
        new("4-4-2", "no certificate with this serial number was issued here");

    public static Refusal NotAHoldersReason { get; } =
        new("4-4-2-1",
            "at the counter a holder gives up the service or reports the key; other reasons are not the holder's");

    public static RevocationReason ReasonOf(RegisterEventKind kind) => kind == RegisterEventKind.AttributesChanged
        ? RevocationReason.AffiliationChanged
        : RevocationReason.CessationOfOperation;

    /// <summary>
    /// The Authority acts by itself on a change, a difference found, a double issue or its own key's compromise.
    /// </summary>
    public static Refusal? ExOfficioObjection(RevocationReason reason) =>
        reason is RevocationReason.KeyCompromise or RevocationReason.CessationOfOperation
            ? new("4-4-2-1", $"{reason.ToStandardName()} is the holder's to ask for, at a counter or online")
            : null;

    public static Refusal? Objection(RevocationOrder order, CertificateRow? row) =>
        row is not { Stage: not CertificateState.Intended }
            ? NotIssuedHere
            : IsAnothers(order, row) ? new("5-1-2-2", "the certificate is not of a resident of this municipality")
            : row.Kind != (long)CertificateKind.Resident
                ? new("5-2-1-1(6)", "not a resident's certificate: senior operators' work")
            : row.Stage == CertificateState.Revoked
                ? new("4-4-2-4", "already revoked, and a revocation is never taken back")
            : null;

    /// <summary>The same paper again: the same answer, unless it now asks for something else.</summary>
    public static Outcome<RevocationAnswer> Repeat(RevocationOrder order, RevocationRow earlier, KeyRing keys) =>
        keys.KeyOf(order.Serial) != earlier.Key || (long)order.Reason != earlier.Reason
            ? new Refusal("4-4-2", "this notice number was used for another revocation")
            : new RevocationAnswer
            {
                NoticeId = order.NoticeId,
                Serial = order.Serial,
                Reason = order.Reason,
                RevokedAt = DateTimeOffset.FromUnixTimeSeconds(earlier.RevokedAt),
                FeedPosition = earlier.Position,
            };

    private static bool IsAnothers(RevocationOrder order, CertificateRow row) =>
        order.Municipality is { } municipality && municipality != row.Municipality;
}
