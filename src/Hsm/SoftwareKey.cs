using System.Collections.Concurrent;
using System.Formats.Asn1;
using System.Security.Cryptography;
using Jpki.X509;

namespace Jpki.Hsm;

/// <summary>
/// A private key in this process. The framework's key objects serve one thread at a time, so each key has a pool.
/// </summary>
internal static class SoftwareKey
{
    public static SigningKey OpenPem(string label, string pem) => Open(label, Pkcs8(pem));

    /// <summary>Anything but the PKCS#8 of an RSA or elliptic curve key is a <see cref="FormatException"/>.</summary>
    public static SigningKey Open(string label, byte[] pkcs8)
    {
        try
        {
            return Algorithm(pkcs8) == Oids.EcPublicKey
                ? Open(label, pkcs8, ECDsa.Create, PublicKey.From,
                    (ec, hash, _) => ec.SignHash(hash, DSASignatureFormat.Rfc3279DerSequence))
                : Open(label, pkcs8, RSA.Create, PublicKey.From,
                    (rsa, hash, algorithm) => rsa.SignHash(hash, algorithm.Hash, RSASignaturePadding.Pkcs1));
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException)
        {
            throw new FormatException("it is not the PKCS#8 of an RSA or elliptic curve key", e);
        }
    }

    private delegate byte[] Signing<in T>(T key, ReadOnlySpan<byte> hash, SignatureAlgorithm algorithm);

    private static SigningKey Open<T>(
        string label, byte[] pkcs8, Func<T> create, Func<T, PublicKey> publicKey, Signing<T> sign)
        where T : AsymmetricAlgorithm
    {
        var first = Import();
        ConcurrentBag<T> idle = [first];
        return new(label, publicKey(first), Sign);

        byte[] Sign(ReadOnlySpan<byte> hash, SignatureAlgorithm algorithm)
        {
            var key = idle.TryTake(out var free) ? free : Import();
            var signature = sign(key, hash, algorithm);
            idle.Add(key);
            return signature;
        }

        T Import()
        {
            var key = create();
            key.ImportPkcs8PrivateKey(pkcs8, out _);
            return key;
        }
    }

    private static byte[] Pkcs8(string pem)
    {
        return PemEncoding.TryFind(pem, out var fields) && pem[fields.Label] == "PRIVATE KEY"
            ? Convert.FromBase64String(pem[fields.Base64Data])
            : throw new FormatException("there is no PEM block PRIVATE KEY");
    }

    /// <summary>PrivateKeyInfo ::= SEQUENCE { version, privateKeyAlgorithm, … }. (RFC 5208, 5)</summary>
    private static string Algorithm(byte[] pkcs8)
    {
        var info = new AsnReader(pkcs8, AsnEncodingRules.DER).ReadSequence();
        info.ReadInteger();
        return info.ReadSequence().ReadObjectIdentifier();
    }
}
