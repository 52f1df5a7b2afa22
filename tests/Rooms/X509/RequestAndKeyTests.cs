using System.Security.Cryptography;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.X509;

public sealed class RequestAndKeyTests
{
    [Fact]
    [Cps("3-1-11")]
    public void A_request_signed_by_its_own_key_proves_possession()
    {
        using var key = TestKey.Rsa();

        var request = Request(key.PublicKey, key);

        Assert.True(request.IsSelfSigned);
        Assert.Equal(key.PublicKey, request.PublicKey);
        Assert.Equal("CN=x", request.Subject.ToString());
    }

    [Fact]
    [Cps("3-1-11")]
    public void A_request_signed_by_another_key_proves_nothing()
    {
        using var key = TestKey.Rsa();
        using var thief = TestKey.Rsa();

        Assert.False(Request(key.PublicKey, thief).IsSelfSigned);
    }

    [Theory]
    [InlineData("signca01.cer")]
    [InlineData("signca02.cer")]
    [InlineData("signca03.cer")]
    [InlineData("jpki_BridgeCA_2003.der")]
    public void Key_identifiers_are_made_as_JPKI_makes_them(string file)
    {
        var real = Certificate.Read(File.ReadAllBytes(Path.Combine(Conformance.DataOrSkip("ca-samples"), file)));

        Assert.Equal(Extensions.ReadSubjectKeyIdentifier(real.Find(Oids.SubjectKeyIdentifier)!),
            real.PublicKey.KeyIdentifier);
        Assert.Equal((true, 2048), (real.PublicKey.IsRsa, real.PublicKey.Bits));
    }

    [Theory]
    [InlineData("nistP256", 256)]
    [InlineData("nistP384", 384)]
    [InlineData("nistP521", 521)]
    public void A_curve_key_knows_its_size(string curve, int bits)
    {
        using var key = ECDsa.Create(ECCurve.CreateFromFriendlyName(curve));

        Assert.Equal((false, bits), (PublicKey.From(key).IsRsa, PublicKey.From(key).Bits));
    }

    [Fact]
    public void Many_threads_may_verify_with_one_key()
    {
        using var ca = new TestPki();

        var answers = Enumerable.Range(0, 500).AsParallel().Select(_ => ca.Certificate.IsSignedBy(ca.Key.PublicKey));

        Assert.DoesNotContain(false, answers.ToList());
    }

    [Fact]
    public void A_point_off_the_curve_verifies_nothing()
    {
        using var ca = new TestPki(TestKey.P256());
        var der = ca.Key.PublicKey.Der.ToArray();
        der[^1] ^= 1;

        Assert.False(ca.Certificate.IsSignedBy(PublicKey.Read(der)));
    }

    private static CertificationRequest Request(PublicKey key, TestKey signer) => CertificationRequest.Read(
        CertificationRequest.Create(Name.Parse("CN=x"), key, signer.Algorithm, signer.SignHash));
}
