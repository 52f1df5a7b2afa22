using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Jpki.Card;
using Jpki.Card.Readers;
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
        var image = TestCard.Issued();

        image.Write(folder["001.card"]);
        var read = CardImage.Read(folder["001.card"]);

        Assert.Equal(image.Describe(), read.Describe());
        Assert.Equal(image.Sign.PrivateKey, read.Sign.PrivateKey);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder["001.card"]));
    }

    [Theory]
    [InlineData(1024, "RSA 1024")]
    [InlineData(2048, "RSA 2048")]
    [InlineData(256, "P-256")]
    public void A_card_describes_its_key_and_certificates(int bits, string key)
    {
        var described = TestCard.Issued(TestCard.NewKey(bits)).Describe();

        Assert.Equal(key, described.Key);
        Assert.Equal("0A", described.SignCertificate?.Serial);
        Assert.Equal("CN=card,C=JP", described.SignCertificate?.Subject);
        Assert.Equal(Noon, described.CaCertificate?.NotBefore);
        Assert.Equal((5, false), (described.TriesLeft, described.IsLocked));
        Assert.Null(TestCard.Blank().Describe().SignCertificate);
    }

    [Fact]
    public void A_card_is_in_one_reader_at_a_time()
    {
        TestCard.Issued().Write(folder["001.card"]);
        using (VirtualReader first = new(folder["001.card"], random))
            Assert.Throws<CardException>(() => new VirtualReader(folder["001.card"], random));

        using VirtualReader next = new(folder["001.card"], random);
        Assert.Equal("0123456789ABCDEF", CardSession.Open(next).Number());
    }

    [Fact]
    public void Tries_are_in_the_file_before_the_card_answers()
    {
        TestCard.Issued().Write(folder["001.card"]);
        using VirtualReader reader = new(folder["001.card"], random);

        CardSession.Open(reader).Verify(KeyPurpose.Sign, "WRONG1");

        Assert.Equal(4, CardImage.Read(folder["001.card"]).Sign.TriesLeft);
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
        Assert.Equal("6-4-2-1", CardPassword.Objection(password)?.Clause.Number);
    }

    [Fact]
    public void A_made_up_password_may_be_used_by_every_client()
    {
        var password = CardPassword.MakeUp(random);

        Assert.Null(CardPassword.Objection(password));
        Assert.Equal(CardPassword.Normalise(password), password);
        Assert.True(password.Length >= 6);
    }

    [Theory]
    [InlineData("version", "1")]
    [InlineData("number", "\"12\"")]
    [InlineData("deviceKey", "\"MAA=\"")]
    [InlineData("sign/triesLeft", "6")]
    [InlineData("sign/triesLeft", "-1")]
    [InlineData("authenticate/triesLeft", "4")]
    [InlineData("sign/privateKey", "\"MAA=\"")]
    [InlineData("sign/privateKey", "\"?\"")]
    [InlineData("sign/certificate", "\"MAA=\"")]
    [InlineData("sign/passwordHash", "null")]
    [InlineData("sign/passwordHash", "\"ABC123\"")]
    [InlineData("unknown", "1")]
    public void A_broken_card_is_named(string member, string value)
    {
        TestCard.Issued().Write(folder["001.card"]);
        var json = JsonNode.Parse(File.ReadAllText(folder["001.card"]))!;
        var at = member.Split('/') is [var slot, var inner] ? (json[slot]!, inner) : (json, member);
        at.Item1[at.Item2] = JsonNode.Parse(value);
        File.WriteAllText(folder["001.card"], json.ToJsonString());

        Assert.Contains("001.card is not a card image",
            Assert.Throws<FormatException>(() => CardImage.Read(folder["001.card"])).Message);
    }

    [Fact]
    public void A_card_never_prints_what_it_holds()
    {
        var card = TestCard.Issued();

        Assert.Equal("CardImage KeySlot DeviceKey", $"{card} {card.Sign} {card.Device}");
    }
}
