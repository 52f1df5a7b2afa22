using System.Collections.Immutable;
using Jpki.X509;

namespace Jpki.Hsm;

/// <summary>What a generation of the governor's key is and signs with. 署名アルゴリズム (CPS 6-1-1-2, 6-3-1-2)</summary>
/// <param name="Name">As the site's file says it: <c>rsa2048-sha256</c>.</param>
/// <param name="Key">The key pair.</param>
/// <param name="Signature">How it signs.</param>
public sealed record KeyAlgorithm(string Name, KeySpec Key, SignatureAlgorithm Signature)
{
    public static readonly KeyAlgorithm Default = new("rsa2048-sha256", KeySpec.Rsa2048,
        SignatureAlgorithm.Sha256WithRsa);

    public static ImmutableArray<KeyAlgorithm> All { get; } =
    [
        Default,
        new("rsa3072-sha256", KeySpec.Rsa3072, SignatureAlgorithm.Sha256WithRsa),
        new("rsa4096-sha256", KeySpec.Rsa4096, SignatureAlgorithm.Sha256WithRsa),
        new("rsa3072-sha384", KeySpec.Rsa3072, SignatureAlgorithm.Sha384WithRsa),
        new("rsa4096-sha384", KeySpec.Rsa4096, SignatureAlgorithm.Sha384WithRsa),
        new("p256-sha256", KeySpec.EcP256, SignatureAlgorithm.EcdsaSha256),
        new("p384-sha384", KeySpec.EcP384, SignatureAlgorithm.EcdsaSha384),
        // As in 2003. Only the policy cps-1.7-literal lets a governor sign with it.
        new("rsa2048-sha1", KeySpec.Rsa2048, SignatureAlgorithm.Sha1WithRsa),
    ];

    /// <summary>Null when there is none of that name.</summary>
    public static KeyAlgorithm? Find(string name) => All.FirstOrDefault(a => a.Name == name);
}
