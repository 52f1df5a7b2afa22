using System.Security.Cryptography;
using Jpki.Hsm;
using Jpki.X509;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;
using Xunit;

namespace Jpki.Tests.Rooms.Hsm;

public sealed class Pkcs11HsmTests(SoftHsm softHsm)
{
    [Theory]
    [InlineData(KeySpec.Rsa2048, 2048)]
    [InlineData(KeySpec.EcP256, 256)]
    [InlineData(KeySpec.EcP384, 384)]
    public void Openssl_accepts_what_a_key_in_the_token_signs(KeySpec spec, int bits)
    {
        using var hsm = softHsm.Open();

        var key = hsm.Generate($"judged-{spec}", spec);

        Assert.Equal(bits, key.PublicKey.Bits);
        if (!spec.IsRsa())
        {
            Openssl.Accepts(key, bits == 256 ? SignatureAlgorithm.EcdsaSha256 : SignatureAlgorithm.EcdsaSha384);
            return;
        }
        Openssl.Accepts(key, SignatureAlgorithm.Sha1WithRsa);
        Openssl.Accepts(key, SignatureAlgorithm.Sha256WithRsa);
        Openssl.Accepts(key, SignatureAlgorithm.Sha512WithRsa);
    }

    [Fact, Cps("6-2-1-6")]
    public void A_key_is_made_in_the_token_and_cannot_leave_it()
    {
        using var hsm = softHsm.Open();
        hsm.Generate("stays", KeySpec.EcP256);

        using var session = Slot("CA").OpenSession(SessionType.ReadOnly);
        var attributes = session.Factories.ObjectAttributeFactory;
        var key = Assert.Single(session.FindAllObjects(
            [attributes.Create(CKA.CKA_CLASS, CKO.CKO_PRIVATE_KEY), attributes.Create(CKA.CKA_LABEL, "stays")]));
        var read = session.GetAttributeValue(key,
            [CKA.CKA_SENSITIVE, CKA.CKA_ALWAYS_SENSITIVE, CKA.CKA_NEVER_EXTRACTABLE, CKA.CKA_LOCAL, CKA.CKA_VALUE]);

        Assert.All(read[..4], a => Assert.True(a.GetValueAsBool()));
        Assert.True(read[4].CannotBeRead);
    }

    [Fact]
    public void A_key_is_found_again_and_its_label_is_given_once()
    {
        using var hsm = softHsm.Open();
        var made = hsm.Generate("once", KeySpec.EcP256);

        using var again = softHsm.Open();

        Assert.Equal(made.PublicKey, again.Find("once")?.PublicKey);
        Assert.Null(again.Find("never"));
        Assert.Throws<InvalidOperationException>(() => again.Generate("once", KeySpec.EcP256));
    }

    [Fact]
    public void Many_threads_sign_with_one_key()
    {
        using var hsm = softHsm.Open();
        var key = hsm.Generate("busy", KeySpec.Rsa2048);

        Parallel.For(0, 200, new() { MaxDegreeOfParallelism = 8 }, i =>
        {
            byte[] data = [(byte)i];
            var signature = key.SignHash(SHA256.HashData(data), SignatureAlgorithm.Sha256WithRsa);
            Assert.True(PublicKey.Read(key.PublicKey.Der).Verify(SignatureAlgorithm.Sha256WithRsa, data, signature));
        });
    }

    [Fact]
    public void Lost_sessions_are_opened_again()
    {
        using var hsm = softHsm.Open();
        var key = hsm.Generate("comes-back", KeySpec.EcP256);

        for (var loss = 0; loss < 3; loss++)
        {
            Slot("CA").CloseAllSessions();   // Takes the log-in too.
            Openssl.Accepts(key, SignatureAlgorithm.EcdsaSha256);
        }

        Slot("CA").CloseAllSessions();
        Assert.Equal(key.PublicKey, hsm.Find("comes-back")?.PublicKey);
    }

    [Fact]
    public void A_wrong_pin_is_tried_once_only()
    {
        using var hsm = softHsm.Open("Locked", pin: "wrong");

        var first = Assert.Throws<HsmException>(() => hsm.Find("governor"));
        var second = Assert.Throws<HsmException>(() => hsm.Find("governor"));

        Assert.Contains("CKR_PIN_INCORRECT", first.Message);
        Assert.Contains("token \"Locked\" of " + SoftHsm.Module, first.Message);
        Assert.Equal(first.Message, second.Message);
    }

    [Theory]
    [InlineData("missing token", SoftHsm.Module, "Nowhere", "has no token \"Nowhere\" (tokens there: ")]
    [InlineData("ambiguous token", SoftHsm.Module, "Twin", "more than one token \"Twin\"")]
    [InlineData("missing module", "/nowhere/p11.so", "CA", "cannot load PKCS#11 module /nowhere/p11.so")]
    [InlineData("another library", "libc.so.6", "CA", "cannot load PKCS#11 module libc.so.6")]
    public void What_cannot_be_opened_is_named(string _, string module, string token, string reason)
    {
        using Pkcs11Hsm hsm = new(module, token, SoftHsm.Pin);

        Assert.Contains(reason, Assert.Throws<HsmException>(() => hsm.Find("governor")).Message);
    }

    [Fact]
    public void A_destroyed_key_signs_no_more()
    {
        using var hsm = softHsm.Open();
        var key = hsm.Generate("destroyed", KeySpec.EcP256);
        using (var session = Slot("CA").OpenSession(SessionType.ReadWrite))
        {
            var label = session.Factories.ObjectAttributeFactory.Create(CKA.CKA_LABEL, "destroyed");
            session.FindAllObjects([label]).ForEach(session.DestroyObject);
        }

        var error = Assert.Throws<HsmException>(() => key.SignHash(new byte[32], SignatureAlgorithm.EcdsaSha256));

        Assert.Contains("no longer has key destroyed", error.Message);
        Assert.Null(hsm.Find("destroyed"));
    }

    [Fact]
    public void The_description_names_module_and_token()
    {
        using var hsm = softHsm.Open();

        Assert.Equal($"PKCS#11 token \"CA\" of {SoftHsm.Module}", hsm.Description);
    }

    private static ISlot Slot(string label) => Pkcs11Modules.Load(SoftHsm.Module)
        .GetSlotList(SlotsType.WithTokenPresent)
        .Single(s => s.GetTokenInfo().Label.TrimEnd() == label);
}
