using System.Numerics;
using System.Text.Json;
using Jpki.Cps;
using Jpki.Tests.Rooms.Cps;
using Jpki.Tests.Scenarios;
using Xunit;

namespace Jpki.Tests.Rooms.Host;

/// <summary><c>jpki lint</c>: a line for each finding, 1 for an error, 2 for what is no such thing.</summary>
public sealed class LintCommandTests : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact, Cps("7-1-1")]
    public void A_good_certificate_is_passed_in_silence_in_DER_and_in_PEM()
    {
        var good = Specimens.Good(CertificateKind.Resident);

        var answer = Lint(
            "certificate", scratch.Write("good.cer", good.Der.Span),
                scratch.WritePem("good.pem", "CERTIFICATE", good.Der));

        Assert.Equal("", answer.Succeeded().Text);
    }

    [Fact, Cps("7-1-1")]
    public void An_error_is_one_line_with_level_rule_source_and_text()
    {
        var bad = Specimens.Without(CertificateKind.Resident, Jpki.X509.Oids.CertificatePolicies);

        var answer = Lint("certificate", scratch.Write("bad.cer", bad.Der.Span));

        Assert.Equal(1, answer.ExitCode);
        Assert.Equal(
            "error cps_extensions_are_complete CPS 7-1: 2.5.29.32 is missing in Resident\n", answer.Text);
    }

    [Fact, Cps("7-1-3")]
    public void A_profile_can_be_demanded()
    {
        var file = scratch.Write("ca.cer", Specimens.Good(CertificateKind.SelfSigned).Der.Span);

        Assert.Contains("error cps_", Lint("certificate", "--profile", "Cross", file).Text);
    }

    [Fact, Cps("7-2-1")]
    public void A_CRL_and_an_OCSP_answer_are_judged_and_JSON_is_one_document()
    {
        var crl = Lint("crl", "--json", scratch.Write("x.crl", ListFixtures.Crls["crl_has_a_number"]().Der.Span));
        var ocsp = Lint("ocsp", scratch.Write("x.ors", Specimens.Ocsp().Sign(_ => [1])));

        Assert.Equal(1, crl.ExitCode);
        Assert.Contains("crl_has_a_number", JsonDocument.Parse(crl.Text).RootElement.EnumerateArray()
            .Select(finding => finding.GetProperty("rule").GetString()));
        Assert.Equal("", ocsp.Succeeded().Text);
    }

    [Fact, Cps("6-3-2")]
    public void Keys_that_share_a_prime_show_when_their_certificates_are_judged_together()
    {
        var (p, q, r) = (Prime(1), Prime(2), Prime(3));

        var answer = Lint("certificate", With("a.cer", p * q), With("b.cer", p * r));

        Assert.Equal(2, answer.Text.Split("key_shares_no_prime").Length - 1);
    }

    [Fact]
    public void What_is_neither_DER_nor_PEM_is_wrong_usage_and_bad_DER_is_a_finding()
    {
        var text = Lint("certificate", scratch.Write("note.txt", "hello"u8));
        var cut = Lint("crl", scratch.Write("cut.crl", Specimens.Crl().Der.Span[..100]));

        Assert.Equal(2, text.ExitCode);
        Assert.Contains("neither DER nor PEM", text.Errors);
        Assert.Equal(1, cut.ExitCode);
        Assert.StartsWith("error is_as_defined RFC 5280 5.1: ", cut.Text);
    }

    private string With(string file, BigInteger modulus) => scratch.Write(
        file, Specimens.Bent(CertificateKind.Resident, c => c with
        {
            PublicKey = Specimens.RsaKey(modulus, 65537),
        }).Der.Span);

    /// <summary>Odd numbers that have nothing in common: Fermat's.</summary>
    private static BigInteger Prime(int n) => (BigInteger.One << (1 << (7 + n))) + 1;

    private static ToolAnswer Lint(params string[] arguments) =>
        Tool.Run("dotnet", [RunningPrefecture.Program, "lint", .. arguments]);
}
