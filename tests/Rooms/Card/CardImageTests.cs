using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Jpki.Card;
using Jpki.Hsm;
using Jpki.Tests.Rooms.Hsm;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.Card;

[UnsupportedOSPlatform("windows")]
public sealed class CardImageTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2014, 4, 1, 3, 0, 0, TimeSpan.Zero);

    private readonly ScratchFolder folder = new();
    private readonly RandomNumberGenerator random = RandomNumberGenerator.Create();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_written_card_is_read_back()
    {
        var image = Issued(NewKey(2048));

        image.Write(folder["001.card"]);
        var read = CardImage.Read(folder["001.card"]);

        Assert.Equal(image.Describe(), read.Describe());
        Assert.Equal(image.PrivateKey, read.PrivateKey);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder["001.card"]));
    }

    [Theory]
    [InlineData(1024, "RSA 1024")]
    [InlineData(2048, "RSA 2048")]
    [InlineData(256, "P-256")]
    public void A_card_describes_its_key_and_certificates(int bits, string key)
    {
        var described = Issued(NewKey(bits)).Describe();

        Assert.Equal(key, described.Key);
        Assert.Equal("0A", described.SignCertificate?.Serial);
        Assert.Equal("CN=card,C=JP", described.SignCertificate?.Subject);
        Assert.Equal(Noon, described.CaCertificate?.NotBefore);
        Assert.Equal((5, false), (described.TriesLeft, described.IsLocked));
        Assert.Null(Blank(NewKey(256)).Describe().SignCertificate);
    }

    [Fact]
    public void The_key_in_a_card_signs_and_openssl_accepts() =>
        Openssl.Accepts(Blank(NewKey(2048)).Key, SignatureAlgorithm.Sha256WithRsa);

    [Theory, Cps("6-4-2-1")]
    [InlineData("AB12", "ab12")]
    [InlineData("ABCDEFGH12345678", "abcDEFgh12345678")]
    public void A_password_of_4_to_16_letters_and_digits_is_kept_in_upper_case(string kept, string given)
    {
        var image = Blank(NewKey(256), given);

        Assert.True(PasswordHash.Verify(kept, image.PasswordHash));
        Assert.Equal(kept, CardPassword.Normalise(given));
    }

    [Theory, Cps("6-4-2-1")]
    [InlineData("")]
    [InlineData("AB1")]
    [InlineData("ABCDEFGH123456789")]
    [InlineData("AB 12")]
    [InlineData("AB-12")]
    [InlineData("ＡＢ１２")]
    public void Any_other_password_is_refused(string password)
    {
        var outcome = CardImage.Initialise(NewKey(256), password, random);

        Assert.Equal("6-4-2-1", outcome.Refusal?.Clause.Number);
    }

    [Fact]
    public void A_made_up_password_may_be_used_by_every_client()
    {
        var password = CardPassword.MakeUp(random);

        Assert.Null(CardPassword.Objection(password));
        Assert.Equal(CardPassword.Normalise(password), password);
        Assert.True(password.Length >= 6);
    }

    [Fact]
    public void A_certificate_for_another_key_is_not_written()
    {
        var other = SigningKey.FromPkcs8("other", NewKey(256));

        Assert.Throws<ArgumentException>(
            () => Blank(NewKey(256)).WithCertificates(SelfSigned(other), SelfSigned(other)));
    }

    [Theory]
    [InlineData("version", "2")]
    [InlineData("triesLeft", "6")]
    [InlineData("triesLeft", "-1")]
    [InlineData("privateKey", "\"MAA=\"")]
    [InlineData("privateKey", "\"?\"")]
    [InlineData("signCertificate", "\"MAA=\"")]
    [InlineData("passwordHash", "null")]
    [InlineData("unknown", "1")]
    public void A_broken_card_is_named(string member, string value)
    {
        Issued(NewKey(256)).Write(folder["001.card"]);
        var json = JsonNode.Parse(File.ReadAllText(folder["001.card"]))!;
        json[member] = JsonNode.Parse(value);
        File.WriteAllText(folder["001.card"], json.ToJsonString());

        Assert.Contains("001.card is not a card image",
            Assert.Throws<FormatException>(() => CardImage.Read(folder["001.card"])).Message);
    }

    [Fact]
    public void A_card_never_prints_what_it_holds() => Assert.Equal("CardImage", Issued(NewKey(256)).ToString());

    private static byte[] NewKey(int bits)
    {
        using AsymmetricAlgorithm key = bits == 256 ? ECDsa.Create(ECCurve.NamedCurves.nistP256) : RSA.Create(bits);
        return key.ExportPkcs8PrivateKey();
    }

    private static Certificate SelfSigned(SigningKey key)
    {
        var algorithm = key.PublicKey.IsRsa ? SignatureAlgorithm.Sha256WithRsa : SignatureAlgorithm.EcdsaSha256;
        return new CertificateContent
        {
            Serial = SerialNumber.Parse("0A"),
            Algorithm = algorithm,
            Issuer = Name.Parse("CN=card,C=JP"),
            NotBefore = Noon,
            NotAfter = Noon.AddYears(3),
            Subject = Name.Parse("CN=card,C=JP"),
            PublicKey = key.PublicKey,
        }.Sign(key.With(algorithm));
    }

    private CardImage Blank(byte[] key, string password = "ABC123") =>
        CardImage.Initialise(key, password, random).Value!;

    private CardImage Issued(byte[] key)
    {
        var certificate = SelfSigned(SigningKey.FromPkcs8("card", key));
        return Blank(key).WithCertificates(certificate, certificate);
    }
}
