using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.X509;

namespace Jpki.Authority;

/// <summary>
/// Gives who shows a live certificate of the inner network the next one, for the same role and id and with no new
/// right. The same question again gets the same certificate. 関連証明書の更新 (CPS 2-1-2(5), 5-2-2③)
/// </summary>
internal static class InnerRenewals
{
    /// <summary>For doors and terminals, whose keys are the software's own.</summary>
    /// <exception cref="AsnContentException">The request is not PKCS#10.</exception>
    public static Task<Outcome<ClientCertificateAnswer>> Renew(
        AuthorityRoom room, RenewalRequest asked, Caller caller) =>
        caller.Role is CallerRole.Officer or CallerRole.Verifier
            ? Refuse(room, caller.Id, new("5-2-3", $"a {caller.Role} renews at a door of another room"))
            : Next(room, caller.Certificate.RawDataMemory, CertificationRequest.Read(asked.CertificationRequest),
                caller.Id);

    /// <summary>
    /// For an officer: the two senior operators who registered him agreed on the person and the roles, and neither
    /// changes. That it is he, the signature of his present card shows.
    /// </summary>
    /// <exception cref="AsnContentException">A certificate or request is none.</exception>
    public static Task<Outcome<ClientCertificateAnswer>> Renew(
        AuthorityRoom room, OfficerRenewalRequest asked, Caller controlRoom)
    {
        var present = Certificate.Read(asked.Certificate);
        using var shown = X509CertificateLoader.LoadCertificate(present.Der.Span);
        return asked.Form.Open<OfficerRenewal>(shown) is { } form
            && Caller.Of(shown) is { Role: CallerRole.Officer } officer && officer.Id == form.Id
                ? Next(room, present.Der, CertificationRequest.Read(form.CertificationRequest), controlRoom.Id)
                : Refuse(room, controlRoom.Id, new("5-2-3", "not signed with the key of the officer's certificate"));
    }

    private static async Task<Outcome<ClientCertificateAnswer>> Next(
        AuthorityRoom room, ReadOnlyMemory<byte> shown, CertificationRequest request, string source)
    {
        var (present, at) = (Certificate.Read(shown), room.Now);
        var row = room.Store.Read(db => OperationsBooks.Find(db, present.Serial.ToString()));
        if (row is null || !row.Der.AsSpan().SequenceEqual(present.Der.Span))
            return await Refuse(room, source, new("5-2-3", "not a certificate of this operations CA"));
        if (!request.IsSelfSigned)
            return await Refuse(room, source, new("3-1-11", "the request is not signed with its key"));
        var objection = room.Operations.ObjectionTo(row.Serial) ?? RenewalTimes.Objection(present.NotAfter, at);
        if (objection is not null)
            return await Refuse(room, source, objection);
        var newest = room.Store.Read(db => OperationsBooks.LiveOf(db, row.Role, row.Id, at).Last().Certificate);
        if (newest.NotAfter > present.NotAfter)
        {
            return newest.PublicKey.Equals(request.PublicKey)
                ? new ClientCertificateAnswer(newest.Der.ToArray())
                : await Refuse(room, source, new("5-2-2③", "the next certificate was given for another key"));
        }
        var next = await room.Operations.Renew(row, request.PublicKey, source);
        return new ClientCertificateAnswer(next.Der.ToArray());
    }

    private static async Task<Outcome<ClientCertificateAnswer>> Refuse(
        AuthorityRoom room, string source, Refusal refusal)
    {
        await room.Record(new("renewal refused", room.Now, $"{refusal.Clause}", source));
        return refusal;
    }
}
