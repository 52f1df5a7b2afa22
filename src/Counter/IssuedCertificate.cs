using Jpki.Forms;
using Jpki.X509;

namespace Jpki.Counter;

/// <summary>What the counter looks at before it lets a certificate onto a card.</summary>
internal static class IssuedCertificate
{
    private const string CommonName = "2.5.4.3";

    /// <exception cref="FormatException">It is not the certificate this application asked for.</exception>
    public static Certificate Check(IssuanceAnswer answer, IssuanceApplication application)
    {
        var holder = Certificate.Read(answer.Certificate);
        var asked = CertificationRequest.Read(application.CertificationRequest);
        if (answer.NoticeId != application.NoticeId || answer.Serial != holder.Serial.ToString())
            throw new FormatException("the answer belongs to another notice");
        if (!holder.PublicKey.Equals(asked.PublicKey)
            || holder.Subject.Value(CommonName) != application.SubjectCommonName)
        {
            throw new FormatException("the certificate is for another key or subject");
        }

        return holder.IsSignedBy(Certificate.Read(answer.AuthorityCertificate).PublicKey)
            ? holder
            : throw new FormatException("the certificate is not signed by the governor's key that came with it");
    }
}
