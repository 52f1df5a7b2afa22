using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.X509;

namespace Jpki.Authority;

/// <summary>
/// Recognises a holder without keeping the four attributes in a column: a keyed digest of what the certificate would
/// say of the person. Two certificates of one person have one digest. (CPS 4-2-3, 2-8-1)
/// </summary>
internal sealed class HolderDigest(byte[] key)
{
    public byte[] Of(CertifiedAttributes person) => Of(HolderTexts.Of(person));

    /// <summary>The same from what a certificate says.</summary>
    /// <exception cref="AsnContentException">It has no subjectAltName, or a malformed one.</exception>
    public byte[] Of(Certificate certificate) => Of(HolderNames.Read(
        certificate.Find(Oids.SubjectAltName) ?? throw new AsnContentException("no subjectAltName")));

    private byte[] Of(HolderNames names) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(
        string.Join('\n', names.CommonName, names.BirthDate, names.Gender, names.Address)));
}
