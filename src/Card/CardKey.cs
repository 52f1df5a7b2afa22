using System.Numerics;
using System.Security.Cryptography;

namespace Jpki.Card;

/// <summary>How the card is asked to sign: P1 of COMPUTE DIGITAL SIGNATURE.</summary>
internal enum SignMode
{
    /// <summary>PKCS#1 v1.5 padding around whatever is given; all software in the wild does it so.</summary>
    Padded = 0,

    /// <summary>The same around the SHA-256 of what is given.</summary>
    HashPadded = 1,

    /// <summary>A SHA-256 hash is given, the card makes the DigestInfo. The only mode besides 3 for P-256.</summary>
    Hashed = 2,

    /// <summary>The card hashes with SHA-256 and makes the DigestInfo.</summary>
    Hash = 3,

    /// <summary>RSASSA-PSS over a given SHA-256 hash.</summary>
    HashedPss = 4,

    /// <summary>RSASSA-PSS over the SHA-256 of what is given.</summary>
    HashPss = 5,
}

/// <summary>A private key while the card uses it. 秘密鍵</summary>
internal sealed class CardKey(AsymmetricAlgorithm key) : IDisposable
{
    /// <summary>00 01 FF…FF 00 with at least eight FF. (RFC 8017 9.2)</summary>
    private const int LeastPadding = 11;

    /// <summary>What stands before the hash in a DigestInfo. (RFC 8017 9.2, note 1)</summary>
    private static readonly (byte[] Prefix, HashAlgorithmName Hash, int Length)[] DigestInfos =
    [
        (Convert.FromHexString("3021300906052B0E03021A05000414"), HashAlgorithmName.SHA1, 20),
        (Convert.FromHexString("3031300D060960864801650304020105000420"), HashAlgorithmName.SHA256, 32),
        (Convert.FromHexString("3041300D060960864801650304020205000430"), HashAlgorithmName.SHA384, 48),
        (Convert.FromHexString("3051300D060960864801650304020305000440"), HashAlgorithmName.SHA512, 64),
    ];

    /// <exception cref="FormatException">It is no PKCS#8 of an RSA key of 1024 to 4096 bits or a P-256 key.</exception>
    public static CardKey Open(ReadOnlySpan<byte> pkcs8)
    {
        if (Import(RSA.Create(), pkcs8) is RSA { KeySize: 1024 or 2048 or 3072 or 4096 } rsa)
            return new(rsa);
        return Import(ECDsa.Create(), pkcs8) is ECDsa { KeySize: 256 } ec
            ? new(ec)
            : throw new FormatException("a key that no card has room for");
    }

    public static string? Describe(byte[]? pkcs8)
    {
        if (pkcs8 is null)
            return null;
        using var opened = Open(pkcs8);
        return opened.Kind;
    }

    public X509.PublicKey PublicKey =>
        key is RSA rsa ? X509.PublicKey.From(rsa) : X509.PublicKey.From((ECDsa)key);

    private string Kind => key is RSA ? $"RSA {key.KeySize}" : $"P-{key.KeySize}";

    /// <summary>The signature; for ECDSA DER SEQUENCE { r, s }. Null when the key does not sign so.</summary>
    /// <exception cref="ArgumentException">What was given is too short or too long for that mode.</exception>
    public byte[]? Sign(SignMode mode, ReadOnlySpan<byte> given) => mode switch
    {
        SignMode.Hashed => SignHash(Sha256Only(given)),
        SignMode.Hash => SignHash(SHA256.HashData(given)),
        SignMode.Padded when key is RSA rsa => SignPadded(rsa, given),
        SignMode.HashPadded when key is RSA rsa => SignPadded(rsa, SHA256.HashData(given)),
        SignMode.HashedPss when key is RSA rsa => SignPss(rsa, Sha256Only(given)),
        SignMode.HashPss when key is RSA rsa => SignPss(rsa, SHA256.HashData(given)),
        _ => null,
    };

    public void Dispose() => key.Dispose();

    private static AsymmetricAlgorithm? Import(AsymmetricAlgorithm empty, ReadOnlySpan<byte> pkcs8)
    {
        try
        {
            empty.ImportPkcs8PrivateKey(pkcs8, out var read);
            if (read == pkcs8.Length)
                return empty;
        }
        catch (CryptographicException)
        {
            // Another kind of key, or none: the caller says so.
        }
        empty.Dispose();
        return null;
    }

    private static ReadOnlySpan<byte> Sha256Only(ReadOnlySpan<byte> hash) => hash.Length == SHA256.HashSizeInBytes
        ? hash
        : throw new ArgumentException("not the length of a SHA-256 hash", nameof(hash));

    private byte[] SignHash(ReadOnlySpan<byte> hash) => key is RSA rsa
        ? rsa.SignHash(hash, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
        : ((ECDsa)key).SignHash(hash, DSASignatureFormat.Rfc3279DerSequence);

    private static byte[] SignPss(RSA rsa, ReadOnlySpan<byte> hash) =>
        rsa.SignHash(hash, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);

    private static byte[] SignPadded(RSA rsa, ReadOnlySpan<byte> given)
    {
        var size = rsa.KeySize / 8;
        if (given.IsEmpty || given.Length > size - LeastPadding)
            throw new ArgumentException($"1 to {size - LeastPadding} octets", nameof(given));
        foreach (var (prefix, hash, length) in DigestInfos)
        {
            if (given.Length == prefix.Length + length && given.StartsWith(prefix))
                return rsa.SignHash(given[prefix.Length..], hash, RSASignaturePadding.Pkcs1);
        }
        return SignAnything(rsa, [0, 1, .. Enumerable.Repeat((byte)0xFF, size - given.Length - 3), 0, .. given]);
    }

    /// <summary>
    /// RSASP1 (RFC 8017 5.2.1) on what is no DigestInfo: .NET refuses that. It does not take the same time for every
    /// key, which a virtual card can afford: who is on its machine can read the file.
    /// </summary>
    private static byte[] SignAnything(RSA rsa, byte[] padded)
    {
        var key = rsa.ExportParameters(includePrivateParameters: true);
        var (p, q, message) = (Number(key.P), Number(key.Q), Number(padded));
        var m1 = BigInteger.ModPow(message, Number(key.DP), p);
        var m2 = BigInteger.ModPow(message, Number(key.DQ), q);
        var h = BigInteger.Remainder(Number(key.InverseQ) * (m1 - m2), p);
        var signature = m2 + (h.Sign < 0 ? h + p : h) * q;
        var octets = signature.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[padded.Length - octets.Length], .. octets];
    }

    private static BigInteger Number(byte[]? octets) => new(octets, isUnsigned: true, isBigEndian: true);
}
