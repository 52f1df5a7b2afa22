using System.Formats.Asn1;
using System.Numerics;
using Jpki.X509;

namespace Jpki.Cps.Keys;

/// <summary>RSAPublicKey ::= SEQUENCE { modulus, publicExponent }, both positive. (RFC 8017 A.1.1)</summary>
public readonly record struct RsaNumbers(BigInteger Modulus, BigInteger Exponent)
{
    /// <summary>Null for a key that is not RSA.</summary>
    public static RsaNumbers? Of(PublicKey key)
    {
        if (!key.IsRsa)
            return null;
        var numbers = new AsnReader(key.KeyBits, AsnEncodingRules.DER).ReadSequence();
        return new(numbers.ReadInteger(), numbers.ReadInteger());
    }
}
