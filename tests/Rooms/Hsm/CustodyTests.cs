using System.Diagnostics;
using System.Security.Cryptography;
using Jpki.Hsm;
using Jpki.Hsm.Quorum;
using Jpki.X509;
using Net.Pkcs11Interop.Common;
using Xunit;

namespace Jpki.Tests.Rooms.Hsm;

/// <summary>A quorum's acts on SoftHSM tokens. Labels are each test's own: a run's tokens lie in one folder.</summary>
[Collection(QuorumHouse.TakesTokens)]
public sealed class CustodyTests : IDisposable
{
    private readonly QuorumHouse house = new();
    private readonly List<string> steps = [];
    private readonly string first, second;

    public CustodyTests(SoftHsm _)
    {
        first = "Q1-" + house.Custody.Record.Set.Id[..8];
        second = "Q2-" + house.Custody.Record.Set.Id[..8];
    }

    private string Backup => house["governor.backup"];

    public void Dispose() => house.Dispose();

    [Fact, Cps("6-1-1-1"), Cps("6-2-1-6"), Cps("6-4-1-1")]
    public void A_quorum_takes_a_token_makes_the_key_in_it_and_opens_it()
    {
        using var quorum = house.Activate();
        Take(quorum, first);

        var made = QuorumHouse.Made(
            KeyActs.Generate(quorum, first, "governor", KeySpec.Rsa2048, null, house.Random, steps.Add));

        using var hsm = quorum.Open(first);
        var key = hsm.Find("governor")!;
        Assert.Equal(made.PublicKey, key.PublicKey.Der.ToArray());
        Openssl.Accepts(key, SignatureAlgorithm.Sha256WithRsa);
        Assert.Equal(["intent written", "token erased", "PINs set", "token registered",
            "intent written", "key pair made", "key registered"], steps);
    }

    [Fact, Cps("6-1-1-1"), Cps("6-2-1-2")]
    public void Nobody_else_opens_the_token_not_even_with_the_makers_pins()
    {
        using (var quorum = house.Activate())
            Take(quorum, first);

        foreach (var pin in new[] { SoftHsm.Pin, "87654321", "1234" })
        {
            using Pkcs11Hsm hsm = new(SoftHsm.Module, first, pin);
            Assert.Contains("CKR_PIN_INCORRECT", Assert.Throws<HsmException>(() => hsm.Find("governor")).Message);
        }
        var so = Tool.Run("pkcs11-tool", "--module", SoftHsm.Module, "--token-label", first,
            "--login", "--login-type", "so", "--so-pin", "87654321", "--init-pin", "--new-pin", "1234");
        Assert.Contains("CKR_PIN_INCORRECT", so.Errors);
    }

    [Theory, Cps("6-2-1-4")]
    [InlineData(KeySpec.Rsa2048)]
    [InlineData(KeySpec.EcP256)]
    public void A_backup_restores_the_same_key_into_a_second_token_which_keeps_it_in(KeySpec spec)
    {
        using var quorum = house.Activate();
        Take(quorum, first);
        Take(quorum, second);
        Generate(quorum, Backup, spec);

        QuorumHouse.Made(KeyActs.Restore(quorum, second, "governor", Backup, steps.Add));

        using var one = quorum.Open(first);
        using var two = quorum.Open(second);
        Assert.Equal(one.Find("governor")!.PublicKey, two.Find("governor")!.PublicKey);
        Openssl.Accepts(two.Find("governor")!,
            spec.IsRsa() ? SignatureAlgorithm.Sha256WithRsa : SignatureAlgorithm.EcdsaSha256);
        Assert.All(SelfTest.Run(quorum), line => Assert.Null(line.Trouble));
        Assert.Equal(2, SelfTest.Run(quorum).Length);
    }

    [Fact, Cps("6-2-1-3"), Cps("6-2-1-4"), Cps("6-2-1-5")]
    public void A_backup_opens_to_no_other_quorum_and_not_when_altered()
    {
        using QuorumHouse other = new();
        using var quorum = house.Activate();
        using var strangers = other.Activate();
        Take(quorum, first);
        Generate(quorum, Backup);

        Assert.Equal("6-2-1-4", KeyBackup.Open(Backup, "governor", strangers).Refusal?.Clause.Number);
        Assert.Equal("6-2-1-4", KeyBackup.Open(Backup, "intermediate", quorum).Refusal?.Clause.Number);
        Assert.Null(KeyBackup.Open(Backup, "governor", quorum).Refusal);
        var altered = File.ReadAllText(Backup);
        var at = altered.IndexOf("\"envelope\": \"", StringComparison.Ordinal) + 40;
        File.WriteAllText(Backup, altered[..at] + (altered[at] == 'A' ? 'B' : 'A') + altered[(at + 1)..]);
        Assert.Contains("corrupted", KeyBackup.Open(Backup, "governor", quorum).Refusal!.Reason);
    }

    [Fact, Cps("6-2-1-6")]
    public void A_backed_up_key_leaves_once_and_never_again()
    {
        using var quorum = house.Activate();
        Take(quorum, first);
        Generate(quorum, Backup);

        var token = quorum.TokenOf(first);
        TokenSessions.AsUser(token, quorum.UserPin(token), session =>
        {
            var key = Pkcs11Objects.Only(session, first, "governor", CKO.CKO_PRIVATE_KEY)!;
            var wrapping = session.CreateObject(Pkcs11Keys.WrappingTemplate(new byte[32]));
            using var mechanism = session.Factories.MechanismFactory.Create(CKM.CKM_AES_KEY_WRAP_PAD);
            var error = Assert.Throws<Pkcs11Exception>(() => session.WrapKey(mechanism, wrapping, key));
            Assert.Equal(CKR.CKR_KEY_UNEXTRACTABLE, error.RV);
            Assert.True(session.GetAttributeValue(key, [CKA.CKA_PRIVATE_EXPONENT])[0].CannotBeRead);
            return true;
        });
        var again = KeyActs.Generate(quorum, first, "second", KeySpec.EcP256, Backup, house.Random, steps.Add);
        Assert.Equal("6-2-1-4", again.Refusal?.Clause.Number);
    }

    [Fact, Cps("6-4-1-1"), Cps("6-2-1-2")]
    public void A_custodian_is_replaced_and_the_key_stays()
    {
        var formerSet = house.Custody.Record.Set.Id;
        var former = new[] { house.Open("suzuki"), house.Open("tanaka") };
        byte[] publicKey;
        using (var quorum = house.Activate())
        {
            Take(quorum, first);
            publicKey = Generate(quorum, Backup).PublicKey;
            Assert.Null(Renewal.Renew(quorum, [house.Person("sato"), house.Person("suzuki"), house.Person("ito")], 2,
                QuorumHouse.PassphraseOf, house.Random, steps.Add));
            Assert.Throws<ObjectDisposedException>(() => quorum.Open(first));
        }
        Renewal.Forget(house.Custodians, formerSet);

        using var renewed = house.Activate("suzuki", "ito");

        Assert.Contains("an old share", house.Custody.Activate(former).Refusal!.Reason);
        Assert.False(File.Exists(ShareFile.PathOf(house["tanaka"], "tanaka", formerSet)));
        using (var hsm = renewed.Open(first))
            Assert.Equal(publicKey, hsm.Find("governor")!.PublicKey.Der.ToArray());
        Take(renewed, second);
        QuorumHouse.Made(KeyActs.Restore(renewed, second, "governor", Backup, steps.Add));
    }

    [Fact, Cps("6-4-1-2")]
    public void After_a_renewal_the_old_shares_fit_no_pin_any_more()
    {
        var old = new[] { house.Open("sato"), house.Open("suzuki") };
        var set = house.Custody.Record.Set;
        using (var quorum = house.Activate())
        {
            Take(quorum, first);
            Assert.Null(Renewal.Renew(quorum, house.Custodians, 2, QuorumHouse.PassphraseOf, house.Random, steps.Add));
        }
        var token = house.Custody.Record.Tokens[0];
        using var oldKey = QuorumHouse.Made(ManagementKey.Join(old, set));
        using var now = house.Activate();

        Assert.False(TokenSessions.Fits(token, CKU.CKU_USER, oldKey.Pin("user", token.Label, token.PinLength)));
        Assert.False(TokenSessions.Fits(token, CKU.CKU_SO, oldKey.Pin("SO", token.Label, token.PinLength)));
        Assert.True(TokenSessions.Fits(token, CKU.CKU_USER, now.UserPin(token)));
        Assert.True(TokenSessions.Fits(token, CKU.CKU_SO, now.SoPin(token)));
    }

    [Fact, Cps("6-2-1-9")]
    public void A_key_is_destroyed_in_every_token_and_with_its_backups()
    {
        using var quorum = house.Activate();
        Take(quorum, first);
        Take(quorum, second);
        Generate(quorum, Backup);
        QuorumHouse.Made(KeyActs.Restore(quorum, second, "governor", Backup, steps.Add));
        Assert.Equal("6-2-1-9", TokenActs.Retire(quorum, first, steps.Add)?.Clause.Number);

        Assert.Null(KeyActs.Destroy(quorum, "governor", steps.Add));

        Assert.False(File.Exists(Backup));
        foreach (var token in new[] { first, second })
        {
            using (var hsm = quorum.Open(token))
                Assert.Null(hsm.Find("governor"));
            Assert.Null(TokenActs.Retire(quorum, token, steps.Add));
            Assert.False(Pkcs11Slots.Only(SoftHsm.Module, token).Info.TokenFlags.UserPinInitialized);
        }
    }

    [Fact, Cps("6-2-1-9")]
    public void A_key_is_not_destroyed_while_a_backup_is_elsewhere()
    {
        using var quorum = house.Activate();
        Take(quorum, first);
        Generate(quorum, Backup);
        File.Move(Backup, house["elsewhere"]);

        Assert.Equal("6-2-1-9", KeyActs.Destroy(quorum, "governor", steps.Add)?.Clause.Number);

        using var hsm = quorum.Open(first);
        Openssl.Accepts(hsm.Find("governor")!, SignatureAlgorithm.EcdsaSha256);
    }

    [Fact, Cps("6-2-1-7"), Cps("6-2-1-8")]
    public void A_service_signs_from_activation_to_deactivation()
    {
        var file = Path.Combine("/dev/shm", first);
        using var quorum = house.Activate();
        Take(quorum, first);
        Generate(quorum, null);
        var location = HsmLocation.Parse($"pkcs11:{SoftHsm.Module}?token={first}&activation={file}");
        using var hsm = (Pkcs11Hsm)location.Open(house["none"]);

        Assert.Contains("is not activated", Assert.Throws<HsmException>(() => hsm.Find("governor")).Message);
        Assert.Equal("6-2-1-8", quorum.Withdraw(file)?.Clause.Number);
        Assert.Null(quorum.Lay(first, file));
        var key = hsm.Find("governor")!;
        Openssl.Accepts(key, SignatureAlgorithm.EcdsaSha256);
        Assert.Null(quorum.Withdraw(file));

        Assert.Contains("CPS 6-2-1-7",
            Assert.Throws<HsmException>(() => key.SignHash(new byte[32], SignatureAlgorithm.EcdsaSha256)).Message);
    }

    [Fact, Cps("6-4-1-2")]
    public void Activation_data_are_not_laid_on_a_disk()
    {
        using var quorum = house.Activate();
        Take(quorum, first);

        Assert.Equal("6-4-1-2", quorum.Lay(first, "/var/tmp/pin")?.Clause.Number);
        Assert.False(File.Exists("/var/tmp/pin"));
    }

    [Fact]
    public void Another_key_under_the_same_label_never_signs()
    {
        using var quorum = house.Activate();
        Take(quorum, first);
        Generate(quorum, null);
        using var hsm = quorum.Open(first);
        var key = hsm.Find("governor")!;
        Openssl.Accepts(key, SignatureAlgorithm.EcdsaSha256);
        using var intruder = quorum.Open(first);
        Act.DestroyObjects(quorum, quorum.TokenOf(first), "governor");
        intruder.Generate("governor", KeySpec.EcP256);

        Pkcs11Slots.Only(SoftHsm.Module, first).Slot.CloseAllSessions();

        Assert.Contains("is not the key it was", Assert.Throws<HsmException>(
            () => key.SignHash(SHA256.HashData("x"u8), SignatureAlgorithm.EcdsaSha256)).Message);
        Assert.Contains("is not the key it was", Assert.Single(SelfTest.Run(quorum)).Trouble);
    }

    [Fact]
    public void A_token_that_is_taken_out_is_waited_for_and_another_under_its_label_is_not_used()
    {
        using var quorum = house.Activate();
        Take(quorum, first);
        Generate(quorum, null);
        using var hsm = quorum.Open(first);
        var key = hsm.Find("governor")!;
        var token = quorum.TokenOf(first);
        var clock = Stopwatch.StartNew();

        var slot = TokenSessions.Slot(token);
        slot.CloseAllSessions();
        slot.InitToken(quorum.SoPin(token), "gone");
        Assert.Contains("CKR_TOKEN_NOT_PRESENT", Failure(key));
        Assert.True(clock.Elapsed > TimeSpan.FromSeconds(3), "it was not waited for");

        Pkcs11Slots.Present(SoftHsm.Module).First(s => !s.Info.TokenFlags.TokenInitialized).Slot
            .InitToken(quorum.SoPin(token), first);
        Assert.Contains("another token under the same label", Failure(key));
        Assert.Contains("put the right one in", Assert.Single(SelfTest.Run(quorum)).Trouble);
    }

    private static string Failure(SigningKey key) =>
        Assert.Throws<HsmException>(() => key.SignHash(new byte[32], SignatureAlgorithm.EcdsaSha256)).Message;

    private void Take(Activation quorum, string token) =>
        Assert.Null(TokenActs.Initialise(quorum, new(token, SoftHsm.Module), steps.Add));

    /// <summary>The governor's key in the first token.</summary>
    private KeyRecord Generate(Activation quorum, string? backup, KeySpec spec = KeySpec.EcP256) =>
        QuorumHouse.Made(KeyActs.Generate(quorum, first, "governor", spec, backup, house.Random, steps.Add));
}
