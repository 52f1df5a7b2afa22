using System.Text.RegularExpressions;
using Jpki.Cps;
using Jpki.Tests.House;
using Xunit;

namespace Jpki.Tests.Rooms.Cps;

/// <summary>
/// What OpenSSL and GnuTLS read in one specimen of every kind is kept, so that a review shows each change.
/// </summary>
public sealed partial class GoldenProfileTests
{
    public static TheoryData<CertificateKind> Kinds => [.. Enum.GetValues<CertificateKind>()];

    [Theory, MemberData(nameof(Kinds)), Cps("7-1-1"), Cps("7-1-2"), Cps("7-1-3"), Cps("7-1-4"), Cps("1-3-2")]
    public void OpenSSL_and_GnuTLS_read_a_certificate_as_they_did(CertificateKind kind)
    {
        var der = Specimens.Good(kind).Der.ToArray();

        var openssl = Tool.Run("openssl", der, "x509", "-inform", "DER", "-text", "-nameopt",
            "utf8,sep_comma_plus_space");
        var certtool = Tool.Run("certtool", der, "--certificate-info", "--inder");

        Golden.Check($"tests/golden/profiles/{kind}.txt", Kept(openssl) + "\n" + Kept(certtool));
    }

    [Theory, Cps("7-2-1"), Cps("7-2-2"), Cps("7-2-3"), Cps("7-2-4"), Cps("4-4-4-4")]
    [InlineData(CrlKind.Crl)]
    [InlineData(CrlKind.Arl)]
    [InlineData(CrlKind.Operations)]
    public void OpenSSL_and_GnuTLS_read_a_list_as_they_did(CrlKind kind)
    {
        var entries = Enumerable.Range(1, 5).Select(n => ListFixtures.Entry with { ReasonCode = n }).ToArray();
        var der = Specimens.Crl(null, kind, entries).Der.ToArray();

        var openssl = Tool.Run("openssl", der, "crl", "-inform", "DER", "-text", "-nameopt",
            "utf8,sep_comma_plus_space");
        var certtool = Tool.Run("certtool", der, "--crl-info", "--inder");

        Golden.Check($"tests/golden/profiles/{kind}.txt", Kept(openssl) + "\n" + Kept(certtool));
    }

    [Fact, Cps("4-4-4-2")]
    public void OpenSSL_reads_an_OCSP_answer_as_it_did()
    {
        using ScratchFolder scratch = new();
        var file = scratch.Write("answer.der", Specimens.Ocsp().Sign(_ => [1, 2, 3]));

        var openssl = Tool.Run("openssl", "ocsp", "-respin", file, "-resp_text", "-noverify");

        Golden.Check("tests/golden/profiles/Ocsp.txt", Kept(openssl));
    }

    private static string Kept(ToolAnswer answer) => TrailingBlanks().Replace(answer.Succeeded().Text, "");

    [GeneratedRegex(@"[ \t]+$", RegexOptions.Multiline)]
    private static partial Regex TrailingBlanks();
}
