using System.Security.Cryptography;
using Jpki.X509;

namespace Jpki.Hsm;

/// <summary>How a store signs a hash with one of its keys; ECDSA answers with DER SEQUENCE { r, s }.</summary>
internal delegate byte[] KeyUse(ReadOnlySpan<byte> hash, SignatureAlgorithm algorithm);

/// <summary>A private key that can be used but not seen. Any number of threads may sign at once. 秘密鍵</summary>
public sealed class SigningKey
{
    private readonly KeyUse use;

    internal SigningKey(string label, PublicKey publicKey, KeyUse use) =>
        (Label, PublicKey, this.use) = (label, publicKey, use);

    public string Label { get; }

    public PublicKey PublicKey { get; }

    /// <summary>A key this process holds itself: a card's, a made-up resident's. No HSM keeps it.</summary>
    public static SigningKey FromPkcs8(string label, ReadOnlySpan<byte> pkcs8) =>
        SoftwareKey.Open(label, pkcs8.ToArray());

    /// <summary>Signs a hash made with the algorithm's own hash function.</summary>
    public byte[] SignHash(ReadOnlySpan<byte> hash, SignatureAlgorithm algorithm)
    {
        if (algorithm.IsRsa != PublicKey.IsRsa)
            throw new ArgumentException($"key {Label} cannot sign with {algorithm.Oid}", nameof(algorithm));
        if (hash.Length != HashLength(algorithm.Hash))
            throw new ArgumentException($"{hash.Length} octets are no {algorithm.Hash.Name} hash", nameof(hash));
        return use(hash, algorithm);
    }

    /// <summary>The key with its algorithm decided, as certificates and CRLs want it.</summary>
    public HashSigner With(SignatureAlgorithm algorithm) => hash => SignHash(hash, algorithm);

    private static int HashLength(HashAlgorithmName hash) => hash.Name switch
    {
        "SHA1" => SHA1.HashSizeInBytes,
        "SHA256" => SHA256.HashSizeInBytes,
        "SHA384" => SHA384.HashSizeInBytes,
        "SHA512" => SHA512.HashSizeInBytes,
        _ => throw new ArgumentException($"no hash function {hash.Name} here", nameof(hash)),
    };
}
