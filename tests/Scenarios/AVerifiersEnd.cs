using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Host;
using Jpki.Host.Commands;
using Xunit;

namespace Jpki.Tests.Scenarios;

/// <summary>An admitted verifier that is told nothing any more.</summary>
[Collection(PrefectureTests.Name)]
public sealed class AVerifiersEnd(RunningPrefecture prefecture)
{
    private const string List = "cn=Kawagoe-shi CRLDP,ou=Saitama-ken,ou=CRL Distribution Points,"
        + "ou=Saitama Prefecture,o=JPKI-TEST,c=JP";

    [Fact, Cps("4-4-4-3"), Cps("5-2-2③")]
    public async Task A_question_signed_with_a_certificate_that_was_revoked_is_not_answered()
    {
        var serial = AKilledPrefecture.Issue(prefecture, "11201", "asked-about", 1)[0];
        var (revoked, other) = (Admitted("revoked"), Admitted("other"));
        Assert.Contains(": good", Ask(revoked, serial).Text, StringComparison.Ordinal);

        using SandboxClient sandbox = new(Endpoints.Read(prefecture.Data));
        await new ConsoleVisit(sandbox).Do(Duties.RevokeOtherCertificate, "other-revocation", new OtherRevocation(
            SerialOf(revoked), RevocationReason.KeyCompromise, "鍵の漏えい"));

        Assert.Contains("unauthorized (6)", Ask(revoked, serial).Text, StringComparison.Ordinal);
        Assert.Contains(": good", Ask(other, serial).Text, StringComparison.Ordinal);
    }

    [Fact, Cps("4-4-4-3"), Cps("4-4-4-5"), Cps("2-6-3"), Cps("5-2-1-1(6)")]
    public async Task An_ended_admission_opens_neither_OCSP_nor_LDAP_and_its_certificate_is_on_the_list()
    {
        var serial = AKilledPrefecture.Issue(prefecture, "11201", "asked-about-too", 1)[0];
        var (ended, kept) = (Admitted("ended"), Admitted("kept"));
        Assert.Contains(": good", Ask(ended, serial).Text, StringComparison.Ordinal);
        Bind(ended).Succeeded();
        OverTls(ended, "200");

        using SandboxClient sandbox = new(Endpoints.Read(prefecture.Data));
        var said = await new ConsoleVisit(sandbox).Do(
            Duties.EndAdmissions, "admission-ending", new AdmissionEnding(Json(ended, "id"), "取決めの違反"));

        Assert.Contains("証明書 1 通を失効しました", said, StringComparison.Ordinal);
        Assert.Contains("unauthorized (6)", Ask(ended, serial).Text, StringComparison.Ordinal);
        Assert.Contains("CPS 5-2-2③", OverTls(ended, "403"), StringComparison.Ordinal);
        // The Repository follows the list of the admitted: it hears of it a moment later.
        ToolAnswer bound = Bind(ended);
        for (var tries = 0; bound.ExitCode == 0 && tries < 50; tries++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
            bound = Bind(ended);
        }
        Assert.Equal(49, bound.ExitCode);
        Assert.Contains("CPS 4-4-4-5", bound.Errors, StringComparison.Ordinal);
        Assert.Contains("certificate revoked", Check(ended).Errors, StringComparison.Ordinal);
        Assert.Contains(": good", Ask(kept, serial).Text, StringComparison.Ordinal);
        Bind(kept).Succeeded();
        Check(kept).Succeeded();
    }

    private string Admitted(string name)
    {
        var folder = prefecture.Scratch($"verifier-{name}");
        prefecture.Jpki("sandbox", "verifier", "--name", name, "--out", folder).Succeeded();
        return folder;
    }

    /// <summary>A signed question; how it ended is in what OpenSSL says.</summary>
    private ToolAnswer Ask(string verifier, string serial) => Tool.Run(
        "openssl", "ocsp", "-issuer", Anchor(), "-CAfile", Anchor(), "-serial", $"0x{serial}",
        "-url", prefecture.Door("ocsp"), "-signer", Path.Combine(verifier, "client.cer"),
        "-signkey", Path.Combine(verifier, "client.key"));

    /// <summary>No question at all, but a connection that shows the certificate.</summary>
    private string OverTls(string verifier, string status)
    {
        var said = Tool.Run(
            "curl", "--silent", "--cacert", prefecture.Door("tlsAnchor"), "--cert",
            Path.Combine(verifier, "client.cer"), "--key", Path.Combine(verifier, "client.key"),
            "--write-out", "%{http_code}", "--output", "-", "--header", "Content-Type: application/ocsp-request",
            "--data-binary", "x", prefecture.Door("ocspTls")).Succeeded().Text;
        Assert.EndsWith(status, said, StringComparison.Ordinal);
        return said;
    }

    private ToolAnswer Bind(string verifier) => Ldap.Search(
        prefecture, prefecture.Door("ldaps"), "-D", Json(verifier, "ldapDn"), "-w", Json(verifier, "ldapPassword"),
        "-b", List, "-s", "base", "cn");

    /// <summary>By the list that anybody may fetch.</summary>
    private ToolAnswer Check(string verifier)
    {
        var list = Path.Combine(verifier, "tls-ca.crl");
        Tool.Run("curl", "--silent", "--fail", "--output", list, prefecture.Door("tlsCrl")).Succeeded();
        return Tool.Run(
            "openssl", "verify", "-crl_check", "-CAfile", prefecture.Door("tlsAnchor"), "-CRLfile", list,
            Path.Combine(verifier, "client.cer"));
    }

    private string Anchor()
    {
        var pem = Path.Combine(prefecture.Scratch("anchor"), "ca.pem");
        Tool.Run("openssl", "x509", "-inform", "DER", "-in", prefecture.Door("trustAnchor"), "-out", pem).Succeeded();
        return pem;
    }

    private static string SerialOf(string verifier) =>
        OperationsTrust.SerialOf(X509CertificateLoader.LoadCertificateFromFile(Path.Combine(verifier, "client.cer")));

    private static string Json(string verifier, string name) => JsonDocument.Parse(
        File.ReadAllBytes(Path.Combine(verifier, "verifier.json"))).RootElement.GetProperty(name).GetString()!;
}
