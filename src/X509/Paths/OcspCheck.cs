using System.Formats.Asn1;

namespace Jpki.X509.Paths;

/// <summary>
/// OCSP answers that came with the question: whose they are, for when, and what they say (RFC 6960 3.2).
/// </summary>
internal sealed class OcspCheck(PathPool pool, PathQuestion question, Work work)
{
    /// <summary>
    /// How long an answer lasts that does not say: the responder had newer news at any time (RFC 6960 4.2.2.1).
    /// </summary>
    private static readonly TimeSpan LastsUnsaid = TimeSpan.FromDays(7);

    public Finding Find(FoundPath path, int index)
    {
        var certificate = path.Certificates[index];
        var worst = new Finding(Status.Silent, certificate.Objection("RFC 6960 3.2", "no OCSP answer speaks of it"));
        foreach (var answer in pool.Answers)
        {
            var said = answer.Responses.Where(r => IsAbout(r.CertId, certificate, path, index)).ToList();
            if (said.Count == 0)
                continue;
            var finding = Judge(answer, said, path, index);
            if (finding.Status == Status.Revoked)
                return finding;
            if (finding.Status > worst.Status)
                worst = finding;
        }
        return worst;
    }

    private static bool IsAbout(CertId id, Facts certificate, FoundPath path, int index) =>
        id.Serial == certificate.Certificate.Serial && id.IsIssuedBy(certificate.Issuer, path.Keys[index - 1]);

    private Finding Judge(BasicOcspResponse answer, List<SingleResponse> said, FoundPath path, int index)
    {
        var certificate = path.Certificates[index];
        Finding Refuse(Status status, string section, string reason) =>
            new(status, certificate.Objection(section, reason));

        if (answer.ProducedAt > question.At || !certificate.Certificate.IsLiveAt(answer.ProducedAt))
            return Refuse(Status.Undetermined, "RFC 6960 2.4", "an OCSP answer was not made while it was valid");
        if (!said.TrueForAll(IsTimely))
            return Refuse(Status.Undetermined, "RFC 6960 4.2.2.1", "an OCSP answer is not of that time");
        if (!IsSignedByResponder(answer, path.Certificates[index - 1], path.Keys[index - 1]))
            return Refuse(Status.Undetermined, "RFC 6960 4.2.2.2", "an OCSP answer is not by an authorized responder");
        if (said.Find(r => r.Status == CertStatus.Revoked) is { } revoked)
            return Refuse(Status.Revoked, "RFC 6960 2.2", $"it was revoked at {revoked.RevokedAt:u}");
        return said.TrueForAll(r => r.Status == CertStatus.Good)
            ? Finding.Good
            : Refuse(Status.Undetermined, "RFC 6960 2.2", "an OCSP responder does not know it");
    }

    private bool IsTimely(SingleResponse response)
    {
        var lasts = question.MaxRevocationAge ?? (response.NextUpdate is null ? LastsUnsaid : TimeSpan.MaxValue);
        return response.ThisUpdate <= question.At && !(response.NextUpdate < question.At)
            && question.At - response.ThisUpdate <= lasts;
    }

    /// <summary>RFC 6960 4.2.2.2: the issuer itself, or whom the issuer itself made a responder.</summary>
    private bool IsSignedByResponder(BasicOcspResponse answer, Facts issuer, PublicKey issuerKey)
    {
        if (IsResponder(answer, issuer.Subject, issuerKey))
            return work.IsSigned(answer, issuerKey);
        return answer.Certificates.Select(TryRead).OfType<Facts>()
            .Where(d => IsResponder(answer, d.Subject, d.Certificate.PublicKey))
            .Any(d => IsDelegate(d, issuer, issuerKey) && work.IsSigned(answer, d.Certificate.PublicKey));
    }

    private static bool IsResponder(BasicOcspResponse answer, Name name, PublicKey key) =>
        answer.ResponderName is { } by
        ? by.Equals(name)
        : answer.ResponderKeyHash is { } hash && hash.Span.SequenceEqual(key.KeyIdentifier);

    private bool IsDelegate(Facts responder, Facts issuer, PublicKey issuerKey) =>
        responder.Issuer.Equals(issuer.Subject)
        && responder.Purposes?.Contains(Oids.OcspSigning) is true
        && responder.Malformed is null && responder.UnknownCritical is null
        && responder.Allows(KeyUsages.DigitalSignature)
        && responder.Certificate.IsLiveAt(question.At)
        && work.IsSigned(responder, issuerKey)
        && (responder.HasOcspNoCheck || !IsOnCrl(responder, issuerKey));

    /// <summary>
    /// RFC 6960 4.2.2.2.1: without nocheck it is for the verifier to decide. Here: its issuer's CRLs, if any, count.
    /// </summary>
    private bool IsOnCrl(Facts responder, PublicKey issuerKey) => pool.Crls(responder.Issuer)
        .Where(c => c.ObjectionAt(question.At, question.MaxRevocationAge) is null && work.IsSigned(c, issuerKey))
        .Any(c => !c.TryFind(responder.Certificate, out var entry) || entry is not null);

    private static Facts? TryRead(ReadOnlyMemory<byte> der)
    {
        try
        {
            return new(Certificate.Read(der));
        }
        catch (AsnContentException)
        {
            return null;
        }
    }
}
