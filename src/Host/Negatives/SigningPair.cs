using System.Security.Cryptography;
using Jpki.X509;

namespace Jpki.Host.Negatives;

/// <summary>A key of the workshop's: made for one pack, and never written anywhere.</summary>
internal sealed class SigningPair(RSA key) : IDisposable
{
    public PublicKey PublicKey { get; } = PublicKey.From(key);

    public static SigningPair Make(int bits = 2048) => new(RSA.Create(bits));

    public HashSigner Signer(SignatureAlgorithm algorithm) =>
        hash => key.SignHash(hash, algorithm.Hash, RSASignaturePadding.Pkcs1);

    public void Dispose() => key.Dispose();
}
