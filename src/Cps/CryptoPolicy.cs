using Jpki.X509;

namespace Jpki.Cps;

/// <summary>
/// Which keys and hashes this site takes for strong. What the statement's letter asks for has been broken since it was
/// written; 6-3-1-2 and 6-3-2 foresaw that and ask for a change of algorithm. 暗号方式 (CPS 6-1-1-2, 6-1-2-3, 6-3-2)
/// </summary>
/// <param name="Name">As the site's file says it; empty for the policy that needs no saying.</param>
/// <param name="SmallestHolderRsaKey">Bits of modulus.</param>
/// <param name="AllowsSha1">May the governor sign with SHA-1?</param>
public sealed record CryptoPolicy(string Name, int SmallestHolderRsaKey, bool AllowsSha1)
{
    public static readonly CryptoPolicy Current = new("", 2048, AllowsSha1: false);

    /// <summary>The statement to the letter, as in 2014: to rebuild old data, and for nothing else.</summary>
    public static readonly CryptoPolicy Literal = new("cps-1.7-literal", 1024, AllowsSha1: true);

    public bool IsLiteral => this == Literal;

    /// <summary>The policy of that name; null when there is none.</summary>
    public static CryptoPolicy? Find(string name) =>
        name == Current.Name ? Current : name == Literal.Name ? Literal : null;

    /// <summary>May the governor sign so? Null when he may. (CPS 6-1-1-2, 6-3-1-2)</summary>
    public Refusal? ObjectionTo(SignatureAlgorithm algorithm, PublicKey governor)
    {
        if (!algorithm.IsWritten || algorithm.IsRsa != governor.IsRsa)
            return new("6-3-1-2", $"the governor's key cannot sign with {algorithm.Oid}");
        if (algorithm == SignatureAlgorithm.Sha1WithRsa && !AllowsSha1)
            return new("6-3-1-2", $"SHA-1 is broken; only the policy {Literal.Name} signs with it");
        return governor.IsRsa && governor.Bits < 2048
            ? new("6-1-1-2", $"the governor's key has {governor.Bits} bits, not 2048 or more")
            : null;
    }
}
