using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Host;
using Jpki.Host.Commands;
using Jpki.Hsm.Ceremonies;
using Jpki.Hsm.Quorum;
using Jpki.Tests.Rooms.Hsm;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Scenarios;

/// <summary>A prefecture whose governor's key several custodians hold: it signs only while they let it.</summary>
[Collection(QuorumHouse.TakesTokens)]
public sealed class ACustodyOfTheKey : IAsyncDisposable
{
    private readonly CeremonyHouse house = new();
    private readonly RunningPrefecture prefecture = new();

    public ACustodyOfTheKey(SoftHsm _) => prefecture.MoreOptions =
        ["--hsm", $"pkcs11:{SoftHsm.Module}?token={house.Token}&activation={house.Activation}"];

    private CeremonyStep Activate => new("activate", Token: house.Token, File: house.Activation);

    private CeremonyStep Deactivate => new("deactivate", File: house.Activation);

    private CeremonyStep Generate =>
        new("generate", Token: house.Token, Key: "governor-1", Algorithm: "rsa2048-sha256");

    public async ValueTask DisposeAsync()
    {
        await prefecture.DisposeAsync();
        house.Dispose();
    }

    [Fact, Cps("6-1-1-1"), Cps("6-2-1-7")]
    public async Task Starts_only_when_a_ceremony_has_made_the_key_and_activated_it()
    {
        await Hold(new("establish", Threshold: 2), new("initialise", Token: house.Token, Module: SoftHsm.Module));

        var notActivated = await Assert.ThrowsAsync<InvalidOperationException>(prefecture.Start);
        await Hold(Activate);
        var noKey = await Assert.ThrowsAsync<InvalidOperationException>(prefecture.Start);
        await Hold(Deactivate, Generate);
        var deactivated = await Assert.ThrowsAsync<InvalidOperationException>(prefecture.Start);
        await Hold(Activate);
        await prefecture.Start();

        Assert.Contains("ended with 3", notActivated.Message);
        Assert.Contains("is not activated", notActivated.Message);
        Assert.Contains("ended with 1", noKey.Message);
        Assert.Contains("(CPS 6-1-1-1)", noKey.Message);
        Assert.Contains("Hold a ceremony with the step \"generate\", key \"governor-1\"", noKey.Message);
        Assert.Contains("ended with 3", deactivated.Message);
        using var anchor = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(prefecture.Data, "ca.cer"));
        Assert.Equal(Custody.Open(house["custody"])!.Record.Keys[0].PublicKey,
            anchor.PublicKey.ExportSubjectPublicKeyInfo());
        Assert.Equal(["operations.key"], Directory.GetFiles(Path.Combine(prefecture.Data, "authority", "keys"))
            .Select(Path.GetFileName));
        AKilledPrefecture.Issue(prefecture, "11201", "issued", 1);
        AKilledPrefecture.AssertLogsAreWhole(prefecture);
    }

    [Fact, Cps("6-2-1-7"), Cps("6-2-1-8"), Cps("4-4-9")]
    public async Task Answers_while_the_key_is_deactivated_and_signs_again_without_a_restart_under_new_activation_data()
    {
        await Begin();

        await Hold(Deactivate);
        var closed = prefecture.Jpki("sandbox", "publish");
        var state = await State();
        prefecture.Jpki("sandbox", "clock", "--advance", "25h").Succeeded();        // CRLs become due.
        var ill = await Health();
        await Hold(
            new("renew", Threshold: 2, Custodians: [house.Custodian("sato"), house.Custodian("suzuki")]), Activate);
        prefecture.Jpki("sandbox", "publish").Succeeded();

        Assert.Equal(3, closed.ExitCode);
        Assert.Contains("埼玉県知事の鍵が使えない状態です", closed.Errors);
        Assert.Contains("cannot sign: token", state);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ill.Status);
        Assert.Contains("is not activated", ill.Said);
        Assert.DoesNotContain("cannot sign", await State());
        AKilledPrefecture.Issue(prefecture, "11201", "issued", 1);
        AKilledPrefecture.AssertLogsAreWhole(prefecture);
    }

    [Fact, Cps("4-13"), Cps("6-1-1-1"), Cps("5-2-1-1(2)")]
    public async Task Changes_its_key_for_one_that_a_ceremony_made_and_for_no_other()
    {
        await Begin();
        using SandboxClient sandbox = new(Endpoints.Read(prefecture.Data));
        ConsoleVisit console = new(sandbox);

        var refused = await Assert.ThrowsAsync<RefusedException>(() => Renew(console));
        await Hold(Deactivate, Generate with { Key = "governor-2" }, Activate);
        await Renew(console);

        Assert.Equal("6-1-1-1", refused.Refusal.Clause.Number);
        var made = Jpki.X509.PublicKey.Read(
            Custody.Open(house["custody"])!.Record.Keys.Single(k => k.Label == "governor-2").PublicKey);
        var published = Tool.Run("ldapsearch", "-LLL", "-o", "ldif-wrap=no", "-x", "-H", prefecture.Door("ldap"),
            "-b", "c=JP", "(objectClass=pkiCA)", "cACertificate;binary").Succeeded().Text;
        Assert.Equal(4, published.Split("cACertificate;binary:: ").Length - 1);
        var issued = prefecture.Scratch("issued");
        AKilledPrefecture.Issue(prefecture, "11201", "issued", 1);
        Assert.True(Certificate.Read(File.ReadAllBytes(Directory.GetFiles(issued, "*.cer").Single())).IsSignedBy(made));
        AKilledPrefecture.AssertLogsAreWhole(prefecture);
    }

    [Fact, Cps("6-2-1-4"), Cps("6-2-1-9")]
    public async Task Goes_on_from_the_token_its_key_was_restored_into_until_the_key_is_destroyed()
    {
        var second = house.Token + "-2";
        var backup = house["governor-1.backup"];
        await Hold(new("establish", Threshold: 2), new("initialise", Token: house.Token, Module: SoftHsm.Module),
            new("initialise", Token: second, Module: SoftHsm.Module), Generate with { Backup = backup },
            new("restore", Token: second, Key: "governor-1", Backup: backup), Activate);
        await prefecture.Start();
        await prefecture.Interrupt();
        var site = Path.Combine(prefecture.Data, SiteFile.FileName);
        var text = File.ReadAllText(site);
        File.WriteAllText(site, text.Replace($"token={house.Token}", $"token={second}", StringComparison.Ordinal));

        await Hold(Deactivate, Activate with { Token = second });
        await prefecture.Start();
        AKilledPrefecture.Issue(prefecture, "11201", "issued", 1);
        await prefecture.Interrupt();
        await Hold(new CeremonyStep("destroy", Key: "governor-1"));
        var destroyed = await Assert.ThrowsAsync<InvalidOperationException>(prefecture.Start);

        Assert.Contains("restore it from its backup in a ceremony", destroyed.Message);
        Assert.False(File.Exists(backup));
    }

    private static Task<string> Renew(ConsoleVisit console) =>
        console.Do(Duties.RenewAuthorityKey, "rollover", new RolloverOrder(2));

    /// <summary>A prefecture that runs on a key that custodians have made and activated.</summary>
    private async Task Begin()
    {
        await Hold(new("establish", Threshold: 2),
            new("initialise", Token: house.Token, Module: SoftHsm.Module), Generate, Activate);
        await prefecture.Start();
    }

    private async Task Hold(params CeremonyStep[] steps)
    {
        var file = house.File(steps);
        if (Custody.Open(house["custody"]) is { } custody)
            file = file with { Custodians = [.. custody.Record.Custodians.Select(house.Custodian)] };
        Assert.Equal("ok", (await house.Run(file)).Record.Result);
    }

    private async Task<string> State()
    {
        using var authority = Authority();
        var report = await authority.GetFromJsonAsync<JsonElement>(
            "operators/report", TestContext.Current.CancellationToken);
        return report.GetProperty("hsm").GetString()!;
    }

    /// <summary>The Authority's; all others must be well.</summary>
    private async Task<(HttpStatusCode Status, string Said)> Health()
    {
        using HttpClient anybody = new();
        var ocsp = new Uri(prefecture.Door("ocsp"));
        Assert.StartsWith("ok", await anybody.GetStringAsync(new Uri(ocsp, "/healthz")));
        Tool.Run("ldapsearch", "-x", "-H", prefecture.Door("ldap"), "-b", "", "-s", "base").Succeeded();
        using var authority = Authority();
        using var answer = await authority.GetAsync("healthz", TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>The Authority's door, as the control room comes to it.</summary>
    private HttpClient Authority()
    {
        var pem = File.ReadAllText(Path.Combine(prefecture.Data, "tls", "control-room.pem"));
        HttpClientHandler handler = new()
        {
            ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator,
        };
        handler.ClientCertificates.Add(X509Certificate2.CreateFromPem(pem, pem));
        return new(handler) { BaseAddress = new(prefecture.Door("authority")) };
    }
}
