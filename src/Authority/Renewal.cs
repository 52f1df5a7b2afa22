using Jpki.Cps;
using Jpki.Forms;
using Jpki.Ledger;

namespace Jpki.Authority;

/// <summary>
/// A certificate that takes the place of its holder's live one. The old one ends in the transaction that records the
/// new: at no time has the holder two, and if nothing is signed the old one stays. 更新 (CPS 3-2, 4-2-3)
/// </summary>
internal sealed record Renewal(IssuanceNotice Notice, SignedForm Paper, string Source)
{
    /// <summary>May there be a new certificate, beside those that its holder has?</summary>
    /// <param name="old">What is renewed; null when nothing is.</param>
    /// <param name="live">The holder's certificates that are issued, or about to be.</param>
    /// <param name="keys">For their serial numbers.</param>
    public static Refusal? Objection(Renewal? old, IReadOnlyList<CertificateRow> live, KeyRing keys)
    {
        if (old is not null && live.All(row => row.Stage != CertificateState.Issued || row.Key != old.KeyIn(keys)))
            return new("3-2", "the certificate to be renewed is no live one of this holder");
        if (live.FirstOrDefault(row => row.Key != old?.KeyIn(keys)) is { } other)
            return new("4-2-3", $"the holder has a live certificate, {keys.SerialOf(other.Key)}");
        return old is not null && live.Any(row => row.Municipality != old.Notice.Municipality)
            ? new("5-1-2-2", "the certificate is not of a resident of this municipality")
            : null;
    }

    /// <summary>Whatever ended it in the meantime stands.</summary>
    public void End(StoreTransaction tx, KeyRing keys, DateTimeOffset at)
    {
        if (KeyIn(keys) is not { } key || Books.Find(tx, key) is not { Stage: CertificateState.Issued })
            return;
        RevocationOrder order = new(Notice.NoticeId, Notice.Renews!, RevocationReason.Superseded, Source)
        {
            Municipality = Notice.Municipality,
            Form = Paper,
        };
        Books.KeepPaper(tx, order, key, Books.Revoke(tx, key, order.Reason, at));
        tx.Record(new("certificate revoked", at, order.Reason.ToStandardName(), Source, order.Serial));
    }

    private CertificateKey? KeyIn(KeyRing keys) => keys.KeyOf(Notice.Renews!);
}
