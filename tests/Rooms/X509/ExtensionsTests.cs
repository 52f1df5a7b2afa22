using System.Formats.Asn1;
using System.Numerics;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.X509;

/// <summary>Octets that are not already proven by rebuilding real certificates.</summary>
public sealed class ExtensionsTests
{
    private static readonly Name Point = Name.Parse("CN=P");
    private const string PointHex = "300C310A300806035504030C0150";

    public static TheoryData<string, string, Extension> Octets => new()
    {
        { "digitalSignature and nonRepudiation", "030206C0",
            Extensions.KeyUsage(KeyUsages.DigitalSignature | KeyUsages.NonRepudiation) },
        { "keyCertSign and cRLSign", "03020106", Extensions.KeyUsage(KeyUsages.KeyCertSign | KeyUsages.CrlSign) },
        { "a CA of any depth", "30030101FF", Extensions.BasicConstraints(true) },
        { "a CA with one below", "30060101FF020101", Extensions.BasicConstraints(true, 1) },
        { "no CA", "3000", Extensions.BasicConstraints(false) },
        { "OCSP responder", "300A06082B06010505070309", Extensions.ExtendedKeyUsage(Oids.OcspSigning) },
        { "no check", "0500", Extensions.OcspNoCheck() },
        { "CRL number", "020200FF", Extensions.CrlNumber(255) },
        { "next publish", "170D3134303430313030303030305A", Extensions.NextPublish(TestPki.Start) },
        { "reason", "0A0105", Extensions.ReasonCode(5) },
        { "key identifier alone", "300480020102", Extensions.AuthorityKeyIdentifier([1, 2]) },
        { "three fields", $"301980020102A110A40E{PointHex}820107",
            Extensions.AuthorityKeyIdentifier([1, 2], Point, SerialNumber.Parse("07")) },
        { "CRL distribution point", $"30163014A012A010A40E{PointHex}", Extensions.CrlDistributionPoints(Point) },
        { "holders' partition", $"3017A012A010A40E{PointHex}8101FF", Extensions.IssuingDistributionPoint(
            new(DistributionPointName.Of(Point)) { OnlyContainsUserCerts = true }) },
        { "ARL", $"3017A012A010A40E{PointHex}8201FF", Extensions.IssuingDistributionPoint(
            new(DistributionPointName.Of(Point)) { OnlyContainsCaCerts = true }) },
        { "otherName", "300DA00B0603550403A0040C024142", Extensions.SubjectAltName(
            GeneralName.OtherName(Oids.CommonName, "AB")) },
        { "OCSP address", "3010300E06082B060105050730018602783A", Extensions.AuthorityInfoAccess(
            new AccessDescription(Oids.AccessOcsp, GeneralName.Of(GeneralNameKind.UniformResourceIdentifier, "x:"))) },
        { "policy", "3006300406022A03", Extensions.CertificatePolicies(true, new PolicyInformation("1.2.3")) },
        { "policy mapping", "300A300806022A0306022A04", Extensions.PolicyMappings(true,
            new PolicyMapping("1.2.3", "1.2.4")) },
        { "policy constraints", "3003800100", Extensions.PolicyConstraints(new(0, null)) },
        { "inhibit anyPolicy", "020100", Extensions.InhibitAnyPolicy(0) },
        { "name constraints", $"3014A0123010A40E{PointHex}", Extensions.NameConstraints(
            new([GeneralName.Of(Point)], [])) },
    };

    [Theory, MemberData(nameof(Octets))]
    public void Each_is_written_as_its_standard_says_and_read_back(string _, string hex, Extension extension)
    {
        Assert.Equal(hex, Convert.ToHexString(extension.Value.Span));
        AllExtensions.ReadEach([extension]);
    }

    [Theory]
    [InlineData("key usage with a needless zero bit", Oids.KeyUsage, "030205C0")]
    [InlineData("FALSE spelled out", Oids.BasicConstraints, "3003010100")]
    [InlineData("negative path length", Oids.BasicConstraints, "30060101FF0201FF")]
    [InlineData("no purpose", Oids.ExtendedKeyUsage, "3000")]
    [InlineData("no name", Oids.SubjectAltName, "3000")]
    [InlineData("issuer without serial", Oids.AuthorityKeyIdentifier, "3012A110A40E300C310A300806035504030C0150")]
    [InlineData("serial without issuer", Oids.AuthorityKeyIdentifier, "3003820107")]
    [InlineData("a point that points nowhere", Oids.CrlDistributionPoints, "30023000")]
    [InlineData("only reasons", Oids.CrlDistributionPoints, "3006300481020780")]
    [InlineData("no scope", Oids.IssuingDistributionPoint, "3000")]
    [InlineData("holders and CAs", Oids.IssuingDistributionPoint, "30068101FF8201FF")]
    [InlineData("FALSE in a scope", Oids.IssuingDistributionPoint, "3003810100")]
    [InlineData("a policy twice", Oids.CertificatePolicies, "300C300406022A03300406022A03")]
    [InlineData("no constraint", Oids.PolicyConstraints, "3000")]
    [InlineData("no subtree", Oids.NameConstraints, "3000")]
    [InlineData("minimum spelled out", Oids.NameConstraints, "300BA0093007820178800100")]
    [InlineData("something after it", Oids.CrlNumber, "0201010500")]
    public void A_malformed_one_is_refused(string _, string oid, string hex) =>
        Assert.Throws<AsnContentException>(() =>
            AllExtensions.ReadEach([new Extension(oid, false, Convert.FromHexString(hex))]));

    [Fact]
    public void A_CRL_number_may_be_as_long_as_a_serial()
    {
        var number = BigInteger.Pow(2, 158);

        Assert.Equal(number, Extensions.ReadCrlNumber(Extensions.CrlNumber(number)));
    }
}
