using System.Security.Cryptography.X509Certificates;
using System.Text;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Host;
using Jpki.Host.Commands;
using Xunit;

namespace Jpki.Tests.Scenarios;

/// <summary>The certificates by which rooms, terminals and officers know each other, in a running prefecture.</summary>
public sealed class TheInnerNetwork
{
    [Fact, Cps("5-2-3"), Cps("5-2-1-1(6)")]
    public async Task Takes_no_certificate_that_two_senior_operators_ended_and_says_the_clause()
    {
        await using RunningPrefecture prefecture = new() { Residents = 20 };
        await prefecture.Start();
        var endpoints = Endpoints.Read(prefecture.Data);
        using SandboxClient sandbox = new(endpoints);
        ConsoleVisit console = new(sandbox);
        var officer = endpoints.OfficersIn(Role.GeneralOperator)[0];
        Assert.Contains("200", LogIn(prefecture, officer.Certificate!, officer.Password), StringComparison.Ordinal);
        Check(prefecture, officer.Certificate!).Succeeded();

        await console.Do(Duties.RevokeOtherCertificate, "other-revocation", new OtherRevocation(
            SerialIn(officer.Certificate!), RevocationReason.KeyCompromise, "紛失"));
        await console.Do(Duties.RevokeOtherCertificate, "other-revocation", new OtherRevocation(
            SerialIn(Pem(prefecture, "11385T001")), RevocationReason.KeyCompromise, "盗難"));

        var refused = LogIn(prefecture, officer.Certificate!, officer.Password);
        Assert.Contains("403", refused, StringComparison.Ordinal);
        Assert.Contains("CPS 5-2-2③", refused, StringComparison.Ordinal);
        var terminal = Secret(prefecture, "11385T001");
        Assert.Contains("403", terminal, StringComparison.Ordinal);
        Assert.Contains("CPS 5-2-2③", terminal, StringComparison.Ordinal);
        Assert.Contains("200", Secret(prefecture, "11201T001"), StringComparison.Ordinal);

        AssertListed(prefecture, officer.Certificate!);

        // The machine's own identity starts anew: its operator has seen to it that it is in good hands.
        await prefecture.Kill();
        await prefecture.Start();
        Assert.Contains("200", Secret(prefecture, "11385T001"), StringComparison.Ordinal);
        AssertListed(prefecture, officer.Certificate!);
        Assert.Contains(
            "CPS 5-2-2③", LogIn(prefecture, officer.Certificate!, officer.Password), StringComparison.Ordinal);
    }

    [Fact, Cps("5-2-2③"), Cps("2-1-2(5)")]
    public async Task Renews_itself_and_reminds_officers_who_renew_with_their_present_card()
    {
        await using RunningPrefecture prefecture = new();
        await prefecture.Start();
        var before = EndOf(prefecture, "authority");
        prefecture.Jpki("sandbox", "clock", "--advance", "42576h").Succeeded();     // 1774 days: 52 before the end.

        Assert.True(EndOf(prefecture, "authority") > before.AddYears(4));
        Assert.True(X509Certificate2.CreateFromPemFile(Pem(prefecture, "11201T001")).NotAfter > before.AddYears(4));
        foreach (var id in (string[])["CaManager-1", "SeniorOperator-1", "SeniorOperator-2"])
            Renew(prefecture, id);
        // The officers' first certificates would have ended by now.
        prefecture.Jpki("sandbox", "clock", "--advance", "2400h").Succeeded();
        AKilledPrefecture.Issue(prefecture, "11100", "late", 1);
        prefecture.Jpki("sandbox", "publish").Succeeded();
        await prefecture.Kill();
        await prefecture.Start();
        AKilledPrefecture.Issue(prefecture, "11100", "later", 1);
    }

    private static void AssertListed(RunningPrefecture prefecture, string pem)
    {
        Assert.Contains("certificate revoked", Check(prefecture, pem).Errors, StringComparison.Ordinal);
        Check(prefecture, Pem(prefecture, "11201T001")).Succeeded();
    }

    /// <summary>By the list that anybody fetches where the certificate says.</summary>
    private static ToolAnswer Check(RunningPrefecture prefecture, string pem)
    {
        var list = Path.Combine(prefecture.Scratch("lists"), "tls-ca.crl");
        var address = prefecture.Door("tlsCrl");
        Assert.Contains($"URI:{address}", Tool.Run(
            "openssl", "x509", "-in", pem, "-noout", "-ext", "crlDistributionPoints").Succeeded().Text,
            StringComparison.Ordinal);
        Tool.Run("curl", "--silent", "--fail", "--output", list, address).Succeeded();
        return Tool.Run(
            "openssl", "verify", "-crl_check", "-CAfile", prefecture.Door("tlsAnchor"), "-CRLfile", list, pem);
    }

    /// <summary>As the officer would, with PEM files where a browser has a card.</summary>
    private static void Renew(RunningPrefecture prefecture, string id)
    {
        var officer = Endpoints.Read(prefecture.Data).Officers.Single(o => o.Id == id);
        var folder = prefecture.Scratch(id);
        Hsm.SecretFile.Write(Path.Combine(folder, "password"), Encoding.UTF8.GetBytes(officer.Password));
        prefecture.Jpki(
            "officer", "renew", "--with", officer.Certificate!, "--out", folder, "--secrets", folder).Succeeded();
        File.Copy(Path.Combine(folder, $"{id}.pem"), officer.Certificate!, overwrite: true);
    }

    private static string Pem(RunningPrefecture prefecture, string id) =>
        Path.Combine(prefecture.Data, "tls", $"{id}.pem");

    private static string SerialIn(string pem) =>
        OperationsTrust.SerialOf(X509Certificate2.CreateFromPemFile(pem));

    private static string LogIn(RunningPrefecture prefecture, string pem, string password) => Curl(
        prefecture, pem, $"{prefecture.Door("controlRoom")}/api/sessions",
        "--json", $$"""{"password":"{{password}}"}""");

    /// <summary>What only a terminal is told at the Authority's door.</summary>
    private static string Secret(RunningPrefecture prefecture, string terminal) =>
        Curl(prefecture, Pem(prefecture, terminal), $"{prefecture.Door("authority")}/counters/cmp/secret");

    private static string Curl(
        RunningPrefecture prefecture, string pem, string address, params string[] more) => Tool.Run(
        "curl", ["--silent", "--cacert", prefecture.Door("tlsAnchor"), "--cert", pem, "--write-out", "%{http_code}",
            address, .. more]).Succeeded().Text;

    /// <summary>notAfter of the door's certificate, as OpenSSL sees it at the handshake.</summary>
    private static DateTime EndOf(RunningPrefecture prefecture, string door)
    {
        Uri address = new(prefecture.Door(door));
        var shown = Tool.Run("openssl", "s_client", "-connect", $"{address.Host}:{address.Port}",
            "-cert", Pem(prefecture, "11202T001"), "-key", Pem(prefecture, "11202T001"), "-showcerts").Text;
        var end = shown.IndexOf("-----END CERTIFICATE-----", StringComparison.Ordinal);
        return X509Certificate2.CreateFromPem(
            shown.AsSpan()[shown.IndexOf("-----BEGIN", StringComparison.Ordinal)..(end + 25)]).NotAfter;
    }
}
