using System.Text;
using Jpki.Cps;
using Jpki.Cps.Lint;
using Jpki.Tests.House;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.Cps;

/// <summary>
/// Our certificates beside real ones: extension for extension, string type for string type. (CPS 7-1)
/// </summary>
public sealed class RealLayoutTests
{
    private static string Samples => Conformance.DataOrSkip("ca-samples");

    [Fact, Cps("7-1-3")]
    public void The_self_signed_certificate_is_laid_out_as_the_bridge_CAs_of_2003() =>
        Assert.Equal(Layout(Sample("jpki_BridgeCA_2003.der")), Layout(Specimens.Good(CertificateKind.SelfSigned)));

    [Theory, Cps("7-1-3")]
    [InlineData("signca01.cer")]
    [InlineData("signca02.cer")]
    [InlineData("signca03.cer")]
    public void Or_as_the_national_signature_CAs_where_the_site_says_so(string sample)
    {
        var choices = ProfileChoices.Default with { SelfSignedLayout = SelfSignedLayout.National };
        var frame = Specimens.Frame(CertificateKind.SelfSigned, Specimens.GovernorKey);

        var ours = CertificateContents
            .SelfSigned(Specimens.Names, choices, frame, SignatureAlgorithm.Sha256WithRsa).Sign(_ => [1]);

        Assert.Equal(Layout(Sample(sample)), Layout(ours));
        Assert.Empty(Linter.Certificate(ours, CertificateKind.SelfSigned));
    }

    [Fact, Cps("7-1-1"), Cps("4-2-2")]
    public void A_residents_certificate_is_laid_out_as_those_on_cards()
    {
        IssuingAuthority issuer = new(Specimens.Names, ProfileChoices.Default, Specimens.Anchor);
        var ours = CertificateContents.Resident(
            issuer, Specimens.Frame(CertificateKind.Resident, Specimens.OtherKey), Specimens.Kawagoe,
            "2026040109000000001" + "11201T001", Specimens.Holder).Sign(_ => [1]);

        Assert.Equal(Layout(Sample("mynawallet_dummy_sign_cert.der")), Layout(ours));
    }

    [Fact]
    public void What_the_linter_says_of_every_sample_is_known()
    {
        StringBuilder said = new();
        foreach (var file in Directory.GetFiles(Samples, "*.?er").Order(StringComparer.Ordinal))
        {
            var certificate = Sample(Path.GetFileName(file));
            said.Append($"{Path.GetFileName(file)} ({Kinds.Of(certificate)?.ToString() ?? "not ours"})\n");
            foreach (var finding in Linter.Certificate(certificate, Kinds.Of(certificate)))
                said.Append($"  {finding}\n");
        }

        Golden.Check("tests/golden/lint/ca-samples.txt", said.ToString());
    }

    private static Certificate Sample(string name) => Certificate.Read(File.ReadAllBytes(Path.Combine(Samples, name)));

    /// <summary>Version, forms of names, and each extension with the shape of what is in it.</summary>
    private static string Layout(Certificate certificate)
    {
        StringBuilder layout = new($"v{certificate.Version}\nsubject {Shape(certificate.Subject)}\n");
        foreach (var extension in certificate.Extensions)
            layout.Append($"{extension.Oid} {(extension.Critical ? "critical " : "")}{Shape(extension)}\n");
        return layout.ToString();
    }

    private static string Shape(Name name) =>
        string.Join(' ', name.Rdns.Select(rdn => string.Join('+', rdn.Attributes.Select(a => a.ValueDer.Span[0]))));

    private static string Shape(Extension extension) => extension.Oid switch
    {
        Oids.KeyUsage or Oids.BasicConstraints => Convert.ToHexString(extension.Value.Span),
        Oids.SubjectAltName => string.Join(
            ' ', Extensions.ReadSubjectAltName(extension).Select(n => $"{n.Kind} {n.OtherNameOid}{n.IsUtf8}")),
        Oids.IssuerAltName => string.Join(' ', Extensions.ReadIssuerAltName(extension).Select(n => n.Kind)),
        Oids.CertificatePolicies => string.Join(
            ' ', Extensions.ReadCertificatePolicies(extension).Select(p => p.CpsUri)),
        Oids.CrlDistributionPoints => string.Join(' ', Extensions.ReadCrlDistributionPoints(extension)
            .Select(p => $"{p.Name!.FullName[0].Kind} {p.Reasons} {p.CrlIssuer}")),
        Oids.AuthorityKeyIdentifier => Extensions.ReadAuthorityKeyIdentifier(extension) is var key
            ? $"{key.KeyIdentifier?.Length} {key.Issuer?[0].Kind} {key.Serial is not null}"
            : "",
        Oids.SubjectKeyIdentifier => $"{Extensions.ReadSubjectKeyIdentifier(extension).Length}",
        _ => "",
    };
}
