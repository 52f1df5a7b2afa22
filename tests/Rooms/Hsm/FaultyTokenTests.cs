using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Jpki.Hsm;
using Jpki.X509;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;
using Xunit;

namespace Jpki.Tests.Rooms.Hsm;

/// <summary>What we do when a token or its module is slow, gone, wrong or lying.</summary>
public sealed class FaultyTokenTests : IClassFixture<FaultyModule>, IDisposable
{
    private static readonly byte[] Hash = SHA256.HashData("x"u8);

    private readonly FaultyModule module;
    private readonly string label = "k" + Path.GetRandomFileName()[..8];
    private readonly Pkcs11Hsm hsm;
    private readonly SigningKey key;

    public FaultyTokenTests(SoftHsm _, FaultyModule module)
    {
        this.module = module;
        module.Plan();
        hsm = module.Open();
        key = hsm.Generate(label, KeySpec.EcP256);
    }

    public void Dispose()
    {
        module.Plan();
        hsm.Dispose();
    }

    [Theory]
    [InlineData(CKR.CKR_DEVICE_ERROR)]
    [InlineData(CKR.CKR_DEVICE_REMOVED)]
    [InlineData(CKR.CKR_TOKEN_NOT_PRESENT)]
    [InlineData(CKR.CKR_SESSION_HANDLE_INVALID)]
    [InlineData(CKR.CKR_SESSION_CLOSED)]
    [InlineData(CKR.CKR_USER_NOT_LOGGED_IN)]
    [InlineData(CKR.CKR_FUNCTION_FAILED)]
    [InlineData(CKR.CKR_GENERAL_ERROR)]
    public void What_was_lost_is_opened_again_and_signs(CKR answer)
    {
        module.Answer(FaultyModule.Sign, answer, times: 2);

        Openssl.Accepts(key, SignatureAlgorithm.EcdsaSha256);

        Assert.Equal(3, module.Calls(FaultyModule.SignInit));
        Assert.Equal(2, module.Calls(FaultyModule.Login));
        Assert.Null(hsm.Trouble);
    }

    [Fact]
    public void A_token_that_stays_away_is_told_of_after_longer_and_longer_pauses_and_taken_when_it_is_back()
    {
        module.Answer(FaultyModule.Sign, CKR.CKR_DEVICE_REMOVED, FaultyModule.Always);
        var clock = Stopwatch.StartNew();

        Assert.Contains("CKR_DEVICE_REMOVED", Failure());

        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(12));
        Assert.Equal(7, module.Calls(FaultyModule.Sign));
        Assert.Contains("CKR_DEVICE_REMOVED", hsm.Trouble);
        module.Plan();
        Openssl.Accepts(key, SignatureAlgorithm.EcdsaSha256);
        Assert.Null(hsm.Trouble);
    }

    [Fact]
    public void A_token_that_cannot_be_opened_is_told_of_too()
    {
        module.Plan((FaultyModule.Sign, "answer", (long)CKR.CKR_SESSION_HANDLE_INVALID, 1),
            (FaultyModule.OpenSession, "answer", (long)CKR.CKR_TOKEN_NOT_PRESENT, FaultyModule.Always));

        Assert.Contains("CKR_TOKEN_NOT_PRESENT to C_OpenSession", Failure());

        module.Plan();
        Openssl.Accepts(key, SignatureAlgorithm.EcdsaSha256);
    }

    [Fact]
    public void What_is_no_loss_is_not_tried_again()
    {
        module.Answer(FaultyModule.SignInit, CKR.CKR_KEY_FUNCTION_NOT_PERMITTED, FaultyModule.Always);

        Assert.Contains("CKR_KEY_FUNCTION_NOT_PERMITTED", Failure());

        Assert.Equal(1, module.Calls(FaultyModule.SignInit));
    }

    [Theory]
    [InlineData(KeySpec.EcP256)]
    [InlineData(KeySpec.Rsa2048)]
    public void A_garbled_signature_is_thrown_away(KeySpec spec)
    {
        var made = spec == KeySpec.EcP256 ? key : hsm.Generate(label + "-rsa", spec);
        var algorithm = made.PublicKey.IsRsa ? SignatureAlgorithm.Sha256WithRsa : SignatureAlgorithm.EcdsaSha256;
        Openssl.Accepts(made, algorithm);
        module.Plan((FaultyModule.Sign, "garble", 0, 1));

        Assert.Contains("was thrown away",
            Assert.Throws<HsmException>(() => made.SignHash(Hash, algorithm)).Message);

        Openssl.Accepts(made, algorithm);
    }

    [Fact]
    public void Another_key_never_signs_in_its_place()
    {
        hsm.Generate(label + "-other", KeySpec.EcP256);
        using var session = Slot(FaultyModule.Token).OpenSession(SessionType.ReadOnly);
        var other = Pkcs11Objects.Only(session, "", label + "-other", CKO.CKO_PRIVATE_KEY)!;
        module.Plan((FaultyModule.SignInit, "swap", (long)other.ObjectId, FaultyModule.Always));

        Assert.Contains("is not the key it was", Failure());
        Assert.Contains("is not the key it was", hsm.Trouble);

        module.Plan();
        Openssl.Accepts(key, SignatureAlgorithm.EcdsaSha256);
    }

    [Fact]
    public void Nobody_waits_longer_than_the_patience_however_many_wait()
    {
        using var hasty = module.Open(TimeSpan.FromMilliseconds(500));
        var waiting = hasty.Find(label)!;
        module.Plan((FaultyModule.Sign, "slow", 3000, 40));
        var clock = Stopwatch.StartNew();
        List<string> said = [];

        Thread[] callers = [.. Enumerable.Range(0, 36).Select(_ => new Thread(() =>
        {
            var why = Assert.Throws<HsmException>(() => waiting.SignHash(Hash, SignatureAlgorithm.EcdsaSha256));
            lock (said)
                said.Add(why.Message);
        }))];
        Array.ForEach(callers, c => c.Start());
        Array.ForEach(callers, c => c.Join());

        Assert.InRange(clock.Elapsed, TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(2900));
        Assert.Equal(32, said.Count(s => s.Contains("does not answer", StringComparison.Ordinal)));
        Assert.Equal(4, said.Count(s => s.Contains("is busy", StringComparison.Ordinal)));
        module.Plan();
        SpinWait.SpinUntil(() => clock.Elapsed > TimeSpan.FromSeconds(4));
        Openssl.Accepts(waiting, SignatureAlgorithm.EcdsaSha256);
    }

    [Fact]
    public void A_token_is_found_again_in_another_slot()
    {
        module.Plan((FaultyModule.Sign, "answer", (long)CKR.CKR_SESSION_HANDLE_INVALID, 1),
            (FaultyModule.GetSlotList, "move", 1000, FaultyModule.Always));

        Openssl.Accepts(key, SignatureAlgorithm.EcdsaSha256);
    }

    [Fact]
    public void Another_token_under_its_label_is_not_used()
    {
        module.Plan((FaultyModule.Sign, "answer", (long)CKR.CKR_DEVICE_REMOVED, 1),
            (FaultyModule.GetTokenInfo, "relabel", (long)Slot(FaultyModule.Impostor).SlotId, FaultyModule.Always));

        Assert.Contains("another token under the same label", Failure());
        Assert.Contains("another token under the same label", Failure());

        Assert.Equal(1, module.Calls(FaultyModule.Sign));
        Assert.Equal(0, module.Calls(FaultyModule.Login));
        module.Plan();
        Openssl.Accepts(key, SignatureAlgorithm.EcdsaSha256);
    }

    [Fact, Cps("6-4-1-2")]
    public void A_pin_is_tried_once_and_again_only_when_another_is_laid()
    {
        hsm.Dispose();
        module.Plan();
        using ScratchFolder folder = new();
        SecretFile.Write(folder["pin"], "the old one"u8);
        using Pkcs11Hsm bystander = new(module.Path, FaultyModule.Impostor, SoftHsm.Pin);
        var theirs = bystander.Generate(label, KeySpec.EcP256);
        Openssl.Accepts(theirs, SignatureAlgorithm.EcdsaSha256);
        module.Plan();
        using Pkcs11Hsm service = new(module.Path, FaultyModule.Token, new FileInfo(folder["pin"]));
        for (var i = 0; i < 3; i++)
            Assert.Contains("CKR_PIN_INCORRECT", Assert.Throws<HsmException>(service.Reach).Message);
        Assert.Contains("deactivate and activate it again", service.Trouble);
        Assert.Equal(1, module.Calls(FaultyModule.Login));

        SecretFile.Write(folder["pin"], Encoding.ASCII.GetBytes(SoftHsm.Pin));

        Assert.Null(service.Trouble);
        Openssl.Accepts(service.Find(label)!, SignatureAlgorithm.EcdsaSha256);
        Assert.Equal(2, module.Calls(FaultyModule.Login));
        // Modules that read a token's PINs only once are made to read them again.
        Assert.Equal(1, module.Calls(FaultyModule.Finalize));
        Openssl.Accepts(theirs, SignatureAlgorithm.EcdsaSha256);
    }

    [Theory]
    [InlineData(0x20000, "one try left")]
    [InlineData(0x40000, "is locked")]
    public void A_tokens_last_try_is_not_made(long flags, string reason)
    {
        hsm.Dispose();
        module.Plan((FaultyModule.GetTokenInfo, "flag", flags, FaultyModule.Always));
        using var service = module.Open();

        Assert.Contains(reason, Assert.Throws<HsmException>(service.Reach).Message);
        using ScratchFolder folder = new();
        SecretFile.Write(folder["pin"], Encoding.ASCII.GetBytes(SoftHsm.Pin));
        var diagnosis = Doctor.Examine(HsmLocation.Parse(
            $"pkcs11:{module.Path}?token={FaultyModule.Token}&pin-source={folder["pin"]}"));

        Assert.False(diagnosis.IsWell);
        Assert.Equal(0, module.Calls(FaultyModule.Login));
    }

    private string Failure() => Assert.Throws<HsmException>(
        () => key.SignHash(Hash, SignatureAlgorithm.EcdsaSha256)).Message;

    private static ISlot Slot(string token) => Pkcs11Slots.Only(SoftHsm.Module, token).Slot;
}
