using System.Security.Cryptography;

namespace Jpki.Counter;

/// <summary>The terminal of a municipality's counter, which signs its notices to the governor. 受付窓口端末</summary>
/// <param name="Id">Five digits of the municipality and four characters: the CN of its certificate.</param>
/// <param name="Key">ECDSA P-256.</param>
public sealed record Terminal(string Id, ECDsa Key)
{
    public string Municipality => Id[..5];
}
