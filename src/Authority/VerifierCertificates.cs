using Jpki.Cps;
using Jpki.Forms;
using Jpki.Ledger;
using Jpki.X509;

namespace Jpki.Authority;

/// <summary>Certifies verifiers' keys, and ends what it certified. 署名検証者等の証明書 (CPS 2-1-2(5), 4-4-4-3)</summary>
internal static class VerifierCertificates
{
    /// <summary>
    /// For the key of a notice. A verifier has no other: once a certificate for it was revoked there is none again.
    /// </summary>
    /// <exception cref="System.Formats.Asn1.AsnContentException">The request is not PKCS#10.</exception>
    public static async Task<Outcome<ClientCertificateAnswer>> Issue(
        AuthorityRoom room, ClientCertificateRequest asked, Caller verifiers)
    {
        var request = CertificationRequest.Read(asked.CertificationRequest);
        var objection = !request.IsSelfSigned ? new("3-1-11", "the request is not signed with its key")
            : room.Store.Read(db => OperationsBooks.WasRevoked(db, Role, asked.Id))
                ? new Refusal("4-4-4-3", "a certificate for this key was revoked; give notice anew, with another")
            : null;
        if (objection is not null)
        {
            await room.Record(new(
                "verifier's certificate refused", room.Now, $"{objection.Clause}", verifiers.Id, asked.Id));
            return objection;
        }
        var certificate =
            await room.Operations.IssueClient(CallerRole.Verifier, asked.Id, request.PublicKey, verifiers.Id);
        return new ClientCertificateAnswer(certificate.Der.ToArray());
    }

    /// <summary>
    /// Revokes every live one, because two senior operators ended the admission. One that another organisation gave is
    /// none of ours.
    /// </summary>
    public static async Task<Outcome<AdmissionEnded>> End(AuthorityRoom room, Approved<AdmissionEnding> approved)
    {
        var at = JapanTime.WholeSecond(room.Now);
        var ended = await room.Store.Write(tx => End(tx, room, approved, at));
        if (!ended.IsRefused(out _, out var answer))
        {
            foreach (var serial in answer.Serials)
                await room.Operations.Forget(serial, at);
        }
        return ended;
    }

    private static string Role => $"{CallerRole.Verifier}";

    private static Outcome<AdmissionEnded> End(
        StoreTransaction tx, AuthorityRoom room, Approved<AdmissionEnding> approved, DateTimeOffset at)
    {
        var id = approved.Order.Id;
        if (ApprovalBooks.Spend(tx, approved, room.Now) is { } no)
        {
            tx.Record(new("revocation refused", room.Now, $"{no.Clause}", approved.Officers, id));
            return no;
        }
        OperationsRow[] live = [.. OperationsBooks.LiveOf(tx, Role, id, at)];
        foreach (var row in live)
        {
            OperationsBooks.Revoke(tx, row.Serial, RevocationReason.CessationOfOperation, at);
            tx.Record(new(
                "certificate revoked", room.Now, RevocationReason.CessationOfOperation.ToStandardName(),
                approved.Officers, $"{row.Bearer} {row.Serial}"));
        }
        return new AdmissionEnded(id, [.. live.Select(r => r.Serial)]);
    }
}
