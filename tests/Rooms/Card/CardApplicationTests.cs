using System.Security.Cryptography;
using System.Text;
using Jpki.Card;
using Xunit;

namespace Jpki.Tests.Rooms.Card;

/// <summary>Each command of a holder's client, and each status word it may get.</summary>
public sealed class CardApplicationTests : IDisposable
{
    private const string SelectApplication = "00A4040C0AD392F000260100000001";
    private const string SelectPassword = "00A4020C02001B";
    private const string SelectKey = "00A4020C02001A";
    private const string VerifyPassword = "0020008006414243313233";

    private readonly TestCard card = new(TestCard.Issued());

    public void Dispose() => card.Dispose();

    [Theory]
    [InlineData("an application of others", "00A4040C07A0000001 16DB00", "6A82")]
    [InlineData("the same with an expected length", "00A4040007627601FF00000000", "6A82")]
    [InlineData("a file before the application", "00A4020C020018", "6A82")]
    [InlineData("reading before the application", "00B0000004", "6985")]
    [InlineData("verifying before the application", "00200080", "6985")]
    [InlineData("signing before the application", "802A008002ABCD00", "6985")]
    [InlineData("administration before the application", "90E4000000", "6985")]
    [InlineData("GET DATA", "00CADF3005", "6D00")]
    [InlineData("GET DATA of PIV", "00CB3FFF035C017E08", "6D00")]
    [InlineData("another instruction of the class of signing", "80B00000", "6D00")]
    [InlineData("a reader's own command", "FFCA000000", "6E00")]
    [InlineData("secure messaging: selecting", "0CA4040C0AD392F000260100000001", "6882")]
    [InlineData("secure messaging: reading", "0CB0000004", "69FC")]
    [InlineData("secure messaging: verifying", "04200080", "69FC")]
    [InlineData("half a command", "00A404", "6700")]
    public void Before_the_application_is_selected_little_is_answered(string name, string command, string answer) =>
        Assert.Equal((name, answer), (name, card.Say(command)));

    [Theory]
    [InlineData("a file that is not there", "00A4020C020005", "6A82")]
    [InlineData("a file by another way", "00A4090C020018", "6A86")]
    [InlineData("the main file", "00A4000C023F00", "6A86")]
    [InlineData("half a file's name", "00A4020C0100", "6700")]
    [InlineData("no file selected", "00B0000004", "6986")]
    [InlineData("no password selected", "00200080", "6986")]
    [InlineData("a short identifier of nothing", "00B0850004", "6A82")]
    [InlineData("a challenge", "0084000000", null)]
    [InlineData("a challenge of no length", "00840000", "6700")]
    [InlineData("GET RESPONSE", "00C0000000", "6D00")]
    [InlineData("a wrong way to sign", "802A068002ABCD00", "6A86")]
    [InlineData("a wrong way to verify", "00200180", "6A86")]
    [InlineData("administration without proof", "90E4000000", "6982")]
    public void Status_words_after_selection(string name, string command, string? answer)
    {
        Assert.Equal("9000", card.Say(SelectApplication));

        var said = card.Say(command);

        Assert.Equal((name, answer ?? said), (name, said));
    }

    [Theory]
    [InlineData("0002", "9000")]
    [InlineData("0006", "9000")]
    [InlineData("0008", "9000")]
    [InlineData("000A", "9000")]
    [InlineData("000B", "9000")]
    [InlineData("0001", "6982")]
    [InlineData("0009", "6982")]
    [InlineData("0016", "6981")]
    [InlineData("0017", "6981")]
    [InlineData("0018", "6981")]
    [InlineData("001A", "6981")]
    [InlineData("001B", "6981")]
    public void Files_are_free_or_want_the_password_or_are_not_for_reading(string file, string answer)
    {
        card.Say(SelectApplication);
        card.Say($"00A4020C02{file}");

        Assert.EndsWith(answer, card.Say("00B0000003"), StringComparison.Ordinal);
        var shortFile = 0x80 | Convert.ToByte(file[2..], 16);
        Assert.EndsWith(answer, card.Say($"00B0{shortFile:X2}0003"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_token_information_is_to_the_byte_what_todays_cards_hold()
    {
        card.Say(SelectApplication);

        var token = card.Say("00B08600A0");

        Assert.Equal(
            Hex("JPKIAPICCTOKEN2                 ") + Hex("00000000000000000000000000000001")
            + Hex("E16R01NJ        ") + Hex("0123456789ABCDEF")
            + "0000040D" + "00000001" + "00000000" + "00000001" + "00000000" + "00000010" + "00000006"
            + "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF" + Hex("0301") + Hex("9999999999999999") + "9000",
            token);
        Assert.Equal("8F8F009000", card.Say("00B0880000"));
    }

    [Fact]
    public void A_certificate_is_read_in_parts_to_its_end_and_not_past_it()
    {
        card.Say(SelectApplication);
        card.Say("00A4020C02000A");
        var der = card.Image.Authenticate.Certificate!;

        var parts = card.Say("00B0000000")[..^4] + card.Say("00B0010000")[..^4] + card.Say("00B0020000")[..^4]
            + card.Say("00B0030000")[..^4];

        Assert.StartsWith(Convert.ToHexString(der), parts + Convert.ToHexString(der), StringComparison.Ordinal);
        Assert.Equal("6B00", card.Say($"00B0{der.Length:X4}00"));
        Assert.Equal("6700", card.Say("00B00000"));
        Assert.Equal(Convert.ToHexString(der) + "9000", card.Say("00B00000000000"));
    }

    [Fact, Cps("6-2-2-5")]
    public void The_password_opens_the_certificate_and_the_key_until_the_card_forgets()
    {
        card.Say(SelectApplication);
        card.Say(SelectPassword);

        Assert.Equal("9000", card.Say(VerifyPassword));
        Assert.EndsWith("9000", card.Say("00B0810004"), StringComparison.Ordinal);
        card.Say(SelectKey);
        Assert.EndsWith("9000", card.Say("802A008002ABCD00"), StringComparison.Ordinal);
    }

    [Theory, Cps("6-2-2-6")]
    [InlineData("selected again")]
    [InlineData("reset")]
    [InlineData("a wrong password")]
    public void A_key_is_deactivated(string by)
    {
        card.Say(SelectApplication);
        card.Say(SelectPassword);
        card.Say(VerifyPassword);

        if (by == "reset")
            card.Reset();
        card.Say(by == "a wrong password" ? "002000800158" : SelectApplication);

        Assert.Equal("6982", card.Say("802A009A02ABCD00"));
        Assert.Equal("6982", card.Say("00B0810004"));
    }

    [Fact]
    public void The_PIN_of_one_key_does_not_open_the_other()
    {
        card.Say(SelectApplication);
        Assert.Equal("9000", card.Say("002000980431323334"));

        Assert.EndsWith("9000", card.Say("802A009702ABCD00"), StringComparison.Ordinal);
        Assert.Equal("6982", card.Say("802A009A02ABCD00"));
        Assert.Equal("6982", card.Say("00B0810004"));
    }

    [Fact, Cps("2-1-3(16)")]
    public void Five_wrong_passwords_lock_the_signature_key_and_three_the_other()
    {
        card.Say(SelectApplication);
        card.Say(SelectPassword);
        Assert.Equal("63C5", card.Say("00200080"));

        string[] said = [.. Enumerable.Range(0, 6).Select(_ => card.Say("00200080065858585858 58"))];

        Assert.Equal(["63C4", "63C3", "63C2", "63C1", "63C0", "6984"], said);
        Assert.Equal("63C0", card.Say("00200080"));
        Assert.Equal("6984", card.Say(VerifyPassword));
        card.Say("00A4020C020018");
        Assert.Equal(["63C3", "63C2", "63C1", "63C0", "6984"],
            (string[])[card.Say("00200080"), .. Enumerable.Range(0, 4).Select(_ => card.Say("002000800430303030"))]);
    }

    [Fact]
    public void The_tries_are_never_answered_with_success_and_a_password_restores_them()
    {
        card.Say(SelectApplication);
        card.Say(SelectPassword);
        card.Say("002000800158");

        Assert.Equal("63C4", card.Say("00200080"));
        Assert.Equal("9000", card.Say(VerifyPassword));
        Assert.Equal("63C5", card.Say("00200080"));
        Assert.Equal("6700", card.Say("0020008011" + new string('4', 34)));
        Assert.Equal("63C5", card.Say("00200080"));
    }

    [Theory, Cps("6-4-2-1")]
    [InlineData("NEW1", "9000")]
    [InlineData("ABCDEFGH12345678", "9000")]
    [InlineData("NEW", "6A80")]
    [InlineData("new123", "6A80")]
    [InlineData("NEW 123", "6A80")]
    public void The_holder_changes_the_password_within_its_rule(string password, string answer)
    {
        var change = $"00240180{password.Length:X2}{Hex(password)}";
        card.Say(SelectApplication);
        card.Say(SelectPassword);
        Assert.Equal("6982", card.Say(change));
        card.Say(VerifyPassword);

        Assert.Equal(answer, card.Say(change));

        var verify = $"00200080{password.Length:X2}{Hex(password)}";
        Assert.Equal(answer == "9000" ? "9000" : "63C4", card.Say(verify));
    }

    [Theory]
    [InlineData(1024)]
    [InlineData(2048)]
    public void Every_way_to_sign_is_verified_by_openssl(int bits)
    {
        var pkcs8 = TestCard.NewKey(bits);
        var signing = Unlocked(pkcs8);
        using ScratchFolder folder = new();
        var key = PublicKeyFile(folder, pkcs8);
        byte[] text = [.. "a form"u8];
        var hash = SHA256.HashData(text);
        var info = Convert.FromHexString("3031300D060960864801650304020105000420" + Convert.ToHexString(hash));

        Assert.Equal(text, Recovered(signing.Say(Sign(0, text))));
        Assert.Equal(hash, Recovered(signing.Say(Sign(1, text))));
        foreach (var command in (string[])[Sign(0, info), Sign(2, hash), Sign(3, text)])
            Assert.Equal(info, Recovered(signing.Say(command)));
        Assert.All((string[])[signing.Say(Sign(4, hash)), signing.Say(Sign(5, text))], said =>
            Tool.Run("openssl", "dgst", "-sha256", "-verify", key, "-sigopt", "rsa_padding_mode:pss",
                "-signature", Signature(said), folder.Write("text", text)).Succeeded());

        string Signature(string said)
        {
            Assert.Equal(bits / 4 + 4, said.Length);
            return folder.Write("signature", Convert.FromHexString(said[..^4]));
        }

        byte[] Recovered(string said) => Tool.Run("openssl", "pkeyutl", "-verifyrecover", "-pubin", "-inkey", key,
            "-in", Signature(said)).Succeeded().Output;
    }

    [Fact]
    public void What_is_too_long_or_too_short_is_not_signed()
    {
        var signing = Unlocked(TestCard.NewKey(1024));

        Assert.Equal("6700", signing.Say(Sign(0, new byte[118])));
        Assert.EndsWith("9000", signing.Say(Sign(0, new byte[117])), StringComparison.Ordinal);
        Assert.Equal("6700", signing.Say("802A009A"));
        Assert.Equal("6700", signing.Say(Sign(2, new byte[31])));
        Assert.Equal("6700", signing.Say(Sign(4, new byte[33])));
    }

    [Fact]
    public void An_elliptic_curve_key_signs_a_hash_and_nothing_else()
    {
        var pkcs8 = TestCard.NewKey(256);
        var signing = Unlocked(pkcs8);
        using ScratchFolder folder = new();
        byte[] text = [.. "a form"u8];

        var said = signing.Say(Sign(2, SHA256.HashData(text)));

        Tool.Run("openssl", "dgst", "-sha256", "-verify", PublicKeyFile(folder, pkcs8), "-signature",
            folder.Write("signature", Convert.FromHexString(said[..^4])), folder.Write("text", text)).Succeeded();
        Assert.Equal("6A86", signing.Say(Sign(0, text)));
        Assert.Equal("6A86", signing.Say(Sign(5, text)));
    }

    [Fact]
    public void A_blank_card_has_files_with_nothing_in_them()
    {
        TestCard blank = new(TestCard.Blank());
        blank.Say(SelectApplication);

        Assert.Equal("0000009000", blank.Say("00B0880000"));
        Assert.Equal("6B00", blank.Say("00B0820004"));
        blank.Say(SelectPassword);
        Assert.Equal("63C0", blank.Say("00200080"));
        Assert.Equal("6984", blank.Say(VerifyPassword));
        Assert.Equal("6982", blank.Say("802A009A02ABCD00"));
    }

    private static TestCard Unlocked(byte[] pkcs8)
    {
        TestCard card = new(TestCard.Issued(pkcs8));
        card.Say(SelectApplication);
        card.Say(SelectPassword);
        Assert.Equal("9000", card.Say(VerifyPassword));
        card.Say(SelectKey);
        return card;
    }

    private static string Sign(byte mode, byte[] data) =>
        Convert.ToHexString(CommandApdu.Write(0x80, 0x2A, mode, 0x80, data, 0));

    private static string PublicKeyFile(ScratchFolder folder, byte[] pkcs8) => folder.WritePem(
        "key.pem", "PUBLIC KEY", Jpki.Hsm.SigningKey.FromPkcs8("card", pkcs8).PublicKey.Der);

    private static string Hex(string text) => Convert.ToHexString(Encoding.ASCII.GetBytes(text));
}
