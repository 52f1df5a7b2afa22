using System.Numerics;
using System.Security.Cryptography;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.X509.Paths;

/// <summary>
/// Signatures that are almost right, made with the right key: a verifier that unpacks instead of comparing takes some
/// of them (Bleichenbacher 2006, Wycheproof).
/// </summary>
public sealed class ForgeryTests
{
    private static readonly byte[] Text = "what was signed"u8.ToArray();
    private static readonly byte[] Sha256Info = Convert.FromHexString("3031300D060960864801650304020105000420");
    private static readonly byte[] WithoutNull = Convert.FromHexString("302F300B0609608648016503040201" + "0420");
    private static readonly byte[] Sha384Oid = Convert.FromHexString("3031300D060960864801650304020205000420");
    private static readonly byte[] Sha1Info = Convert.FromHexString("3021300906052B0E03021A05000414");
    private static readonly byte[] LongLength = Convert.FromHexString("308131300D060960864801650304020105000420");

    private readonly RSA rsa = RSA.Create(2048);

    [Fact]
    public void The_right_one_is_taken() => Assert.True(IsTaken(Block(Info(Sha256Info))));

    [Fact]
    public void Wrong_padding_is_refused()
    {
        var right = Block(Info(Sha256Info));

        Assert.False(IsTaken(With(right, 0, 1)));                       // leading octet
        Assert.False(IsTaken(With(right, 1, 0)));                       // block type 0
        Assert.False(IsTaken(With(right, 1, 2)));                       // block type 2
        Assert.False(IsTaken(With(right, 10, 0xFE)));                   // a padding octet
        Assert.False(IsTaken(Shortened(Info(Sha256Info), 8)));          // little padding, the rest behind the hash
    }

    [Fact]
    public void A_missing_NULL_is_refused() => Assert.False(IsTaken(Block(Info(WithoutNull))));

    [Fact]
    public void A_wrong_hash_OID_is_refused()
    {
        Assert.False(IsTaken(Block(Info(Sha384Oid))));
        Assert.False(IsTaken(Block([.. Sha1Info, .. CryptographicOperations.HashData(HashAlgorithmName.SHA1, Text)])));
    }

    [Fact]
    public void Lengths_in_long_form_and_octets_behind_are_refused()
    {
        Assert.False(IsTaken(Block(Info(LongLength))));
        Assert.False(IsTaken(Block([.. Info(Sha256Info), 0])));
        Assert.False(IsTaken(Block(SHA256.HashData(Text))));
    }

    [Fact]
    public void A_signature_that_is_no_number_below_the_modulus_is_refused()
    {
        var right = rsa.SignData(Text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var above = new BigInteger(right, true, true) + new BigInteger(
            rsa.ExportParameters(false).Modulus!, true, true);

        Assert.False(Verify([0, .. right]));
        Assert.False(Verify(right[..^1]));
        Assert.False(Verify(above.ToByteArray(true, true)));
        Assert.False(Verify([]));
        Assert.False(Verify(new byte[256]));
    }

    [Fact]
    public void ECDSA_takes_one_encoding_of_one_pair_of_numbers()
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var key = PublicKey.From(ecdsa);
        var right = ecdsa.SignData(Text, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        bool IsTaken(byte[] signature) => key.Verify(SignatureAlgorithm.EcdsaSha256, Text, signature);

        Assert.True(IsTaken(right));
        Assert.False(IsTaken([.. right, 0]));
        Assert.False(IsTaken([0x30, 0x81, .. right[1..]]));
        Assert.False(IsTaken(Convert.FromHexString("3006020100020100")));
        Assert.False(IsTaken(Convert.FromHexString("3006020101020101")));
        Assert.False(IsTaken([]));
        Assert.False(key.Verify(SignatureAlgorithm.EcdsaSha384, Text, right));
        Assert.False(key.Verify(SignatureAlgorithm.Sha256WithRsa, Text, right));
    }

    private static byte[] Info(byte[] prefix) => [.. prefix, .. SHA256.HashData(Text)];

    /// <summary>EMSA-PKCS1-v1_5 around what is given (RFC 8017 9.2).</summary>
    private static byte[] Block(byte[] info) =>
        [0, 1, .. Enumerable.Repeat((byte)0xFF, 256 - 3 - info.Length), 0, .. info];

    private static byte[] Shortened(byte[] info, int padding) =>
        [0, 1, .. Enumerable.Repeat((byte)0xFF, padding), 0, .. info, .. new byte[256 - 3 - padding - info.Length]];

    private static byte[] With(byte[] block, int at, byte value)
    {
        var changed = block.ToArray();
        changed[at] = value;
        return changed;
    }

    private bool IsTaken(byte[] block)
    {
        var numbers = rsa.ExportParameters(includePrivateParameters: true);
        var power = BigInteger.ModPow(new(block, true, true), new(numbers.D, true, true),
            new(numbers.Modulus, true, true));
        var signature = power.ToByteArray(true, true);
        return Verify([.. new byte[256 - signature.Length], .. signature]);
    }

    private bool Verify(byte[] signature) =>
        PublicKey.From(rsa).Verify(SignatureAlgorithm.Sha256WithRsa, Text, signature);
}
