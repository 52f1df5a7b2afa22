using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.X509;

/// <summary>OpenSSL and GnuTLS, who know nothing of us, judge our certificates, lists and requests.</summary>
public sealed class ForeignJudgeTests : IDisposable
{
    private static readonly string AtStart = TestPki.Start.AddHours(1).ToUnixTimeSeconds()
        .ToString(System.Globalization.CultureInfo.InvariantCulture);

    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    public static TheoryData<bool> RsaOrNot => [true, false];

    [Theory, MemberData(nameof(RsaOrNot))]
    public void OpenSSL_accepts_a_live_certificate_and_its_partitioned_CRL(bool isRsa)
    {
        using var ca = NewCa(isRsa);
        using var key = NewKey(isRsa);
        var leaf = ca.Sign(ca.Leaf(key.PublicKey));

        var answer = Verify(ca, leaf, ca.Crl(Revoked(leaf.Serial, 77)));

        Assert.Contains("leaf.pem: OK", answer.Succeeded().Text, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(RsaOrNot))]
    public void OpenSSL_refuses_a_revoked_certificate(bool isRsa)
    {
        using var ca = NewCa(isRsa);
        using var key = NewKey(isRsa);
        var leaf = ca.Sign(ca.Leaf(key.PublicKey));

        var answer = Verify(ca, leaf, ca.Crl(Revoked(leaf.Serial, 0)));

        Assert.Contains("certificate revoked", answer.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void OpenSSL_refuses_a_CRL_of_another_partition()
    {
        using var ca = NewCa(isRsa: false);
        using var key = NewKey(isRsa: false);
        var leaf = ca.Sign(ca.Leaf(key.PublicKey));
        var elsewhere = ca.CrlContent() with
        {
            Extensions = [Extensions.CrlNumber(1), Extensions.IssuingDistributionPoint(
                new(DistributionPointName.Of(TestPki.CaName)) { OnlyContainsUserCerts = true })],
        };

        var answer = Verify(ca, leaf, elsewhere.Sign([], ca.Key.SignHash));

        Assert.Contains("Different CRL scope", answer.Errors, StringComparison.OrdinalIgnoreCase);
    }

    [Theory, MemberData(nameof(RsaOrNot))]
    public void OpenSSL_reads_in_a_certificate_what_we_wrote(bool isRsa)
    {
        using var ca = NewCa(isRsa);
        using var key = NewKey(isRsa);
        var file = scratch.Write("leaf.der", ca.Sign(WithEverything(ca.Leaf(key.PublicKey))).Der.Span);

        var text = Tool.Run("openssl", "x509", "-inform", "DER", "-in", file, "-noout", "-text")
            .Succeeded().Text;

        Assert.Contains("X509v3 Key Usage: critical\n                Digital Signature, Non Repudiation", text);
        Assert.Contains("othername: 1.2.392.200149.8.5.5.1::埼玉　太郎", text);
        Assert.Contains("Certificate Policies: critical\n                Policy: 1.2.392.200149.8.5.1.0.10", text);
        Assert.Contains("CPS: http://www.jpki.go.jp/cps.html", text);
        Assert.Contains("OU = Saitama-ken, CN = Kawagoe-shi CRLDP", text);
        Assert.Contains("serial:01", text);
        Assert.Contains("OCSP - URI:http://127.0.0.1/ocsp", text);
        Assert.Contains("OCSP No Check", text);
    }

    [Theory, MemberData(nameof(RsaOrNot))]
    public void OpenSSL_reads_in_a_CRL_what_we_wrote(bool isRsa)
    {
        using var ca = NewCa(isRsa);
        var crl = ca.Crl(
            new RevokedEntry(SerialNumber.Parse("0ABC"), TestPki.Start, 1),
            new RevokedEntry(SerialNumber.Parse("FFFF"), TestPki.Start.AddYears(36), null));
        var file = scratch.Write("crl.der", crl.Der.Span);
        var caFile = scratch.WritePem("ca.pem", "CERTIFICATE", ca.Certificate.Der);

        var answer = Tool.Run("openssl", "crl", "-inform", "DER", "-in", file, "-noout", "-text", "-CAfile", caFile)
            .Succeeded();

        Assert.Contains("verify OK", answer.Errors);
        Assert.Contains("X509v3 Issuing Distribution Point: critical", answer.Text);
        Assert.Contains("Only User Certificates", answer.Text);
        Assert.Contains("Serial Number: 0ABC\n        Revocation Date: Apr  1 00:00:00 2014 GMT", answer.Text);
        Assert.Contains("Key Compromise", answer.Text);
        Assert.Contains("Serial Number: FFFF\n        Revocation Date: Apr  1 00:00:00 2050 GMT", answer.Text);
    }

    [Theory, MemberData(nameof(RsaOrNot))]
    public void GnuTLS_agrees(bool isRsa)
    {
        using var ca = new TestPki(NewKey(isRsa), TimeProvider.System.GetUtcNow().AddHours(-1)); // it knows only now
        using var key = NewKey(isRsa);
        var leaf = ca.Sign(WithEverything(ca.Leaf(key.PublicKey)));
        var caFile = scratch.WritePem("ca.pem", "CERTIFICATE", ca.Certificate.Der);
        var crlFile = scratch.WritePem("crl.pem", "X509 CRL", ca.Crl(Revoked(leaf.Serial, 1)).Der);

        var certificate = Tool.Run("certtool", leaf.Der.ToArray(), "--certificate-info", "--inder").Succeeded().Text;
        var crl = Tool.Run("certtool", "--verify-crl", "--load-ca-certificate", caFile, "--infile", crlFile);
        var list = Tool.Run("certtool", "--crl-info", "--infile", crlFile).Succeeded().Text;

        Assert.Contains("Subject: CN=Holder 2,L=Kawagoe-shi,L=Saitama-ken,C=JP", certificate);
        Assert.Contains("Certificate Policies (critical)", certificate);
        Assert.Contains("Verified", crl.Succeeded().Text + crl.Errors);
        Assert.Contains("Revoked certificates (1)", list);
    }

    [Theory, MemberData(nameof(RsaOrNot))]
    public void OpenSSL_accepts_our_requests_and_we_accept_its(bool isRsa)
    {
        using var key = NewKey(isRsa);
        var name = Name.Of(("C", "JP"), ("CN", "川越　花子"));
        var ours = scratch.Write("ours.der",
            CertificationRequest.Create(name, key.PublicKey, key.Algorithm, key.SignHash));
        var keyFile = scratch.WritePem("key.pem", "PRIVATE KEY", key.Key.ExportPkcs8PrivateKey());

        var answer = Tool.Run("openssl", "req", "-inform", "DER", "-in", ours, "-noout", "-verify");
        var theirs = CertificationRequest.Read(Tool.Run("openssl", "req", "-new", "-key", keyFile,
            "-subj", "/C=JP/CN=x", "-addext", "keyUsage=critical,digitalSignature", "-outform", "DER")
            .Succeeded().Output);

        Assert.Contains("verify OK", answer.Succeeded().Errors);
        Assert.True(theirs.IsSelfSigned);
        Assert.Equal(Name.Parse("CN=x,C=JP"), theirs.Subject);
        Assert.Equal(key.PublicKey, theirs.PublicKey);
        Assert.Equal([Oids.KeyUsage], theirs.RequestedExtensions.Select(e => e.Oid));
    }

    private static TestPki NewCa(bool isRsa) => new(NewKey(isRsa));

    private static TestKey NewKey(bool isRsa) => isRsa ? TestKey.Rsa() : TestKey.P256();

    private static RevokedEntry Revoked(SerialNumber serial, int add)
    {
        var number = new System.Numerics.BigInteger(serial.Bytes.Span, isBigEndian: true) + add;
        return new(SerialNumber.FromUnsigned(number.ToByteArray(isBigEndian: true)), TestPki.Start, 1);
    }

    private static CertificateContent WithEverything(CertificateContent leaf) => leaf with
    {
        Extensions =
        [
            .. leaf.Extensions,
            Extensions.SubjectAltName(GeneralName.OtherName("1.2.392.200149.8.5.5.1", "埼玉　太郎")),
            Extensions.CertificatePolicies(true, new PolicyInformation(
                "1.2.392.200149.8.5.1.0.10", "http://www.jpki.go.jp/cps.html")),
            Extensions.IssuerAltName(GeneralName.Of(Name.Of(("C", "JP"), ("O", "公的個人認証サービス")))),
            Extensions.AuthorityInfoAccess(new AccessDescription(Oids.AccessOcsp,
                GeneralName.Of(GeneralNameKind.UniformResourceIdentifier, "http://127.0.0.1/ocsp"))),
            Extensions.ExtendedKeyUsage(Oids.OcspSigning),
            Extensions.OcspNoCheck(),
        ],
    };

    private ToolAnswer Verify(TestPki ca, Certificate leaf, Crl crl) => Tool.Run("openssl", "verify",
        "-attime", AtStart, "-crl_check", "-extended_crl", "-check_ss_sig",
        "-CAfile", scratch.WritePem("ca.pem", "CERTIFICATE", ca.Certificate.Der),
        "-CRLfile", scratch.WritePem("crl.pem", "X509 CRL", crl.Der),
        scratch.WritePem("leaf.pem", "CERTIFICATE", leaf.Der));
}
