using System.Security.Cryptography;
using Jpki.X509;
using Jpki.X509.Paths;
using Xunit;

namespace Jpki.Tests.Rooms.X509.Paths;

/// <summary>Which source wins, how much must be known, and whom to believe.</summary>
public sealed class StatusTests : IDisposable
{
    private readonly Hierarchy root = new("Root");
    private readonly Certificate leaf;

    public StatusTests() => leaf = root.Leaf();

    [Fact]
    public void Without_news_a_certificate_is_valid_only_where_none_is_required()
    {
        Assert.False(Ask(RevocationMode.Required).IsValid);
        Assert.True(Ask(RevocationMode.IfPresent).IsValid);
        Assert.True(Ask(RevocationMode.None).IsValid);
    }

    [Fact]
    public void What_is_present_must_be_usable()
    {
        using Hierarchy stranger = new("Root");

        Assert.False(Ask(RevocationMode.IfPresent, [stranger.List()]).IsValid);
        Assert.True(Ask(RevocationMode.None, [stranger.List()]).IsValid);
    }

    [Fact]
    public void A_CRL_is_good_until_its_next_update()
    {
        var late = Asking.Question(leaf) with { At = Hierarchy.Start.AddDays(4), Revocation = RevocationMode.Required };

        Assert.True(Ask(RevocationMode.Required, [root.List()]).IsValid);
        Assert.False(Ask(late, [root.List()]).IsValid);
    }

    [Fact]
    public void Revoked_wins_whoever_says_it()
    {
        var revoking = root.List(new RevokedEntry(leaf.Serial, Hierarchy.Start, 1));

        Assert.False(Ask(RevocationMode.Required, [revoking], root.Answer(leaf, CertStatus.Good)).IsValid);
        Assert.False(Ask(RevocationMode.Required, [root.List()], root.Answer(leaf, CertStatus.Revoked)).IsValid);
        Assert.True(Ask(RevocationMode.Required, [root.List()], root.Answer(leaf, CertStatus.Good)).IsValid);
        Assert.True(Ask(RevocationMode.Required, [], root.Answer(leaf, CertStatus.Good)).IsValid);
        Assert.False(Ask(RevocationMode.Required, [], root.Answer(leaf, CertStatus.Unknown)).IsValid);
    }

    [Fact]
    public void A_newer_edition_replaces_an_older_one()
    {
        var held = root.List(new RevokedEntry(leaf.Serial, Hierarchy.Start, (int)CrlReason.CertificateHold));
        var released = (root.ListContent() with { ThisUpdate = Hierarchy.Start.AddHours(1) }).Sign(
            [], root.Key.SignHash);

        Assert.False(Ask(RevocationMode.Required, [held]).IsValid);
        Assert.True(Ask(RevocationMode.Required, [held, released]).IsValid);
        Assert.True(Ask(RevocationMode.Required, [released, held]).IsValid);
    }

    [Fact]
    public void Only_the_issuer_makes_somebody_a_responder()
    {
        using Hierarchy responder = new("Root"), other = new("Other");
        var appointed = root.Sign(root.LeafContent(
            Extensions.ExtendedKeyUsage(Oids.OcspSigning), Extensions.OcspNoCheck()) with
        { PublicKey = responder.Key.PublicKey });
        var withoutPurpose = root.Sign(root.LeafContent() with { PublicKey = responder.Key.PublicKey });
        var byAnother = other.Sign(other.LeafContent(
            Extensions.ExtendedKeyUsage(Oids.OcspSigning)) with
        { PublicKey = responder.Key.PublicKey });

        Assert.True(AskResponder(appointed, responder).IsValid);
        Assert.False(AskResponder(withoutPurpose, responder).IsValid);
        Assert.False(AskResponder(byAnother, responder).IsValid);
    }

    [Fact]
    public void A_revoked_responder_is_not_believed_unless_nobody_is_to_ask()
    {
        using Hierarchy responder = new("Root");
        CertificateContent appointed = root.LeafContent(Extensions.ExtendedKeyUsage(Oids.OcspSigning)) with
        {
            PublicKey = responder.Key.PublicKey,
        };
        var asking = root.Sign(appointed);
        var silent = root.Sign(appointed with { Extensions = [.. appointed.Extensions, Extensions.OcspNoCheck()] });
        var revoking = root.List(
            new RevokedEntry(asking.Serial, Hierarchy.Start, 1), new RevokedEntry(silent.Serial, Hierarchy.Start, 1));
        var partition = new CrlContent
        {
            Algorithm = root.Key.Algorithm,
            Issuer = root.Name,
            ThisUpdate = Hierarchy.Start,
            NextUpdate = Hierarchy.Start.AddDays(3),
            Extensions =
            [
                Extensions.IssuingDistributionPoint(new(DistributionPointName.Of(Name.Parse("CN=elsewhere")))),
            ],
        }.Sign(revoking.Entries(), root.Key.SignHash);

        Assert.False(AskResponder(asking, responder, partition).IsValid);
        Assert.True(AskResponder(silent, responder, partition).IsValid);
    }

    [Fact]
    public void A_purpose_must_be_allowed_all_the_way_down()
    {
        using Hierarchy ca = new("CA");
        var server = ca.Leaf(Extensions.ExtendedKeyUsage(Oids.ServerAuth));
        PathAnswer About(Certificate authority) => new PathValidator(TimeProvider.System).Validate(
            new([root.SelfSigned], [authority], []), Asking.Question(server) with { Purpose = Oids.ServerAuth });

        Assert.True(About(root.Certify(ca)).IsValid);
        Assert.True(About(root.Certify(ca, Extensions.ExtendedKeyUsage(Oids.AnyExtendedKeyUsage))).IsValid);
        Assert.False(About(root.Certify(ca, Extensions.ExtendedKeyUsage(Oids.TimeStamping))).IsValid);
    }

    [Theory]
    [InlineData(PeerNameKind.Dns, "WWW.example.test", true)]
    [InlineData(PeerNameKind.Dns, "www.example.test.", true)]
    [InlineData(PeerNameKind.Dns, "a.wild.test", true)]
    [InlineData(PeerNameKind.Dns, "a.b.wild.test", false)]
    [InlineData(PeerNameKind.Dns, "wild.test", false)]
    [InlineData(PeerNameKind.Dns, "axa.partly.test", false)]
    [InlineData(PeerNameKind.Ip, "192.0.2.1", true)]
    [InlineData(PeerNameKind.Ip, "192.0.2.2", false)]
    [InlineData(PeerNameKind.Dns, "192.0.2.1", false)]
    [InlineData(PeerNameKind.Email, "Officer@EXAMPLE.test", true)]
    [InlineData(PeerNameKind.Email, "officer@example.test", false)]
    [InlineData(PeerNameKind.Dns, "leaf 2", false)]
    public void A_name_is_matched_as_its_kind_is(PeerNameKind kind, string name, bool isIts)
    {
        GeneralName address = new(GeneralNameKind.IpAddress, new byte[] { 0x87, 4, 192, 0, 2, 1 });
        var named = root.Leaf(Extensions.SubjectAltName(
            GeneralName.Of(GeneralNameKind.DnsName, "www.example.test"),
            GeneralName.Of(GeneralNameKind.DnsName, "*.wild.test"),
            GeneralName.Of(GeneralNameKind.DnsName, "a*a.partly.test"), GeneralName.Read(address.Der),
            GeneralName.Of(GeneralNameKind.Rfc822Name, "Officer@example.test")));

        var answer = new PathValidator(TimeProvider.System).Validate(
            new([root.SelfSigned], [], []), Asking.Question(named) with { Names = [new(kind, name)] });

        Assert.Equal(isIts, answer.IsValid);
    }

    public void Dispose() => root.Dispose();

    private PathAnswer AskResponder(Certificate appointed, Hierarchy responder, params Crl[] crls)
    {
        // The answer is about root's certificate, by another key than root's.
        var about = new BasicOcspContent
        {
            Algorithm = responder.Key.Algorithm,
            Responder = responder.Key.PublicKey,
            ProducedAt = Hierarchy.Noon,
            Certificates = [appointed.Der],
            Responses =
            [
                new()
                {
                    CertId = CertId.Of(HashAlgorithmName.SHA256, root.Name, root.Key.PublicKey, leaf.Serial),
                    Status = CertStatus.Good,
                    ThisUpdate = Hierarchy.Noon,
                },
            ],
        }.Sign(responder.Key.SignHash);
        return Ask(RevocationMode.Required, crls, about);
    }

    private PathAnswer Ask(RevocationMode mode, IEnumerable<Crl>? crls = null, params byte[][] answers) =>
        Ask(Asking.Question(leaf) with { Revocation = mode }, crls, answers);

    private PathAnswer Ask(PathQuestion question, IEnumerable<Crl>? crls, params byte[][] answers) =>
        new PathValidator(TimeProvider.System).Validate(
            new([root.SelfSigned], [], crls ?? [], answers.Select(a => OcspResponse.Read(a).Basic!)), question);
}
