using System.Numerics;
using System.Security.Cryptography;
using Jpki.X509;

namespace Jpki.Cps.Lint;

/// <summary>
/// A key that nobody trusts, made when the process starts and gone when it ends: what it signs can be looked at whole
/// before the governor signs the same octets, and is worth nothing to a thief. RSA's is as small as its padding lets it
/// be and has the private exponent 3, so that it costs a hundredth of the signature it stands in for.
/// </summary>
internal sealed class ThrowAwayKey
{
    /// <summary>Enough for PKCS#1 v1.5 around a SHA-512. (RFC 8017, 9.2)</summary>
    private const int RsaBits = 768;
    private const int RsaOctets = RsaBits / 8;

    private static readonly Lazy<ThrowAwayKey> Made = new(() => new());

    private readonly BigInteger modulus;
    private readonly ECDsa curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private ThrowAwayKey()
    {
        while (true)
        {
            using var rsa = RSA.Create(RsaBits);
            var key = rsa.ExportParameters(includePrivateParameters: true);
            var (p, q) = (Number(key.P!), Number(key.Q!));
            if (p % 3 == 1 || q % 3 == 1)
                continue;                                     // 3 has no inverse there.
            (modulus, PublicExponent) = (p * q, InverseOfThree((p - 1) * (q - 1)));
            return;
        }
    }

    public static ThrowAwayKey Current => Made.Value;

    internal BigInteger Modulus => modulus;

    internal BigInteger PublicExponent { get; }

    /// <summary>RSASSA-PKCS1-v1_5, or ECDSA on P-256 whatever the hash.</summary>
    public byte[] Sign(SignatureAlgorithm algorithm, ReadOnlySpan<byte> hash)
    {
        if (!algorithm.IsRsa)
        {
            lock (curve)
                return curve.SignHash(hash, DSASignatureFormat.Rfc3279DerSequence);
        }
        Span<byte> padded = stackalloc byte[RsaOctets];
        Pad(padded, algorithm, hash);
        var message = new BigInteger(padded, isUnsigned: true, isBigEndian: true);
        var signature = message * message % modulus * message % modulus;
        var octets = new byte[RsaOctets];
        signature.TryWriteBytes(octets.AsSpan(RsaOctets - signature.GetByteCount(isUnsigned: true)), out _,
            isUnsigned: true, isBigEndian: true);
        return octets;
    }

    /// <summary>EMSA-PKCS1-v1_5: 00 01 FF … FF 00 DigestInfo. (RFC 8017, 9.2)</summary>
    private static void Pad(Span<byte> block, SignatureAlgorithm algorithm, ReadOnlySpan<byte> hash)
    {
        var prefix = DigestInfo(algorithm);
        block.Fill(0xFF);
        (block[0], block[1]) = (0, 1);
        block[^(prefix.Length + hash.Length + 1)] = 0;
        prefix.CopyTo(block[^(prefix.Length + hash.Length)..]);
        hash.CopyTo(block[^hash.Length..]);
    }

    /// <summary>RFC 8017, 9.2, note 1.</summary>
    private static ReadOnlySpan<byte> DigestInfo(SignatureAlgorithm algorithm) => algorithm.Hash.Name switch
    {
        "SHA1" => [0x30, 0x21, 0x30, 9, 6, 5, 0x2b, 0x0e, 3, 2, 0x1a, 5, 0, 4, 20],
        "SHA256" => [0x30, 0x31, 0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 32],
        "SHA384" => [0x30, 0x41, 0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2, 5, 0, 4, 48],
        "SHA512" => [0x30, 0x51, 0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3, 5, 0, 4, 64],
        _ => throw new NotSupportedException($"no signatures with {algorithm.Oid}"),
    };

    private static BigInteger Number(byte[] octets) => new(octets, isUnsigned: true, isBigEndian: true);

    /// <summary>3x = 1 modulo <paramref name="order"/>, which 3 does not divide.</summary>
    private static BigInteger InverseOfThree(BigInteger order) =>
        order % 3 == 2 ? (order + 1) / 3 : (2 * order + 1) / 3;
}
