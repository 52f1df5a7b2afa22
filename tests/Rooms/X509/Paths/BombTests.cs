using System.Diagnostics;
using System.Formats.Asn1;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.X509.Paths;

/// <summary>Certificates made to be expensive: an answer within the limits, whatever they ask for.</summary>
public sealed class BombTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Hierarchy root = new("Root");
    private readonly long started = Stopwatch.GetTimestamp();

    [Fact]
    public void Policies_that_would_double_at_each_certificate_do_not()
    {
        var row = Enumerable.Range(0, 40).Select(i => new Hierarchy($"CA {i}", root.Key)).ToArray();
        var below = row.Select((ca, i) => (i == 0 ? root : row[i - 1]).Certify(ca,
            Extensions.CertificatePolicies(true, new PolicyInformation("1.2.3.1"), new PolicyInformation("1.2.3.2")),
            Extensions.PolicyMappings(true,
                new("1.2.3.1", "1.2.3.1"),
                new("1.2.3.1", "1.2.3.2"),
                new("1.2.3.2", "1.2.3.1"),
                new("1.2.3.2", "1.2.3.2"))));

        var answer = Asking.About(
            row[^1].Leaf(Extensions.CertificatePolicies(true, new PolicyInformation("1.2.3.1"))),
            root.SelfSigned,
            below);

        Assert.True(answer.IsValid);
        Assert.Equal(["1.2.3.1", "1.2.3.2"], answer.Policies);
    }

    [Fact]
    public void Thousands_of_policies_mapped_to_thousands_are_given_up()
    {
        using Hierarchy ca = new("CA");
        var policies = Enumerable.Range(0, 100).Select(i => new PolicyInformation($"1.2.3.{i}")).ToArray();
        var mappings = policies.SelectMany(p =>
            Enumerable.Range(0, 80).Select(i => new PolicyMapping(p.Policy, $"1.2.4.{i}.{p.Policy[6..]}"))).ToArray();

        var answer = Asking.About(ca.Leaf(), root.SelfSigned, root.Certify(ca,
            Extensions.CertificatePolicies(true, policies), Extensions.PolicyMappings(true, mappings)));

        Assert.True(answer.IsGivenUp);
        Assert.Contains("policies", answer.Objection!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Thousands_of_names_under_thousands_of_constraints_are_given_up()
    {
        using Hierarchy ca = new("CA");
        GeneralName[] names = [.. Enumerable.Range(0, 4000).Select(
            i => GeneralName.Of(GeneralNameKind.DnsName, $"n{i}.test"))];

        var answer = Asking.About(ca.Leaf(Extensions.SubjectAltName(names)), root.SelfSigned,
            root.Certify(ca, Extensions.NameConstraints(new(names, []))));

        Assert.True(answer.IsGivenUp);
        Assert.Contains("comparisons", answer.Objection!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_megabyte_of_names_is_read_and_answered()
    {
        GeneralName[] names = [.. Enumerable.Range(0, 30_000).Select(
            i => GeneralName.Of(GeneralNameKind.DnsName, $"n{i}.example.test"))];

        Assert.True(Asking.About(root.Leaf(Extensions.SubjectAltName(names)), root.SelfSigned).IsValid);
    }

    [Theory]
    [InlineData(65_536, 17)]
    [InlineData(16_384, 15_000)]
    [InlineData(1024, 1000)]
    public void Huge_RSA_keys_cost_nothing(int modulusBits, int exponentBits)
    {
        var key = HugeKey(modulusBits, exponentBits);
        Certificate issuer;
        try
        {
            var content = root.LeafContent(Extensions.BasicConstraints(true));
            issuer = root.Sign(content with { PublicKey = PublicKey.Read(key) });
        }
        catch (AsnContentException)
        {
            return; // not even read
        }
        var leaf = new Hierarchy("x").LeafContent() with
        {
            Issuer = issuer.Subject,
            Algorithm = SignatureAlgorithm.Sha256WithRsa,
        };

        var answer = Asking.About(leaf.Sign(_ => new byte[modulusBits / 8]), root.SelfSigned, issuer);

        Assert.False(answer.IsValid);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(100_000)]
    public void Deep_nesting_is_malformed(int depth)
    {
        var nested = Enumerable.Repeat<byte[]>([0x30, 0x80], depth).SelectMany(b => b).ToArray();

        Assert.ThrowsAny<AsnContentException>(() => Certificate.Read(nested));
        Assert.ThrowsAny<AsnContentException>(() => Crl.Read(nested));
        Assert.ThrowsAny<AsnContentException>(() => CertificateBundle.Read(nested));
        Assert.ThrowsAny<AsnContentException>(() => OcspResponse.Read(nested));
    }

    [Fact]
    public void Every_truncation_is_malformed()
    {
        var whole = root.SelfSigned.Der;

        for (var length = 0; length < whole.Length; length++)
            Assert.ThrowsAny<AsnContentException>(() => Certificate.Read(whole[..length]));
    }

    public void Dispose()
    {
        root.Dispose();
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, Patience);
    }

    private static byte[] HugeKey(int modulusBits, int exponentBits)
    {
        AsnWriter numbers = new(AsnEncodingRules.DER), key = new(AsnEncodingRules.DER);
        using (numbers.PushSequence())
        {
            numbers.WriteInteger((System.Numerics.BigInteger.One << modulusBits) - 159);
            numbers.WriteInteger((System.Numerics.BigInteger.One << exponentBits) - 1);
        }
        using (key.PushSequence())
        {
            using (key.PushSequence())
            {
                key.WriteObjectIdentifier(Oids.RsaEncryption);
                key.WriteNull();
            }
            key.WriteBitString(numbers.Encode());
        }
        return key.Encode();
    }
}
