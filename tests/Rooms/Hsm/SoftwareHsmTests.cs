using System.Runtime.Versioning;
using System.Security.Cryptography;
using Jpki.Hsm;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.Hsm;

[UnsupportedOSPlatform("windows")]
public sealed class SoftwareHsmTests : IDisposable
{
    private readonly ScratchFolder folder = new();
    private readonly SoftwareHsm hsm;

    public SoftwareHsmTests() => hsm = new(folder["keys"]);

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(KeySpec.Rsa2048, 2048)]
    [InlineData(KeySpec.Rsa3072, 3072)]
    [InlineData(KeySpec.Rsa4096, 4096)]
    [InlineData(KeySpec.EcP256, 256)]
    [InlineData(KeySpec.EcP384, 384)]
    public void Openssl_accepts_what_each_kind_of_key_signs(KeySpec spec, int bits)
    {
        var key = hsm.Generate("governor", spec);

        Assert.Equal(bits, key.PublicKey.Bits);
        Openssl.Accepts(key, bits switch
        {
            256 => SignatureAlgorithm.EcdsaSha256,
            384 => SignatureAlgorithm.EcdsaSha384,
            _ => SignatureAlgorithm.Sha256WithRsa,
        });
    }

    [Fact]
    public void One_rsa_key_signs_with_every_hash()
    {
        var key = hsm.Generate("governor", KeySpec.Rsa2048);

        Openssl.Accepts(key, SignatureAlgorithm.Sha1WithRsa);
        Openssl.Accepts(key, SignatureAlgorithm.Sha384WithRsa);
        Openssl.Accepts(key, SignatureAlgorithm.Sha512WithRsa);
    }

    [Fact]
    public void A_key_is_found_again_by_the_next_process()
    {
        var made = hsm.Generate("ocsp-1", KeySpec.EcP256);

        var found = new SoftwareHsm(folder["keys"]).Find("ocsp-1");

        Assert.Equal(made.PublicKey, found?.PublicKey);
        Assert.Null(hsm.Find("ocsp-2"));
    }

    [Fact]
    public void A_key_file_is_its_owners_alone_and_good_to_openssl()
    {
        hsm.Generate("governor", KeySpec.Rsa2048);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder["keys/governor.key"]));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(folder["keys"]));
        Assert.Equal([folder["keys/governor.key"]], Directory.GetFiles(folder["keys"]));
        Assert.Contains("Key is valid", Openssl.Run("pkey", "-in", folder["keys/governor.key"], "-check", "-noout"));
    }

    [Fact]
    public void A_key_that_others_could_have_read_is_not_used()
    {
        hsm.Generate("governor", KeySpec.EcP256);
        File.SetUnixFileMode(folder["keys/governor.key"], (UnixFileMode)Convert.ToInt32("640", 8));

        var refusal = Assert.Throws<UnauthorizedAccessException>(() => hsm.Find("governor"));

        Assert.Contains("chmod 600", refusal.Message);
    }

    [Theory]
    [InlineData("nothing", "")]
    [InlineData("no pem", "governor")]
    [InlineData("a certificate", "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----")]
    [InlineData("an empty key", "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----")]
    public void A_broken_key_file_is_named(string _, string content)
    {
        SecretFile.Create(folder["keys/governor.key"], System.Text.Encoding.ASCII.GetBytes(content));

        var broken = Assert.Throws<HsmException>(() => hsm.Find("governor"));

        Assert.Contains(folder["keys/governor.key"], broken.Message);
    }

    [Fact]
    public void A_label_is_given_once()
    {
        var first = hsm.Generate("governor", KeySpec.EcP256);

        Assert.Throws<InvalidOperationException>(() => hsm.Generate("governor", KeySpec.EcP256));

        Assert.Equal(first.PublicKey, hsm.Find("governor")?.PublicKey);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../governor")]
    [InlineData(".hidden")]
    [InlineData("governor\n")]
    [InlineData("埼玉県知事")]
    public void A_label_is_never_a_path(string label)
    {
        Assert.Throws<ArgumentException>(() => hsm.Generate(label, KeySpec.EcP256));
        Assert.Throws<ArgumentException>(() => hsm.Find(label));
    }

    [Fact]
    public void A_hash_of_the_wrong_kind_is_not_signed()
    {
        var key = hsm.Generate("governor", KeySpec.EcP256);

        Assert.Throws<ArgumentException>(() => key.SignHash(new byte[20], SignatureAlgorithm.EcdsaSha256));
        Assert.Throws<ArgumentException>(() => key.SignHash(new byte[32], SignatureAlgorithm.Sha256WithRsa));
    }

    [Theory]
    [InlineData(KeySpec.Rsa2048)]
    [InlineData(KeySpec.EcP256)]
    public void Many_threads_sign_with_one_key(KeySpec spec)
    {
        var key = hsm.Generate("governor", spec);
        var algorithm = key.PublicKey.IsRsa ? SignatureAlgorithm.Sha256WithRsa : SignatureAlgorithm.EcdsaSha256;

        Parallel.For(0, 200, new() { MaxDegreeOfParallelism = 8 }, i =>
        {
            byte[] data = [(byte)i];
            var signature = key.SignHash(SHA256.HashData(data), algorithm);
            Assert.True(PublicKey.Read(key.PublicKey.Der).Verify(algorithm, data, signature));
        });
    }

    [Fact]
    public void It_never_passes_for_an_hsm() =>
        Assert.Equal("software key store: for the sandbox, not an HSM", hsm.Description);
}
