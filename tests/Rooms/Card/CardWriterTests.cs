using System.Security.Cryptography;
using Jpki.Card;
using Jpki.Card.Readers;
using Xunit;

namespace Jpki.Tests.Rooms.Card;

/// <summary>What a key pair device may do at a card, and nobody else.</summary>
public sealed class CardWriterTests : IDisposable
{
    private static readonly byte[] Key = TestCard.NewKey(2048);

    private readonly TestCard card = new(TestCard.Blank());

    public void Dispose() => card.Dispose();

    [Fact, Cps("6-2-2-4")]
    public void A_blank_card_becomes_a_holders()
    {
        using (var writer = Open(card))
            Personalise(writer);

        var session = CardSession.Open(card);
        Assert.Null(session.Certificate(KeyPurpose.Sign));
        Assert.Null(session.Verify(KeyPurpose.Sign, "abc123"));
        Assert.Equal(TestCard.SelfSigned(Key).Subject, session.Certificate(KeyPurpose.Sign)?.Subject);
        Assert.Equal("CN=authority,C=JP", session.CaCertificate(KeyPurpose.Sign)?.Subject.ToString());
        var signature = session.Sign(KeyPurpose.Sign, SHA256.HashData("a form"u8));
        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(Key, out _);
        Assert.True(rsa.VerifyData("a form"u8, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    [Fact, Cps("2-1-3(16)")]
    public void A_locked_card_is_unlocked_and_its_password_is_still_the_same()
    {
        TestCard locked = Locked();

        using (var writer = Open(locked))
            writer.Unlock(KeyPurpose.Sign);

        Assert.Null(CardSession.Open(locked).Verify(KeyPurpose.Sign, TestCard.Password));
    }

    [Fact, Cps("2-1-3(16)")]
    public void A_password_is_reset_without_the_old_one_and_unlocks_too()
    {
        TestCard locked = Locked();

        using (var writer = Open(locked))
            writer.SetPassword(KeyPurpose.Sign, "NEW12345");

        var session = CardSession.Open(locked);
        Assert.Equal("6-2-2-5", session.Verify(KeyPurpose.Sign, TestCard.Password)?.Clause.Number);
        Assert.Null(session.Verify(KeyPurpose.Sign, "new12345"));
    }

    [Fact, Cps("2-1-3(16)"), Cps("6-2-2-7")]
    public void A_key_pair_is_erased_with_all_that_belongs_to_it_and_the_other_stays()
    {
        TestCard issued = new(TestCard.Issued());

        using (var writer = Open(issued))
            writer.EraseKey(KeyPurpose.Sign);

        Assert.Equal(KeySlot.Blank, issued.Image.Sign);
        Assert.NotNull(issued.Image.Authenticate.PrivateKey);
        Assert.Equal("2-1-3(16)", CardSession.Open(issued).Verify(KeyPurpose.Sign, TestCard.Password)?.Clause.Number);
    }

    [Fact]
    public void A_new_key_ends_the_certificates_of_the_old_one()
    {
        TestCard issued = new(TestCard.Issued());

        using (var writer = Open(issued))
            writer.ImportKey(KeyPurpose.Sign, Key);

        Assert.Null(issued.Image.SignCertificate);
        Assert.Null(issued.Image.CaCertificate);
    }

    [Fact, Cps("6-2-2-7")]
    public void A_key_that_has_signed_signs_no_more_when_another_takes_its_place_or_it_is_erased()
    {
        TestCard issued = new(TestCard.Issued());
        using var writer = Open(issued);
        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(Key, out _);
        Assert.Null(writer.Session.Verify(KeyPurpose.Sign, TestCard.Password));
        writer.Session.Sign(KeyPurpose.Sign, SHA256.HashData("a form"u8));

        writer.ImportKey(KeyPurpose.Sign, Key);
        var signature = writer.Session.Sign(KeyPurpose.Sign, SHA256.HashData("a form"u8));
        writer.EraseKey(KeyPurpose.Sign);

        Assert.True(rsa.VerifyData("a form"u8, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        Assert.Throws<CardException>(() => writer.Session.Sign(KeyPurpose.Sign, SHA256.HashData("a form"u8)));
    }

    [Fact]
    public void Another_keys_certificate_or_what_is_no_key_is_not_taken()
    {
        using var writer = Open(card);
        writer.ImportKey(KeyPurpose.Sign, Key);
        var other = TestCard.SelfSigned(TestCard.NewKey(2048));

        Assert.Contains("6A80", Assert.Throws<CardException>(
            () => writer.WriteCertificates(KeyPurpose.Sign, other, other)).Message, StringComparison.Ordinal);
        Assert.Contains("6A80", Assert.Throws<CardException>(
            () => writer.ImportKey(KeyPurpose.Sign, [1, 2, 3])).Message, StringComparison.Ordinal);
        Assert.Contains("6A84", Assert.Throws<CardException>(
            () => writer.ImportKey(KeyPurpose.Sign, new byte[9000])).Message, StringComparison.Ordinal);
        Assert.Null(card.Image.SignCertificate);
    }

    [Fact]
    public void A_device_of_another_site_writes_nothing()
    {
        var other = DeviceKey.Of(SHA256.HashData("another site"u8), card.Image.Number);

        var refused = Assert.Throws<CardException>(() => CardWriter.Open(card, _ => other, TestCard.Random));

        Assert.Equal("MUTUAL AUTHENTICATE", refused.Step);
        Assert.Equal(0, card.Writings);
    }

    [Fact]
    public void A_false_card_gets_no_key()
    {
        FalseCard false_ = new(card);

        Assert.Throws<CardException>(() => CardWriter.Open(false_, TestCard.KeyOf, TestCard.Random));
    }

    [Fact]
    public void A_proof_is_good_for_one_challenge()
    {
        byte[] ours = new byte[AdminChannel.ChallengeLength];
        card.Transmit([0x00, 0xA4, 0x04, 0x0C, 0x0A, .. CardApplication.Identifier]);
        var theirs = card.Transmit([0x00, 0x84, 0, 0, AdminChannel.ChallengeLength])[..^2];
        byte[] proof =
            [.. ours, .. AdminChannel.DeviceProof(TestCard.KeyOf(card.Image.Number), theirs, ours)];
        var command = CommandApdu.Write(0x90, AdminInstruction.Authenticate, 0, 0, proof, 0);

        Assert.Equal(AdminChannel.ProofLength + 2, card.Transmit(command).Length);
        Assert.Equal("6985", Convert.ToHexString(card.Transmit(command)));
        card.Transmit([0x00, 0x84, 0, 0, AdminChannel.ChallengeLength]);
        Assert.Equal("6982", Convert.ToHexString(card.Transmit(command)));
        Assert.Equal("6982", card.Say("90E4000000"));
    }

    [Fact]
    public void A_command_that_was_changed_or_comes_twice_closes_the_channel()
    {
        TestCard issued = new(TestCard.Issued());
        using var channel = CardRetryTests.OpenChannel(issued);
        byte[] header = [0x90, AdminInstruction.Unlock, 0x00, 0x9B];
        var unlock = CommandApdu.Write(header[0], header[1], header[2], header[3], channel.Seal(header, []), 0);
        Assert.EndsWith("9000", Convert.ToHexString(issued.Transmit(unlock)), StringComparison.Ordinal);

        Assert.Equal("6988", Convert.ToHexString(issued.Transmit(unlock)));
        Assert.Equal("6982", Convert.ToHexString(issued.Transmit(unlock)));

        using var again = CardRetryTests.OpenChannel(issued);
        var erase = CommandApdu.Write(0x90, AdminInstruction.Erase, 0x00, 0x00, again.Seal(header, []), 0);
        Assert.Equal("6988", Convert.ToHexString(issued.Transmit(erase)));
        Assert.NotNull(issued.Image.Sign.PrivateKey);
    }

    [Fact]
    public void A_receipt_that_is_not_the_cards_is_not_believed()
    {
        TestCard issued = new(TestCard.Issued());
        YesReader yes = new(issued);
        using var writer = Open(yes);

        yes.SaysYes = true;

        Assert.Throws<CardException>(() => writer.EraseKey(KeyPurpose.Sign));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_card_pulled_at_any_command_can_be_initialised_again(bool isCarriedOut)
    {
        var pulled = true;
        for (var at = 0; pulled; at++)
        {
            TestCard victim = new(TestCard.Blank());
            PulledReader reader = new(victim, at, isCarriedOut);
            var step = Step(() =>
            {
                using var writer = Open(reader);
                Personalise(writer);
            });
            pulled = reader.WasPulled;
            Assert.Equal(pulled, step is not null);

            victim.Reinsert();
            Assert.True(victim.Image.SignCertificate is null || step is null or "PUT CERTIFICATE" or "STAGE");
            using (var writer = Open(victim))
                Personalise(writer);
            Assert.Null(CardSession.Open(victim).Verify(KeyPurpose.Sign, TestCard.Password));
            Assert.NotNull(victim.Image.CaCertificate);
            Assert.True(at < 100);
        }
    }

    private static string? Step(Action act)
    {
        try
        {
            act();
            return null;
        }
        catch (CardRemovedException e)
        {
            return e.Step ?? "";
        }
    }

    private static CardWriter Open(ICardReader reader) => CardWriter.Open(reader, TestCard.KeyOf, TestCard.Random);

    private static void Personalise(CardWriter writer)
    {
        writer.Initialise();
        writer.ImportKey(KeyPurpose.Sign, Key);
        writer.SetPassword(KeyPurpose.Sign, TestCard.Password);
        writer.WriteCertificates(
            KeyPurpose.Sign, TestCard.SelfSigned(Key), TestCard.SelfSigned(Key, "CN=authority,C=JP"));
    }

    private static TestCard Locked()
    {
        TestCard locked = new(TestCard.Issued());
        var session = CardSession.Open(locked);
        for (var i = 0; i < 5; i++)
            Assert.NotNull(session.Verify(KeyPurpose.Sign, "WRONG1"));
        Assert.Equal("2-1-3(16)", session.Verify(KeyPurpose.Sign, TestCard.Password)?.Clause.Number);
        return locked;
    }

    /// <summary>Knows no device key, and says that the device is right.</summary>
    private sealed class FalseCard(ICardReader inner) : ICardReader
    {
        public byte[] Transmit(ReadOnlySpan<byte> command) =>
            command[0] == 0x90 ? [.. new byte[AdminChannel.ProofLength], 0x90, 0x00] : inner.Transmit(command);

        public void Dispose() => inner.Dispose();
    }

    /// <summary>Somebody in between who keeps commands from the card.</summary>
    private sealed class YesReader(ICardReader inner) : ICardReader
    {
        public bool SaysYes { get; set; }

        public byte[] Transmit(ReadOnlySpan<byte> command) =>
            SaysYes ? [.. new byte[AdminChannel.TagLength], 0x90, 0x00] : inner.Transmit(command);

        public void Dispose() => inner.Dispose();
    }
}
