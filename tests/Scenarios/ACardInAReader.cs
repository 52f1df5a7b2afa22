using System.Diagnostics;
using System.Security.Cryptography;
using Jpki.Card;
using Jpki.Card.Readers;
using Jpki.Counter;
using Jpki.Tests.Rooms.Card;
using Jpki.Tests.Rooms.Counter;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Scenarios;

/// <summary>Stock OpenSC reads the card and signs with it, through Debian's pcscd and vsmartcard-vpcd.</summary>
[Collection(CardsInReaders.Name)]
public sealed class ACardInAReader(VirtualReaders readers) : IDisposable
{
    private const string Module = "/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so";

    private static readonly byte[] SignKey = TestCard.NewKey(2048);
    private static readonly byte[] AuthenticationKey = TestCard.NewKey(2048);

    private readonly ScratchFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void OpenSC_knows_the_card_and_lists_what_is_on_it()
    {
        using var inserted = readers.Insert(Personalised());

        Assert.Contains("jpki", readers.Run("opensc-tool", "--reader", "0", "--name").Succeeded().Text);
        var dump = readers.Run("pkcs15-tool", "--reader", "0", "--dump").Succeeded().Text;
        Assert.Contains("PKCS#15 Card [JPKI]", dump);
        Assert.Contains("User Authentication PIN", dump);
        Assert.Contains("Digital Signature PIN", dump);
        Assert.Contains("Tries left     : 5", dump);
        Assert.Equal(4, dump.Split("X.509 Certificate [").Length - 1);
    }

    [Fact]
    public void OpenSC_reads_each_certificate_and_the_signature_certificate_only_with_the_password()
    {
        using var inserted = readers.Insert(Personalised());

        var free = readers.Run("pkcs15-tool", "--reader", "0", "--read-certificate", "01").Succeeded();
        var without = readers.Run("pkcs15-tool", "--reader", "0", "--read-certificate", "02");
        var with = readers.Run("pkcs15-tool", "--reader", "0", "--read-certificate", "02",
            "--verify-pin", "--auth-id", "02", "--pin", TestCard.Password).Succeeded();

        Assert.Equal(Der(TestCard.SelfSigned(AuthenticationKey)), DerIn(free));
        Assert.Equal(1, without.ExitCode);
        Assert.Equal(Der(TestCard.SelfSigned(SignKey)), DerIn(with));
    }

    [Theory]
    [InlineData("signature", "1", "02", TestCard.Password, "SHA256-RSA-PKCS", "-sha256")]
    [InlineData("signature", "1", "02", TestCard.Password, "SHA512-RSA-PKCS", "-sha512")]
    [InlineData("authentication", "0", "01", TestCard.Pin, "SHA256-RSA-PKCS", "-sha256")]
    public void OpenSC_signs_and_openssl_verifies(
        string key, string slot, string id, string password, string mechanism, string hash)
    {
        using var inserted = readers.Insert(Personalised());
        var text = folder.Write("text", "a form"u8);
        var signature = folder["signature"];

        readers.Run("pkcs11-tool", "--module", Module, "--slot-index", slot, "--login", "--pin", password, "--sign",
            "--mechanism", mechanism, "--id", id, "--input-file", text, "--output-file", signature).Succeeded();

        var publicKey = folder.WritePem("key.pem", "PUBLIC KEY", Hsm.SigningKey.FromPkcs8(
            "card", key == "signature" ? SignKey : AuthenticationKey).PublicKey.Der);
        Tool.Run("openssl", "dgst", hash, "-verify", publicKey, "-signature", signature, text).Succeeded();
    }

    [Fact]
    public void OpenSC_signs_what_is_no_hash_too()
    {
        using var inserted = readers.Insert(Personalised());
        var text = folder.Write("text", "any twenty octets..."u8);
        var signature = folder["signature"];

        readers.Run("pkcs11-tool", "--module", Module, "--slot-index", "1", "--login", "--pin", TestCard.Password,
            "--sign", "--mechanism", "RSA-PKCS", "--id", "02", "--input-file", text, "--output-file", signature)
            .Succeeded();

        var key = folder.WritePem(
            "key.pem", "PUBLIC KEY", Hsm.SigningKey.FromPkcs8("card", SignKey).PublicKey.Der);
        Assert.Equal("any twenty octets..."u8.ToArray(), Tool.Run(
            "openssl", "pkeyutl", "-verifyrecover", "-pubin", "-inkey", key, "-in", signature).Succeeded().Output);
    }

    [Fact, Cps("2-1-3(16)")]
    public void Wrong_passwords_lock_it_for_good_until_the_counter_unlocks_it()
    {
        var file = Personalised();
        using (readers.Insert(file))
        {
            for (var left = 4; left >= 0; left--)
            {
                Assert.NotEqual(0, VerifyPassword("WRONG1").ExitCode);
                Assert.Equal(left, CardImage.Read(file).Sign.TriesLeft);
            }
            Assert.Contains("not usable", VerifyPassword(TestCard.Password).Errors);
        }
        using (readers.Insert(file))
        {
            Assert.NotEqual(0, VerifyPassword(TestCard.Password).ExitCode);
            Assert.Contains("Tries left     : 0", readers.Run("pkcs15-tool", "--reader", "0", "--dump").Text);

            readers.Jpki("card", "unlock", file, "--reader", VirtualReaders.First).Succeeded();

            VerifyPassword(TestCard.Password).Succeeded();
        }
        Assert.Equal(5, CardImage.Read(file).Sign.TriesLeft);
    }

    [Fact]
    public void A_card_without_authentication_key_is_read_and_signs_too()
    {
        var file = folder["era.card"];
        Personalise(file, SignKey, withAuthentication: false);
        using var inserted = readers.Insert(file);

        var dump = readers.Run("pkcs15-tool", "--reader", "0", "--dump").Succeeded();
        var signed = readers.Run("pkcs11-tool", "--module", Module, "--slot-index", "1", "--login",
            "--pin", TestCard.Password, "--sign", "--mechanism", "SHA256-RSA-PKCS", "--id", "02",
            "--input-file", folder.Write("text", "a form"u8), "--output-file", folder["signature"]);

        Assert.Contains("Digital Signature PIN", dump.Text);
        signed.Succeeded();
    }

    [Fact, Cps("6-1-2-3")]
    public void The_1024_bits_of_the_statement_sign_but_OpenSC_puts_zeros_before()
    {
        var key = TestCard.NewKey(1024);
        var file = folder["literal.card"];
        Personalise(file, key, withAuthentication: true);
        using var inserted = readers.Insert(file);
        var text = folder.Write("text", "a form"u8);

        readers.Run("pkcs11-tool", "--module", Module, "--slot-index", "1", "--login", "--pin", TestCard.Password,
            "--sign", "--mechanism", "SHA256-RSA-PKCS", "--id", "02", "--input-file", text,
            "--output-file", folder["signature"]).Succeeded();

        var padded = File.ReadAllBytes(folder["signature"]);
        Assert.Equal(256, padded.Length);
        var publicKey = folder.WritePem(
            "key.pem", "PUBLIC KEY", Hsm.SigningKey.FromPkcs8("card", key).PublicKey.Der);
        Tool.Run("openssl", "dgst", "-sha256", "-verify", publicKey,
            "-signature", folder.Write("stripped", padded.AsSpan(128)), text).Succeeded();
    }

    [Fact]
    public void Two_cards_are_in_two_readers()
    {
        using var one = readers.Insert(Personalised("one.card"));
        using var two = readers.Insert(Personalised("two.card"), VirtualReaders.Second);

        Assert.Contains("jpki", readers.Run("opensc-tool", "--reader", "1", "--name").Succeeded().Text);
        Assert.Contains("triesLeft", readers.Jpki("card", "show", "--reader", VirtualReaders.Second, "--json")
            .Succeeded().Text);
    }

    [Fact]
    public void Our_own_client_does_the_same_through_PCSC_as_in_this_process()
    {
        var file = Personalised();
        CardDescription here;
        using (VirtualReader reader = new(file, TestCard.Random))
            here = CardSession.Open(reader).Describe();
        using var inserted = readers.Insert(file);

        using var there = PcscReader.Open(VirtualReaders.First);
        var session = CardSession.Open(there);

        Assert.Contains(VirtualReaders.First, PcscReader.Names());
        Assert.Equal(here, session.Describe());
        Assert.Equal("6-2-2-5", session.Verify(KeyPurpose.Sign, "WRONG1")?.Clause.Number);
        Assert.Null(session.Verify(KeyPurpose.Sign, TestCard.Password));
        var signature = session.Sign(KeyPurpose.Sign, SHA256.HashData("a form"u8));
        Assert.Equal(Der(TestCard.SelfSigned(SignKey)), session.Certificate(KeyPurpose.Sign)?.Der.ToArray());
        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(SignKey, out _);
        Assert.True(rsa.VerifyData("a form"u8, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    [Fact, Cps("6-2-2-4")]
    public async Task The_counter_writes_a_card_in_a_PCSC_reader_and_OpenSC_signs_with_it()
    {
        await using var house = await CounterHouse.Open(
            o => o with { CardReader = () => PcscReader.Open(VirtualReaders.First) });
        var application = await house.UpTo(ApplicationState.Proven);
        var number = CardImage.NewNumber(TestCard.Random);
        var secret = File.ReadAllBytes(Path.Combine(house.Options.CardsFolder, "device.key"));
        var file = folder["blank.card"];
        CardImage.Blank(number, DeviceKey.Of(secret, number)).Write(file);
        using var inserted = readers.Insert(file);

        CounterHouse.Done(await house.MakeKeyPair(application.Id, KeyKind.Rsa2048));
        var issued = CounterHouse.Done(await house.Room.Issuance.Notify(house.Officer, application.Id));
        var read = readers.Run("pkcs15-tool", "--reader", "0", "--read-certificate", "02", "--verify-pin",
            "--auth-id", "02", "--pin", CounterHouse.Password).Succeeded();

        Assert.Equal(issued.Certificate, DerIn(read));
    }

    [Fact]
    public void A_card_pulled_out_of_the_reader_is_missed_and_may_come_back()
    {
        var file = Personalised();
        using (var inserted = readers.Insert(file))
        using (var reader = PcscReader.Open(VirtualReaders.First))
        {
            var session = CardSession.Open(reader);
            Assert.Equal(0, inserted.TakeOut("TERM"));
            Assert.Throws<CardRemovedException>(() => session.TriesLeft(KeyPurpose.Sign));
        }

        using var again = readers.Insert(file);
        using var readAgain = PcscReader.Open(VirtualReaders.First);
        Assert.Equal(5, CardSession.Open(readAgain).TriesLeft(KeyPurpose.Sign));
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public void A_signal_takes_the_card_out(string signal)
    {
        using var inserted = readers.Insert(Personalised());

        Assert.Equal(0, inserted.TakeOut(signal));
    }

    [Fact]
    public void What_is_missing_is_said_with_the_next_step()
    {
        var file = Personalised();
        var nobody = Tool.Run("dotnet", RunningPrefecture.Program, "card", "insert", file, "--vpcd", "127.0.0.1:1");
        var noPort = Tool.Run("dotnet", RunningPrefecture.Program, "card", "insert", file, "--vpcd", "here");
        var noCard = Tool.Run("dotnet", RunningPrefecture.Program, "card", "insert", folder["none.card"]);
        var noReader = readers.Jpki("card", "show", "--reader", "elsewhere");
        using var inserted = readers.Insert(file);
        var twice = readers.Jpki("card", "insert", file);
        var occupied = readers.Jpki("card", "insert", Personalised("other.card"));

        Assert.Equal((3, 2, 2, 3, 3, 3),
            (nobody.ExitCode, noPort.ExitCode, noCard.ExitCode, noReader.ExitCode, twice.ExitCode, occupied.ExitCode));
        Assert.Contains("apt-get install pcscd vsmartcard-vpcd", nobody.Errors);
        Assert.Contains(VirtualReaders.First, noReader.Errors);
        Assert.Contains("another reader", twice.Errors);
        Assert.Contains("another card", occupied.Errors);
    }

    [Fact]
    public void A_command_does_not_wait_for_a_delayed_acknowledgement()
    {
        using var inserted = readers.Insert(Personalised());
        using var reader = PcscReader.Open(VirtualReaders.First);
        var session = CardSession.Open(reader);
        var clock = Stopwatch.StartNew();

        for (var i = 0; i < 50; i++)
            session.TriesLeft(KeyPurpose.Sign);

        // A hundred commands; with the delay they take four seconds and more.
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(2.5), $"{clock.Elapsed}");
    }

    private ToolAnswer VerifyPassword(string password) =>
        readers.Run("pkcs15-tool", "--reader", "0", "--verify-pin", "--auth-id", "02", "--pin", password);

    private string Personalised(string name = "001.card")
    {
        Personalise(folder[name], SignKey, withAuthentication: true);
        return folder[name];
    }

    /// <summary>By the commands of a key pair device, as the counter does it.</summary>
    private static void Personalise(string file, byte[] signKey, bool withAuthentication)
    {
        TestCard.Blank().Write(file);
        using VirtualReader reader = new(file, TestCard.Random);
        using var writer = CardWriter.Open(reader, TestCard.KeyOf, TestCard.Random);
        Write(KeyPurpose.Sign, signKey, TestCard.Password);
        if (withAuthentication)
            Write(KeyPurpose.Authenticate, AuthenticationKey, TestCard.Pin);

        void Write(KeyPurpose purpose, byte[] key, string password)
        {
            writer.ImportKey(purpose, key);
            writer.SetPassword(purpose, password);
            writer.WriteCertificates(
                purpose, TestCard.SelfSigned(key), TestCard.SelfSigned(key, "CN=authority,C=JP"));
        }
    }

    private static byte[] Der(Certificate certificate) => certificate.Der.ToArray();

    private static byte[] DerIn(ToolAnswer pem) => Tool.Run("openssl", pem.Output, "x509", "-outform", "DER")
        .Succeeded().Output;
}
