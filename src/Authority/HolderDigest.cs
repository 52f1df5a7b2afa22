using System.Security.Cryptography;
using System.Text;
using Jpki.Forms;

namespace Jpki.Authority;

/// <summary>
/// Recognises a holder without keeping the four attributes in a column: a keyed digest of what the certificate would
/// say of the person. Two certificates of one person have one digest. (CPS 4-2-3, 2-8-1)
/// </summary>
internal sealed class HolderDigest(byte[] key)
{
    public byte[] Of(CertifiedAttributes person) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(
        string.Join('\n', person.CommonName, person.BirthDate.Code, (int)person.Gender, person.Address)));
}
