using System.Security.Cryptography;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Ledger;
using Jpki.X509;

namespace Jpki.ControlRoom.Officers;

/// <summary>
/// Gets an officer on duty his next certificate from the Authority. The present one is good beside it until it ends.
/// 要員の証明書の更新 (CPS 5-2-2③)
/// </summary>
public sealed class OfficerRenewals(Store store, NeighbourDoor authority, TimeProvider clock)
{
    /// <summary>When his certificate ends, if it is time to renew it; else null.</summary>
    public DateTimeOffset? DueOf(OfficerOnDuty officer) =>
        store.Read(db => OfficerBooks.Find(db, officer.Id))?.ToOfficer().CertificateEndsAt is { } ends
        && RenewalTimes.Objection(ends, clock.GetUtcNow()) is null
            ? ends
            : null;

    /// <summary>The same question again, in case the answer was lost, gets the same certificate.</summary>
    /// <param name="officer">On duty.</param>
    /// <param name="caller">The certificate that he shows.</param>
    /// <param name="form">An <see cref="OfficerRenewal"/> under that certificate's key.</param>
    /// <exception cref="System.Formats.Asn1.AsnContentException">The request is not PKCS#10.</exception>
    public async Task<Outcome<Enrolled>> Renew(OfficerOnDuty officer, Caller caller, SignedForm form)
    {
        if (form.Open<OfficerRenewal>(caller.Certificate) is not { } wish || wish.Id != officer.Id)
            return await Refuse(officer, new("5-2-3", "not signed with the key of the certificate that is shown"));
        var request = CertificationRequest.Read(wish.CertificationRequest);
        var key = Convert.ToHexString(SHA256.HashData(request.PublicKey.Der.Span));
        var (row, holder) = store.Read(db => (OfficerBooks.Find(db, officer.Id)!, OfficerBooks.HolderOfKey(db, key)));
        if (holder is not null && holder != officer.Id)
            return await Refuse(officer, new("5-2-2①", "この鍵は登録済みです。1 枚のカードは 1 人のものです。 The key is in use."));
        if (row.CertificateSha256 != caller.CertificateSha256)
        {
            return row.KeySha256 == key
                ? new Enrolled(row.Certificate!)
                : await Refuse(officer, new("5-2-2③", "更新済みです。新しい証明書を使ってください。 It has been renewed already."));
        }
        var answer = await authority.Send<ClientCertificateAnswer>(
            "operators/officer-renewals", new OfficerRenewalRequest(caller.Certificate.RawData, form));
        return answer.IsRefused(out var no, out var given)
            ? await Refuse(officer, no)
            : await Keep(officer, Certificate.Read(given.Certificate), key);
    }

    private async Task<Enrolled> Keep(OfficerOnDuty officer, Certificate next, string key)
    {
        await store.Write(tx =>
        {
            OfficerBooks.Renew(tx, officer.Id, next, key);
            tx.Record(new("officer's certificate renewed", clock.GetUtcNow(), "ok", officer.Id, $"{next.Serial}"));
        });
        return new(next.Der.ToArray());
    }

    private async Task<Refusal> Refuse(OfficerOnDuty officer, Refusal refusal)
    {
        await store.Write(tx => tx.Record(
            new("officer's certificate renewed", clock.GetUtcNow(), $"refused {refusal.Clause}", officer.Id)));
        return refusal;
    }
}
