using System.Numerics;
using System.Security.Cryptography;
using Jpki.X509;

namespace Jpki.Cps.Keys;

/// <summary>
/// What can be wrong with a public key as far as the key alone shows. Whether it was seen before is for whoever keeps
/// the books. 鍵の強度 (CPS 6-1-1-2, 6-1-2-3, 6-3-2)
/// </summary>
public static class WeakKeys
{
    private const int LargestRsaKey = 4096;

    /// <summary>The one exponent of every real certificate; so a modulus and a key are the same thing here.</summary>
    private static readonly BigInteger Exponent = 65537;

    /// <summary>The first objection; null when there is none. The clause is the holder's key's.</summary>
    public static Refusal? Objection(PublicKey key, CryptoPolicy policy, WeakKeyList known) =>
        WrongKind(key)
        ?? TooShort(key, policy)
        ?? (RsaNumbers.Of(key) is { } numbers ? Flaw(numbers) : NotOnItsCurve(key))
        ?? (known.Contains(key) ? new("6-3-2", "the key is on the list of known weak keys") : null);

    private static Refusal? WrongKind(PublicKey key) => key switch
    {
        { IsRsa: true, Bits: <= LargestRsaKey } or { AlgorithmOid: Oids.EcPublicKey, Bits: 256 or 384 } => null,
        { IsRsa: true } => new("6-1-2-3", $"public key: RSA of {key.Bits} bits is more than {LargestRsaKey}"),
        _ => new("6-1-2-3", $"public key: {key.AlgorithmOid} of {key.Bits} bits is neither RSA nor P-256 nor P-384"),
    };

    private static Refusal? TooShort(PublicKey key, CryptoPolicy policy) =>
        key.IsRsa && key.Bits < policy.SmallestHolderRsaKey
            ? new("6-3-2",
                $"public key: RSA of {key.Bits} bits; at least {policy.SmallestHolderRsaKey} are needed since 1024 "
                + "were found weak")
            : null;

    private static Refusal? Flaw(RsaNumbers key)
    {
        if (key.Exponent != Exponent)
            return new("6-1-2-3", "public key: the exponent is not 65537");
        if (key.Modulus.IsEven || Roca.HasSmallFactor(key.Modulus))
            return new("6-3-2", "public key: the modulus has a small factor");
        if (Roca.HasFingerprint(key.Modulus))
            return new("6-3-2", "public key: the modulus has the mark of a faulty generator (CVE-2017-15361)");
        return CloseFactors.Find(key.Modulus) is not null
            ? new("6-3-2", "public key: its two primes lie close together (CVE-2022-26320)")
            : null;
    }

    private static Refusal? NotOnItsCurve(PublicKey key)
    {
        try
        {
            using var point = ECDsa.Create();
            point.ImportSubjectPublicKeyInfo(key.Der.Span, out _);
            return null;
        }
        catch (CryptographicException)
        {
            return new("6-1-2-3", "public key: the point is not on its curve");
        }
    }
}
