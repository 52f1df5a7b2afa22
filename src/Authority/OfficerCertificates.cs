using Jpki.Cps;
using Jpki.Forms;
using Jpki.X509;

namespace Jpki.Authority;

/// <summary>Certifies the keys by which officers log in. 要員の証明書 (CPS 5-2-2③)</summary>
internal static class OfficerCertificates
{
    /// <summary>
    /// For a registration that two senior operators approved, once. The first officers come without one; that ends
    /// with the first registration.
    /// </summary>
    /// <exception cref="System.Formats.Asn1.AsnContentException">The request is not PKCS#10.</exception>
    public static async Task<Outcome<ClientCertificateAnswer>> Issue(
        AuthorityRoom room, OfficerCertificateRequest asked, Caller controlRoom)
    {
        var request = CertificationRequest.Read(asked.CertificationRequest);
        var objection = request.IsSelfSigned
            ? await Use(room, asked, controlRoom)
            : new Refusal("3-1-11", "the request is not signed with its key");
        if (objection is not null)
        {
            await room.Record(new(
                "officer's certificate refused", room.Now, objection.Clause.ToString(), controlRoom.Id, asked.Id));
            return objection;
        }
        var certificate =
            await room.Operations.IssueClient(CallerRole.Officer, asked.Id, request.PublicKey, controlRoom.Id);
        return new ClientCertificateAnswer(certificate.Der.ToArray());
    }

    private static async Task<Refusal?> Use(AuthorityRoom room, OfficerCertificateRequest asked, Caller controlRoom)
    {
        if (asked.Registration is not { } papers)
        {
            return await room.Store.Write(tx => ApprovalBooks.Knows(tx, Duties.RegisterOfficers)
                ? new Refusal("5-2-2③", "officers are registered by two senior operators")
                : null);
        }
        if (Approvals.Prove<OfficerRegistration>(papers, Duties.RegisterOfficers, controlRoom, room.Now)
            .IsRefused(out var refusal, out var approved))
        {
            return refusal;
        }
        return approved.Order.Id == asked.Id
            ? await room.Store.Write(tx => ApprovalBooks.Spend(tx, approved, room.Now))
            : new Refusal("5-2-2③", $"the registration is {approved.Order.Id}'s");
    }
}
