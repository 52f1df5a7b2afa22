using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Jpki.Cps;
using Jpki.Cps.Lint;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.Cps;

/// <summary>
/// Random certificates of every kind: our linter, OpenSSL with its strict checks, and GnuTLS find nothing in them.
/// JPKI_LONG=1 makes 10,000 of each; else there are enough to run often.
/// </summary>
public sealed class RandomCertificateTests
{
    private const int AtOnce = 500;

    private static int OfEachKind => Environment.GetEnvironmentVariable("JPKI_LONG") == "1" ? 10_000 : 60;

    public static TheoryData<CertificateKind> Kinds => [.. Enum.GetValues<CertificateKind>()];

    [Theory, MemberData(nameof(Kinds)), Cps("7-1")]
    public void No_linter_finds_anything(CertificateKind kind)
    {
        using RandomCertificates source = new(seed: (int)kind);
        for (var done = 0; done < OfEachKind; done += AtOnce)
        {
            Certificate[] batch =
                [.. Enumerable.Range(0, Math.Min(AtOnce, OfEachKind - done)).Select(_ => source.Next(kind))];

            Assert.All(batch, certificate => Assert.Empty(Linter.Certificate(certificate, kind)));
            OpensslVerifies(source, batch);
            BothReadAll(batch);
        }
    }

    /// <summary>Signatures and all; what -x509_strict adds is a linter for RFC 5280.</summary>
    private static void OpensslVerifies(RandomCertificates source, Certificate[] batch)
    {
        using ScratchFolder scratch = new();
        var anchors = scratch.Write("anchors.pem", Pem(source.Anchors.Concat(batch.Where(c => c.IsSelfIssued
            && c.Find(Oids.AuthorityKeyIdentifier) is null))));
        string[] files = [.. batch.Select((c, i) => scratch.Write($"{i}.pem", Pem([c])))];

        var answer = Tool.Run("openssl",
            [
                "verify", "-x509_strict", "-check_ss_sig", "-partial_chain", "-no_check_time",
                "-CAfile", anchors, .. files,
            ]);

        Assert.True(answer.ExitCode == 0, answer.Errors);
        Assert.Equal(batch.Length, answer.Text.Split(": OK\n").Length - 1);
    }

    private static void BothReadAll(Certificate[] batch)
    {
        using ScratchFolder scratch = new();
        var file = scratch.Write("all.pem", Pem(batch));

        var openssl = Tool.Run("openssl", "storeutl", "-noout", "-certs", "-text", file).Succeeded().Text;
        var certtool = Tool.Run("certtool", "--certificate-info", "--infile", file).Succeeded();

        Assert.Equal(batch.Length, openssl.Split("X509v3 Key Usage: critical").Length - 1);
        Assert.DoesNotContain("<INVALID>", openssl);
        Assert.Equal(batch.Length, certtool.Text.Split("Subject Key Identifier (not critical)").Length - 1);
        Assert.DoesNotContain("error", certtool.Errors, StringComparison.OrdinalIgnoreCase);
        Assert.All(batch, certificate => Assert.Contains(
            certificate.NotAfter.ToString("MMM d HH:mm:ss yyyy 'GMT'", CultureInfo.InvariantCulture).Replace(
                certificate.NotAfter.ToString("MMM d ", CultureInfo.InvariantCulture),
                $"{certificate.NotAfter.ToString("MMM", CultureInfo.InvariantCulture)} {certificate.NotAfter.Day,2} ",
                StringComparison.Ordinal), openssl));
    }

    private static byte[] Pem(IEnumerable<Certificate> certificates) => Encoding.ASCII.GetBytes(string.Concat(
        certificates.Select(c => PemEncoding.WriteString("CERTIFICATE", c.Der.Span) + "\n")));
}
