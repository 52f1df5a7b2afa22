using System.Text;
using Jpki.Authority.Cmp;
using Xunit;

namespace Jpki.Tests.Scenarios;

/// <summary>
/// Another vendor's terminal, which speaks CMP: OpenSSL's own client, with the certificate of a terminal of Kawagoe.
/// </summary>
[Collection(PrefectureTests.Name)]
public sealed class ACmpTerminal(RunningPrefecture prefecture)
{
    private static int Number = 70_000;

    [Fact, Cps("4-2-1"), Cps("3-1-11")]
    public void Gets_a_residents_certificate_and_confirms_it()
    {
        var made = Ask("ir", "架空　千一");

        made.Answer.Succeeded();
        var text = Tool.Run("openssl", "x509", "-in", made.Certificate, "-noout", "-text").Succeeded().Text;
        Assert.Contains("Kawagoe-shi CRLDP", text);
        Assert.Contains("received PKICONF", made.Answer.Text + made.Answer.Errors);
        Tool.Run("openssl", "verify", "-CAfile", Pem(made.Folder), made.Certificate).Succeeded();
        Assert.Contains("BEGIN CERTIFICATE", File.ReadAllText(Path.Combine(made.Folder, "anchors.pem")));
    }

    [Fact]
    public void May_ask_for_implicit_confirmation() =>
        Assert.DoesNotContain("CERTCONF", Ask("ir", "架空　千二", "-implicit_confirm").Answer.Succeeded().Errors);

    [Fact, Cps("4-2-3")]
    public void Is_refused_with_the_clause_when_the_holder_has_a_live_certificate()
    {
        Ask("ir", "架空　千三").Answer.Succeeded();

        var again = Ask("ir", "架空　千三").Answer;

        Assert.NotEqual(0, again.ExitCode);
        Assert.Contains("CPS 4-2-3", again.Errors + again.Text);
    }

    [Fact, Cps("4-2-1"), Cps("3-1-11")]
    public void May_ask_with_a_PKCS10()
    {
        var made = Ask("p10cr", "架空　百一");

        made.Answer.Succeeded();
        Assert.Contains("received PKICONF", made.Answer.Text + made.Answer.Errors);
        Tool.Run("openssl", "verify", "-CAfile", Pem(made.Folder), made.Certificate).Succeeded();
    }

    [Fact, Cps("3-1-9")]
    public void Is_refused_a_resident_of_another_municipality() => Assert.Contains(
        "CPS 3-1-9", Refused(Ask("ir", "架空　千四", "-reqexts", "elsewhere").Answer));

    [Fact, Cps("3-1-11")]
    public void Is_refused_without_proof_of_possession() =>
        Assert.Contains("CPS 3-1-11", Refused(Ask("ir", "架空　千五", "-popo", "0").Answer));

    [Fact, Cps("3-2"), Cps("4-4-4-2")]
    public void Renews_a_certificate_and_the_old_one_ends_as_superseded()
    {
        var old = Ask("ir", "架空　千六");
        old.Answer.Succeeded();

        var renewed = Ask("kur", "架空　千六", "-oldcert", old.Certificate);
        var late = Revoke(old, "1");

        renewed.Answer.Succeeded();
        Assert.NotEqual(
            File.ReadAllText(old.Certificate), File.ReadAllText(renewed.Certificate));
        Assert.Contains("CPS 4-4-2-4", Refused(late));
    }

    [Fact, Cps("4-4-2-1")]
    public void Revokes_for_a_holders_reasons_and_for_no_other()
    {
        var made = Ask("ir", "架空　千七");
        made.Answer.Succeeded();

        var others = Revoke(made, "4");
        var holders = Revoke(made, "1");

        Assert.Contains("CPS 4-4-2-1", Refused(others));
        holders.Succeeded();
    }

    [Fact]
    public void May_protect_its_messages_with_a_shared_secret()
    {
        var secret = Secret();

        Ask("ir", "架空　千八", "-ref", "11201T001", "-secret", $"pass:{secret}", "-mac", "hmacWithSHA256")
            .Answer.Succeeded();
    }

    [Theory]
    [InlineData("0123456789ABCDEF", "hmacWithSHA256", "MAC is not made with the terminal's secret")]
    [InlineData(null, "hmac-sha1", "SHA-2")]
    public void Is_refused_with_a_wrong_secret_or_a_weak_MAC(string? secret, string mac, string why) => Assert.Contains(
        why, Refused(Ask(
            "ir", "架空　千九", "-ref", "11201T001", "-secret", $"pass:{secret ?? Secret()}", "-mac", mac,
            "-trusted", prefecture.Door("tlsAnchor")).Answer));

    [Fact]
    public void Of_Hanno_cannot_sign_what_Kawagoe_brings()
    {
        var made = Ask("ir", "架空　千十", "-tls_cert", Terminal("11209"), "-tls_key", Terminal("11209"));

        Assert.Contains("not signed with the terminal's key", Refused(made.Answer));
    }

    private static string Refused(ToolAnswer answer)
    {
        Assert.NotEqual(0, answer.ExitCode);
        return answer.Errors + answer.Text;
    }

    private (ToolAnswer Answer, string Certificate, string Folder) Ask(
        string command, string name, params string[] more)
    {
        var number = Interlocked.Increment(ref Number);
        var folder = prefecture.Scratch($"cmp-{number}");
        var key = Path.Combine(folder, "new.key");
        Tool.Run("openssl", "genrsa", "-out", key, "2048").Succeeded();
        var config = Path.Combine(folder, "person.cnf");
        File.WriteAllText(config, Person(name));
        var certificate = Path.Combine(folder, "new.pem");
        string[] protection = more.Contains("-secret")
            ? []
            : ["-cert", Terminal("11201"), "-key", Terminal("11201"), "-trusted", prefecture.Door("tlsAnchor")];
        string[] extensions = more.Contains("-reqexts") ? [] : ["-reqexts", "person"];
        string[] tls = more.Contains("-tls_cert") ? [] : Tls;
        var subject = $"/C=JP/L=Saitama-ken/L=Kawagoe-shi/CN=20260101000000{number}11201T001";
        string[] asked = command == "p10cr"
            ? ["-csr", Pkcs10(folder, config, key, subject)]
            : ["-newkey", key, "-subject", subject, .. extensions];
        var answer = Tool.Run("openssl", [
            "cmp", "-config", config, "-cmd", command, .. Door, .. tls, .. protection, .. asked,
            "-certout", certificate, "-cacertsout", Path.Combine(folder, "anchors.pem"), .. more]);
        return (answer, certificate, folder);
    }

    private static string Pkcs10(string folder, string config, string key, string subject)
    {
        var request = Path.Combine(folder, "new.csr");
        Tool.Run("openssl", "req", "-new", "-config", config, "-reqexts", "person", "-key", key, "-subj", subject,
            "-out", request).Succeeded();
        return request;
    }

    private ToolAnswer Revoke((ToolAnswer, string Certificate, string) made, string reason) => Tool.Run("openssl", [
        "cmp", "-config", "", "-cmd", "rr", .. Door, .. Tls, "-cert", Terminal("11201"), "-key", Terminal("11201"),
        "-trusted", prefecture.Door("tlsAnchor"), "-oldcert", made.Certificate, "-revreason", reason]);

    private string[] Door =>
    [
        "-server", new Uri(prefecture.Door("authority")).Authority, "-path", "counters/cmp", "-tls_used",
        "-tls_trusted", prefecture.Door("tlsAnchor"), "-verbosity", "6",
    ];

    private string[] Tls => ["-tls_cert", Terminal("11201"), "-tls_key", Terminal("11201")];

    private string Terminal(string municipality) => Path.Combine(prefecture.Data, "tls", $"{municipality}T001.pem");

    private string Pem(string folder)
    {
        var pem = Path.Combine(folder, "ca.pem");
        Tool.Run("openssl", "x509", "-inform", "DER", "-in", prefecture.Door("trustAnchor"), "-out", pem).Succeeded();
        return pem;
    }

    private string Secret()
    {
        var json = Tool.Run(
            "curl", "--silent", "--cacert", prefecture.Door("tlsAnchor"), "--cert", Terminal("11201"),
            prefecture.Door("authority").TrimEnd('/') + "/counters/cmp/secret").Succeeded().Text;
        using var read = System.Text.Json.JsonDocument.Parse(json);
        return read.RootElement.GetProperty("secret").GetString()!;
    }

    /// <summary>The six otherNames of a resident's certificate, and the officer, in OpenSSL's own words.</summary>
    private static string Person(string name)
    {
        StringBuilder config = new();
        foreach (var (section, address) in (ReadOnlySpan<(string, string)>)[
            ("person", "埼玉県川越市元町１－１"), ("elsewhere", "埼玉県飯能市元町１－１")])
        {
            config.Append(
                $"""
                [{section}]
                subjectAltName = @{section}_names
                {CmpNotices.OfficerOid} = ASN1:FORMAT:UTF8,UTF8String:kawagoe-1
                [{section}_names]
                otherName.1 = 1.2.392.200149.8.5.5.1;FORMAT:UTF8,UTF8String:{name}
                otherName.2 = 1.2.392.200149.8.5.5.4;FORMAT:UTF8,UTF8String:319800229
                otherName.3 = 1.2.392.200149.8.5.5.3;FORMAT:UTF8,UTF8String:1
                otherName.4 = 1.2.392.200149.8.5.5.5;FORMAT:UTF8,UTF8String:{address}
                otherName.5 = 1.2.392.200149.8.5.5.2;FORMAT:UTF8,UTF8String:{new string('0', name.Length)}
                otherName.6 = 1.2.392.200149.8.5.5.6;FORMAT:UTF8,UTF8String:{new string('0', address.Length)}

                """);
        }
        return config.ToString();
    }
}
