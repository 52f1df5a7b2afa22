using System.Security.Cryptography;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.X509;

/// <summary>What JPKI's own software wrote comes out of our writers octet for octet.</summary>
public sealed class RewritingTests
{
    [Theory]
    [InlineData("mynawallet_dummy_sign_cert.der")]
    [InlineData("signca01.cer")]
    [InlineData("signca02.cer")]
    [InlineData("signca03.cer")]
    [InlineData("jpki_BridgeCA_2003.der")]
    [Cps("7-1-1")]
    public void A_real_certificate_is_rebuilt_octet_for_octet_from_its_parts(string file)
    {
        var real = Certificate.Read(File.ReadAllBytes(Path.Combine(Conformance.DataOrSkip("ca-samples"), file)));

        var ours = new CertificateContent
        {
            Serial = SerialNumber.Parse(real.Serial.ToString()),
            Algorithm = SignatureAlgorithm.FromOid(real.Algorithm.Oid),
            Issuer = AllExtensions.Rebuild(real.Issuer),
            NotBefore = real.NotBefore,
            NotAfter = real.NotAfter,
            Subject = AllExtensions.Rebuild(real.Subject),
            PublicKey = Rebuild(real.PublicKey),
            Extensions = [.. real.Extensions.Select(AllExtensions.Rebuild)],
        };

        Assert.Equal(Convert.ToHexString(real.ToBeSigned.Span), Convert.ToHexString(ours.ToBeSigned()));
    }

    private static PublicKey Rebuild(PublicKey key)
    {
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(key.Der.Span, out _);
        return PublicKey.From(rsa);
    }
}
