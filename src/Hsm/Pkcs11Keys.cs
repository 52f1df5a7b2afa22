using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Jpki.X509;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;
using Net.Pkcs11Interop.HighLevelAPI.Factories;

namespace Jpki.Hsm;

/// <summary>What PKCS#11 writes differently from X.509: key attributes, points, and signatures.</summary>
internal static class Pkcs11Keys
{
    private static IObjectAttributeFactory Attributes => Pkcs11Modules.Factories.ObjectAttributeFactory;

    public static List<IObjectAttribute> PublicTemplate(string label, KeySpec spec, bool stays = true) =>
    [
        .. Common(label, stays),
        Attributes.Create(CKA.CKA_VERIFY, true),
        .. spec.IsRsa()
            ? [
                Attributes.Create(CKA.CKA_MODULUS_BITS, (ulong)spec.ModulusBits()),
                Attributes.Create(CKA.CKA_PUBLIC_EXPONENT, [1, 0, 1]),
            ]
            : new[] { Attributes.Create(CKA.CKA_EC_PARAMS, Encoded(w => w.WriteObjectIdentifier(spec.CurveOid()))) },
    ];

    /// <summary>
    /// A private key that only signs and never leaves; an extractable one leaves once, wrapped, and is locked in then.
    /// (CPS 6-2-1)
    /// </summary>
    public static List<IObjectAttribute> PrivateTemplate(string label, bool extractable = false, bool stays = true) =>
    [
        .. Common(label, stays),
        .. Private(extractable),
    ];

    /// <summary>A private key on its way out of a backup into a token, to stay.</summary>
    public static List<IObjectAttribute> RestoredTemplate(string label, PublicKey key) =>
        [.. Common(label), KindOf(key), Class(CKO.CKO_PRIVATE_KEY), .. Private(extractable: false)];

    /// <summary>
    /// Unwraps a private key that only passes through, as long as the session lasts, to be wrapped again. Most tokens
    /// want to be told that it may leave; opencryptoki lets it, and refuses to be told.
    /// </summary>
    public static IObjectHandle UnwrapPassing(
        ISession session, IMechanism mechanism, IObjectHandle wrapping, byte[] wrapped, string label, PublicKey key)
    {
        List<IObjectAttribute> template =
            [.. Common(label, stays: false), KindOf(key), Class(CKO.CKO_PRIVATE_KEY), .. Private(extractable: true)];
        try
        {
            return session.UnwrapKey(mechanism, wrapping, wrapped, template);
        }
        catch (Pkcs11Exception e) when (e.RV == CKR.CKR_ATTRIBUTE_READ_ONLY)
        {
            template.RemoveAll(a => a.Type == (ulong)CKA.CKA_EXTRACTABLE);
            return session.UnwrapKey(mechanism, wrapping, wrapped, template);
        }
    }

    /// <summary>An AES key for the session, to wrap private keys.</summary>
    public static List<IObjectAttribute> WrappingTemplate(byte[] value) =>
    [
        Class(CKO.CKO_SECRET_KEY),
        Attributes.Create(CKA.CKA_KEY_TYPE, CKK.CKK_AES),
        Attributes.Create(CKA.CKA_TOKEN, false),
        Attributes.Create(CKA.CKA_PRIVATE, true),
        Attributes.Create(CKA.CKA_SENSITIVE, true),
        Attributes.Create(CKA.CKA_EXTRACTABLE, false),
        Attributes.Create(CKA.CKA_WRAP, true),
        Attributes.Create(CKA.CKA_UNWRAP, true),
        Attributes.Create(CKA.CKA_VALUE, value),
    ];

    /// <summary>The public half as an object to be created beside a restored private half.</summary>
    public static List<IObjectAttribute> PublicObject(string label, PublicKey key) =>
    [
        .. Common(label),
        KindOf(key),
        Class(CKO.CKO_PUBLIC_KEY),
        Attributes.Create(CKA.CKA_VERIFY, true),
        .. Parts(key),
    ];

    public static PublicKey ReadPublicKey(ISession session, IObjectHandle key)
    {
        var kind = session.GetAttributeValue(key, [CKA.CKA_KEY_TYPE])[0].GetValueAsUlong();
        return kind switch
        {
            (ulong)CKK.CKK_RSA => ReadRsa(session, key),
            (ulong)CKK.CKK_EC => ReadEc(session, key),
            _ => throw new HsmException($"a key of PKCS#11 type {kind:X} is neither RSA nor elliptic curve"),
        };
    }

    /// <summary>DigestInfo ::= SEQUENCE { digestAlgorithm, digest OCTET STRING }. (RFC 8017, 9.2)</summary>
    public static byte[] DigestInfo(byte[] hash, SignatureAlgorithm algorithm) => Encoded(w =>
    {
        using (w.PushSequence())
        {
            using (w.PushSequence())
            {
                w.WriteObjectIdentifier(CryptoConfig.MapNameToOID(algorithm.Hash.Name!)!);
                w.WriteNull();
            }
            w.WriteOctetString(hash);
        }
    });

    /// <summary>ECDSA-Sig-Value ::= SEQUENCE { r, s INTEGER } from the token's r||s. (RFC 5480, appendix A)</summary>
    public static byte[] EcdsaSignature(byte[] raw) => Encoded(w =>
    {
        using (w.PushSequence())
        {
            w.WriteInteger(new BigInteger(raw.AsSpan(0, raw.Length / 2), isUnsigned: true, isBigEndian: true));
            w.WriteInteger(new BigInteger(raw.AsSpan(raw.Length / 2), isUnsigned: true, isBigEndian: true));
        }
    });

    private static IObjectAttribute[] Private(bool extractable) =>
    [
        Attributes.Create(CKA.CKA_PRIVATE, true),
        Attributes.Create(CKA.CKA_SENSITIVE, true),
        Attributes.Create(CKA.CKA_EXTRACTABLE, extractable),
        Attributes.Create(CKA.CKA_SIGN, true),
    ];

    private static IObjectAttribute Class(CKO kind) => Attributes.Create(CKA.CKA_CLASS, kind);

    private static IObjectAttribute KindOf(PublicKey key) =>
        Attributes.Create(CKA.CKA_KEY_TYPE, key.IsRsa ? CKK.CKK_RSA : CKK.CKK_EC);

    private static IObjectAttribute[] Parts(PublicKey key)
    {
        if (key.IsRsa)
        {
            using var rsa = RSA.Create();
            rsa.ImportSubjectPublicKeyInfo(key.Der.Span, out _);
            var numbers = rsa.ExportParameters(includePrivateParameters: false);
            return [
                Attributes.Create(CKA.CKA_MODULUS, numbers.Modulus),
                Attributes.Create(CKA.CKA_PUBLIC_EXPONENT, numbers.Exponent),
            ];
        }
        // SubjectPublicKeyInfo ::= SEQUENCE { SEQUENCE { ecPublicKey, namedCurve }, BIT STRING }. (RFC 5480, 2)
        var algorithm = new AsnReader(key.Der, AsnEncodingRules.DER).ReadSequence().ReadSequence();
        _ = algorithm.ReadObjectIdentifier();
        return [
            Attributes.Create(CKA.CKA_EC_PARAMS, algorithm.ReadEncodedValue().ToArray()),
            Attributes.Create(CKA.CKA_EC_POINT, Encoded(w => w.WriteOctetString(key.KeyBits.Span))),
        ];
    }

    private static IObjectAttribute[] Common(string label, bool stays = true) =>
    [
        Attributes.Create(CKA.CKA_TOKEN, stays),
        Attributes.Create(CKA.CKA_LABEL, label),
        Attributes.Create(CKA.CKA_ID, Encoding.ASCII.GetBytes(label)),
    ];

    private static PublicKey ReadRsa(ISession session, IObjectHandle key)
    {
        var read = session.GetAttributeValue(key, [CKA.CKA_MODULUS, CKA.CKA_PUBLIC_EXPONENT]);
        using var rsa = RSA.Create(new RSAParameters
        {
            Modulus = Trim(read[0].GetValueAsByteArray()),
            Exponent = Trim(read[1].GetValueAsByteArray()),
        });
        return PublicKey.From(rsa);
    }

    private static PublicKey ReadEc(ISession session, IObjectHandle key)
    {
        var read = session.GetAttributeValue(key, [CKA.CKA_EC_PARAMS, CKA.CKA_EC_POINT]);
        var curve = AsnDecoder.ReadObjectIdentifier(read[0].GetValueAsByteArray(), AsnEncodingRules.DER, out _);
        // PKCS#11 2.40, 2.3.3: the point is an OCTET STRING around 04 || X || Y.
        var point = AsnDecoder.ReadOctetString(read[1].GetValueAsByteArray(), AsnEncodingRules.DER, out _);
        var size = (point.Length - 1) / 2;
        using var ec = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.CreateFromValue(curve),
            Q = new() { X = point[1..(1 + size)], Y = point[(1 + size)..] },
        });
        return PublicKey.From(ec);
    }

    /// <summary>Some tokens write a sign octet that the framework does not expect.</summary>
    private static byte[] Trim(byte[] number) => number.AsSpan().TrimStart((byte)0).ToArray();

    private static byte[] Encoded(Action<AsnWriter> write)
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        write(writer);
        return writer.Encode();
    }
}
