using System.Text.Json;
using Xunit;

namespace Jpki.Tests.Scenarios;

/// <summary>
/// The main story: a resident gets a certificate at a counter, a verifier is admitted, and other people's tools accept
/// the certificate and then see it revoked.
/// </summary>
[Collection(PrefectureTests.Name)]
public sealed class AResidentsCertificate(RunningPrefecture prefecture)
{
    [Fact, Cps("4-2-1"), Cps("7-1-1")]
    public void Is_issued_at_the_counter_and_accepted_by_openssl_and_certtool()
    {
        var issued = Issue("11201", "accepted");
        var ca = Pem(prefecture.Door("trustAnchor"), "accepted");

        var text = Tool.Run("openssl", "x509", "-inform", "DER", "-in", issued.Certificate, "-noout", "-text")
            .Succeeded().Text;
        var verified = Tool.Run("openssl", "verify", "-CAfile", ca, "-policy", TestPolicy, "-explicit_policy",
            Pem(issued.Certificate, "accepted"));
        var gnutls = Tool.Run(
            "certtool", "--verify", "--load-ca-certificate", ca, "--infile", Pem(issued.Certificate, "accepted"));

        Assert.Contains("Digital Signature, Non Repudiation", text);
        Assert.Contains($"Policy: {TestPolicy}", text);
        Assert.Contains("Kawagoe-shi CRLDP", text);
        verified.Succeeded();
        Assert.Contains("Verified", gnutls.Succeeded().Text);
    }

    [Fact, Cps("4-4-4-4"), Cps("4-4-9")]
    public void Is_good_and_after_its_revocation_on_the_municipalitys_CRL()
    {
        var verifier = Admit("crl");
        var issued = Issue("11203", "crl");
        prefecture.Jpki("sandbox", "publish").Succeeded();

        var before = VerifyWithCrl(issued, "Kawaguchi-shi", verifier);
        prefecture.Jpki("sandbox", "revoke", "--serial", issued.Serial, "--reason", "keyCompromise").Succeeded();
        prefecture.Jpki("sandbox", "publish").Succeeded();
        var after = VerifyWithCrl(issued, "Kawaguchi-shi", verifier);

        before.Succeeded();
        Assert.NotEqual(0, after.ExitCode);
        Assert.Contains("certificate revoked", after.Errors + after.Text);
    }

    [Fact, Cps("4-4-4-2")]
    public void Is_good_and_at_once_revoked_by_OCSP_with_its_reason_and_time()
    {
        var verifier = Admit("ocsp");
        var issued = Issue("11100", "ocsp");

        var before = Ocsp(issued, verifier);
        prefecture.Jpki("sandbox", "revoke", "--serial", issued.Serial, "--reason", "cessationOfOperation").Succeeded();
        var after = Ocsp(issued, verifier);

        Assert.Contains("Response verify OK", before.Errors);
        Assert.Contains(": good", before.Text);
        Assert.Contains("Response verify OK", after.Errors);
        Assert.Contains(": revoked", after.Text);
        Assert.Contains("Reason: cessationOfOperation", after.Text);
        Assert.Contains("Revocation Time:", after.Text);
    }

    [Theory, Cps("4-4-4-2")]
    [InlineData("keyCompromise")]
    [InlineData("cACompromise")]
    [InlineData("affiliationChanged")]
    [InlineData("superseded")]
    [InlineData("cessationOfOperation")]
    public void Can_end_for_each_of_the_five_reasons(string reason)
    {
        var issued = Issue("11208", $"five-{reason}");

        prefecture.Jpki("sandbox", "revoke", "--serial", issued.Serial, "--reason", reason).Succeeded();

        var again = prefecture.Jpki("sandbox", "revoke", "--serial", issued.Serial, "--reason", reason);
        Assert.Equal(1, again.ExitCode);
        Assert.Contains("4-4-2-4", again.Errors);
    }

    [Theory, Cps("4-4-5")]
    [InlineData("certificateHold")]
    [InlineData("removeFromCRL")]
    [InlineData("unspecified")]
    public void Cannot_be_suspended_or_ended_for_any_other_reason(string reason)
    {
        var answer = prefecture.Jpki("sandbox", "revoke", "--serial", "01", "--reason", reason);

        Assert.Equal(2, answer.ExitCode);
        Assert.Contains("keyCompromise", answer.Errors);
    }

    [Fact, Cps("6-3-2")]
    public void Is_refused_over_a_1024_bit_key()
    {
        var answer = prefecture.Jpki(
            "sandbox", "issue", "--municipality", "11214", "--key", "rsa1024", "--out", prefecture.Scratch("rsa1024"));

        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("6-3-2", answer.Errors);
    }

    [Fact]
    public void Can_be_had_over_an_elliptic_curve_key()
    {
        var issued = Issue("11215", "p256", "--key", "p256");

        var text = Tool.Run("openssl", "x509", "-inform", "DER", "-in", issued.Certificate, "-noout", "-text")
            .Succeeded().Text;

        Assert.Contains("NIST CURVE: P-256", text);
    }

    private const string TestPolicy = "1.2.392.200149.8.5.1.0.10";

    private IssuedFiles Issue(string municipality, string folder, params string[] more)
    {
        var into = prefecture.Scratch(folder);
        prefecture.Jpki(["sandbox", "issue", "--municipality", municipality, "--out", into, .. more]).Succeeded();
        var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(into, "001.json"))).RootElement;
        Assert.True(File.Exists(Path.Combine(into, "001.card")));
        return new(json.GetProperty("serial").GetString()!, Path.Combine(into, "001.cer"));
    }

    private string Admit(string name)
    {
        var into = prefecture.Scratch($"verifier-{name}");
        prefecture.Jpki("sandbox", "verifier", "--name", $"検証者 {name}", "--out", into).Succeeded();
        return into;
    }

    private ToolAnswer VerifyWithCrl(IssuedFiles issued, string municipality, string verifier)
    {
        var crl = Path.Combine(prefecture.Scratch("lists"), $"{municipality}.pem");
        var der = Ldap.Read(
            prefecture, verifier,
            $"cn={municipality} CRLDP,ou=Saitama-ken,ou=CRL Distribution Points,ou=Saitama Prefecture,o=JPKI-TEST,c=JP",
            "certificateRevocationList;binary");
        File.WriteAllText(crl, Tool.Run("openssl", der, "crl", "-inform", "DER").Succeeded().Text);
        return Tool.Run(
            "openssl", "verify", "-crl_check", "-extended_crl", "-CAfile", Pem(prefecture.Door("trustAnchor"), "lists"),
            "-CRLfile", crl, Pem(issued.Certificate, "lists"));
    }

    private ToolAnswer Ocsp(IssuedFiles issued, string verifier) => Tool.Run(
        "openssl", "ocsp", "-issuer", Pem(prefecture.Door("trustAnchor"), "ocsp"), "-serial", $"0x{issued.Serial}",
        "-url", prefecture.Door("ocsp"), "-CAfile", Pem(prefecture.Door("trustAnchor"), "ocsp"),
        "-signer", Path.Combine(verifier, "client.cer"), "-signkey", Path.Combine(verifier, "client.key"));

    private string Pem(string der, string folder)
    {
        var pem = Path.Combine(prefecture.Scratch(folder), Path.GetFileNameWithoutExtension(der) + ".pem");
        Tool.Run("openssl", "x509", "-inform", "DER", "-in", der, "-out", pem).Succeeded();
        return pem;
    }

    private sealed record IssuedFiles(string Serial, string Certificate);
}
