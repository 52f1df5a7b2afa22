using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text.Json;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.X509;

/// <summary>Everything that others have published can be read, and nothing malformed does worse than fail.</summary>
public sealed class ReadingTests
{
    [Fact]
    public void Every_PKITS_certificate_can_be_read_to_the_last_extension()
    {
        var files = Directory.GetFiles(Path.Combine(Conformance.FolderOrSkip("pkits"), "certs"));

        Assert.NotEmpty(files);
        Assert.All(files, file => AllExtensions.ReadEach(Certificate.Read(File.ReadAllBytes(file)).Extensions));
    }

    [Fact]
    public void Every_PKITS_CRL_can_be_read_to_the_last_entry()
    {
        var files = Directory.GetFiles(Path.Combine(Conformance.FolderOrSkip("pkits"), "crls"));

        Assert.NotEmpty(files);
        Assert.All(files, file =>
        {
            var crl = Crl.Read(File.ReadAllBytes(file));
            Assert.All(crl.Entries(), e => Assert.Equal(e.Serial, crl.Find(e.Serial, e.CertificateIssuer)?.Serial));
            AllExtensions.ReadEach(crl.Extensions);
        });
    }

    [Fact]
    public void Every_real_CA_certificate_can_be_read_and_has_signed_itself()
    {
        var files = Directory.GetFiles(Conformance.DataOrSkip("ca-samples"))
            .Where(f => Path.GetExtension(f) is ".der" or ".cer" && !f.Contains("dummy", StringComparison.Ordinal));

        Assert.NotEmpty(files);
        Assert.All(files, file =>
        {
            var certificate = Certificate.Read(File.ReadAllBytes(file));
            AllExtensions.ReadEach(certificate.Extensions);
            Assert.True(certificate.IsSelfIssued);
            Assert.True(certificate.IsSignedBy(certificate.PublicKey));
        });
    }

    [Fact]
    public void Every_certificate_of_a_valid_limbo_chain_can_be_read()
    {
        var file = Path.Combine(Conformance.FolderOrSkip("limbo"), "core.json");
        using var limbo = JsonDocument.Parse(File.ReadAllBytes(file));

        var pems = limbo.RootElement.GetProperty("testcases").EnumerateArray()
            .Where(c => c.GetProperty("expected_result").GetString() == "SUCCESS")
            .SelectMany(c => c.GetProperty("trusted_certs").EnumerateArray()
                .Concat(c.GetProperty("untrusted_intermediates").EnumerateArray())
                .Append(c.GetProperty("peer_certificate")));

        Assert.All(pems, pem =>
        {
            var text = pem.GetString()!;
            var base64 = text[PemEncoding.Find(text).Base64Data];
            AllExtensions.ReadEach(Certificate.Read(Convert.FromBase64String(base64)).Extensions);
        });
    }

    [Fact]
    public void Fuzz_seeds_are_read_or_refused_and_nothing_else_happens()
    {
        foreach (var (name, content) in Conformance.FuzzSeeds())
        {
            ReadOrRefuse(name, () => AllExtensions.ReadEach(Certificate.Read(content).Extensions));
            ReadOrRefuse(name, () => Certificate.Read(content).IsSignedBy(Certificate.Read(content).PublicKey));
            ReadOrRefuse(name, () => AllExtensions.ReadEach(Crl.Read(content).Extensions));
            ReadOrRefuse(name, () => Assert.All(Crl.Read(content).Entries(), _ => { }));
            ReadOrRefuse(name, () => _ = CertificationRequest.Read(content).IsSelfSigned);
            ReadOrRefuse(name, () => Name.Parse(Name.Read(content).ToString()));
            ReadOrRefuse(name, () => GeneralName.Read(content));
            ReadOrRefuse(name, () => PublicKey.Read(content));
        }
    }

    [Fact]
    public void Any_one_octet_changed_in_a_certificate_is_refused_or_breaks_the_signature()
    {
        using var ca = new TestPki(TestKey.P256());
        var der = ca.Certificate.Der.ToArray();

        for (var i = 0; i < der.Length; i++)
        {
            der[i] ^= 0x15;
            ReadOrRefuse($"octet {i}", () => Assert.False(Certificate.Read(der).IsSignedBy(ca.Key.PublicKey)));
            der[i] ^= 0x15;
        }

        Assert.True(Certificate.Read(der).IsSignedBy(ca.Key.PublicKey));
    }

    private static void ReadOrRefuse(string name, Action read)
    {
        try
        {
            read();
        }
        catch (Exception e) when (e is AsnContentException or FormatException or CryptographicException)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {e.Message}");
        }
    }
}
