using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Jpki.Counter;

/// <summary>The terminal of a municipality's counter, which signs its notices to the governor. 受付窓口端末</summary>
/// <param name="Id">Five digits of the municipality and four characters: the CN of its certificate.</param>
/// <param name="Key">ECDSA P-256.</param>
/// <param name="Certificate">From the operations CA.</param>
public sealed record Terminal(string Id, ECDsa Key, X509Certificate2 Certificate)
{
    public string Municipality => Id[..5];
}
