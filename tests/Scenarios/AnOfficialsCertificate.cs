using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Scenarios;

/// <summary>
/// An official of a made-up ministry, two bridges away from the governor: found by LDAP and HTTP, judged by the
/// validation server and by OpenSSL, and worth nothing once somebody on the way takes it back.
/// </summary>
/// <remarks>It moves the clock: the prefecture is its own.</remarks>
public sealed partial class AnOfficialsCertificate(RunningPrefecture prefecture) : IClassFixture<RunningPrefecture>
{
    private const string Policy = "1.2.392.200149.8.5.1.0.10";
    private const string Governor = "ou=The Governor of Saitama Prefecture,ou=Saitama Prefecture,o=JPKI-TEST,c=JP";
    private const string Bridge = "ou=BridgeCA,ou=Prefectural Association For JPKI,o=JPKI-TEST,c=JP";

    [Fact, Cps("2-1-2(12)"), Cps("4-7"), Cps("4-8"), Cps("4-10-1"), Cps("7-2-2")]
    public async Task Is_valid_over_two_bridges_until_the_ministry_or_the_governor_takes_it_back()
    {
        var (first, second) = (Official("official-1"), Official("official-2"));
        Assert.True(await IsValid(first));
        Assert.EndsWith(": OK\n", OpenSslSays(first), StringComparison.Ordinal);

        var serial = JsonDocument.Parse(File.ReadAllBytes(Path.ChangeExtension(first, ".json")))
            .RootElement.GetProperty("serial").GetString()!;
        prefecture.Jpki("sandbox", "revoke-official", "--serial", serial).Succeeded();
        // What was fetched is used for five minutes more.
        prefecture.Jpki("sandbox", "clock", "--advance", "6m").Succeeded();

        Assert.False(await IsValid(first));
        Assert.True(await IsValid(second));
        Assert.Contains("revoked", OpenSslSays(first), StringComparison.Ordinal);

        prefecture.Jpki("sandbox", "cut").Succeeded();
        prefecture.Jpki("sandbox", "clock", "--advance", "6m").Succeeded();

        Assert.False(await IsValid(second));
        Assert.DoesNotContain(
            "crossCertificatePair", Search(prefecture.Door("ldap"), Governor), StringComparison.Ordinal);
        var third = Official("official-3");
        prefecture.Jpki("sandbox", "clock", "--advance", "6m").Succeeded();
        Assert.True(await IsValid(third));
    }

    private string Official(string name)
    {
        var folder = prefecture.Scratch(name);
        prefecture.Jpki("sandbox", "official", "--out", folder).Succeeded();
        return Path.Combine(folder, "official.cer");
    }

    private async Task<bool> IsValid(string official)
    {
        using HttpClient anybody = new() { BaseAddress = new(prefecture.Door("validation")) };
        using var answer = await anybody.PostAsJsonAsync("validate", new
        {
            target = File.ReadAllBytes(official),
            policies = new[] { Policy },
            requireExplicitPolicy = true,
        });
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return json.GetProperty("valid").GetBoolean();
    }

    /// <summary>The same files: the pair and the ARLs by ldapsearch, the rest from the web.</summary>
    private string OpenSslSays(string official)
    {
        using ScratchFolder scratch = new();
        var governor = Search(prefecture.Door("ldap"), Governor);
        var bridge = Search($"ldap://127.0.0.1:{prefecture.Port + 390}", Bridge);
        var chain = File.ReadAllText(scratch.WritePem(
                "1.pem", "CERTIFICATE", IssuedByUs(Ldap.Value(governor, "crossCertificatePair;binary"), scratch)))
            + File.ReadAllText(scratch.WritePem("2.pem", "CERTIFICATE", Web("bridge-government.cer")))
            + File.ReadAllText(scratch.WritePem("3.pem", "CERTIFICATE", Web("government-ministry.cer")));
        var lists = string.Concat(
            new[]
            {
                Ldap.Value(governor, "authorityRevocationList;binary"),
                Ldap.Value(bridge, "authorityRevocationList;binary"), Web("government.crl"), Web("ministry.crl"),
            }.Select((list, i) => File.ReadAllText(scratch.WritePem($"{i}.crl", "X509 CRL", list))));
        var certificate = Certificate.Read(File.ReadAllBytes(official));
        var judged = Tool.Run(
            "openssl", "verify", "-CAfile",
            scratch.WritePem("ca.pem", "CERTIFICATE", File.ReadAllBytes(prefecture.Door("trustAnchor"))),
            "-untrusted", scratch.Write("chain.pem", System.Text.Encoding.ASCII.GetBytes(chain)),
            "-crl_check_all", "-CRLfile", scratch.Write("lists.pem", System.Text.Encoding.ASCII.GetBytes(lists)),
            "-policy", Policy, "-policy_check", "-explicit_policy",
            "-attime", $"{certificate.NotBefore.AddMinutes(20).ToUnixTimeSeconds()}",
            scratch.WritePem("official.pem", "CERTIFICATE", certificate.Der));
        return judged.Text + judged.Errors;
    }

    /// <summary>CertificatePair.issuedByThisCA [1], cut out by OpenSSL. (RFC 4523 2.3)</summary>
    private static byte[] IssuedByUs(byte[] pair, ScratchFolder scratch)
    {
        var file = scratch.Write("pair.der", pair);
        var offset = Member().Match(Tool.Run("openssl", "asn1parse", "-inform", "DER", "-in", file).Succeeded().Text);
        Tool.Run(
            "openssl", "asn1parse", "-inform", "DER", "-in", file, "-strparse", offset.Groups[1].Value, "-noout",
            "-out", scratch["member.der"]).Succeeded();
        return File.ReadAllBytes(scratch["member.der"]);
    }

    private static string Search(string door, string entry) => Tool.Run(
        "ldapsearch", "-LLL", "-o", "ldif-wrap=no", "-x", "-H", door, "-b", entry, "-s", "base").Succeeded().Text;

    private byte[] Web(string page)
    {
        using HttpClient anybody = new();
        return anybody.GetByteArrayAsync($"{prefecture.Door("sandbox")}/outside/{page}").GetAwaiter().GetResult();
    }

    [GeneratedRegex(@"d=1\s.*cont \[ 1 \][^\n]*\n\s*(\d+):d=2")]
    private static partial Regex Member();
}
