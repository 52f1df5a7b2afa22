using System.Formats.Asn1;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.X509;

public sealed class CertificateTests : IDisposable
{
    private readonly TestPki ca = new(TestKey.P256());

    public void Dispose() => ca.Dispose();

    [Fact]
    public void A_certificate_comes_back_as_it_was_written()
    {
        var content = ca.Leaf(ca.Key.PublicKey) with { NotAfter = new(2050, 1, 1, 0, 0, 0, TimeSpan.Zero) };

        var certificate = ca.Sign(content);

        Assert.Equal(content.ToBeSigned(), certificate.ToBeSigned.ToArray());
        Assert.Equal(content.Serial, certificate.Serial);
        Assert.Equal((content.NotBefore, content.NotAfter), (certificate.NotBefore, certificate.NotAfter));
        Assert.Equal((content.Issuer, content.Subject), (certificate.Issuer, certificate.Subject));
        Assert.Equal(content.PublicKey, certificate.PublicKey);
        Assert.True(certificate.IsSignedBy(ca.Key.PublicKey));
    }

    [Fact]
    public void Without_extensions_it_is_a_v1_certificate()
    {
        var certificate = ca.Sign(ca.Leaf(ca.Key.PublicKey) with { Extensions = [] });

        Assert.Equal(1, certificate.Version);
        Assert.Empty(certificate.Extensions);
    }

    [Fact]
    public void It_is_live_from_its_first_second_to_its_last()
    {
        var certificate = ca.Certificate;

        Assert.True(certificate.IsLiveAt(certificate.NotBefore) && certificate.IsLiveAt(certificate.NotAfter));
        Assert.False(certificate.IsLiveAt(certificate.NotBefore.AddTicks(-1)));
        Assert.False(certificate.IsLiveAt(certificate.NotAfter.AddSeconds(1)));
    }

    [Fact]
    public void Another_key_of_either_kind_did_not_sign_it()
    {
        using var ec = TestKey.P256();
        using var rsa = TestKey.Rsa();

        Assert.False(ca.Certificate.IsSignedBy(ec.PublicKey));
        Assert.False(ca.Certificate.IsSignedBy(rsa.PublicKey));
    }

    private static readonly string From = Time(0x17, "140401000000Z");
    private static readonly string AnExtension = Tlv(0x30, "0603551D0E", "040401020304");

    public static TheoryData<string, Field, string> Malformed => new()
    {
        { "v1 spelled out", Field.Version, "A003020100" },
        { "v2 with extensions", Field.Version, "A003020101" },
        { "v4", Field.Version, "A003020103" },
        { "serial without octets", Field.Serial, "0200" },
        { "another algorithm than the one outside", Field.Algorithm, "300A06082A8648CE3D040303" },
        { "parameters where ECDSA has none", Field.Algorithm, "300C06082A8648CE3D0403020500" },
        { "issuer without a name", Field.Issuer, "3000" },
        { "UTCTime without seconds", Field.Validity, Tlv(0x30, From, Time(0x17, "2404010000Z")) },
        { "UTCTime with an offset", Field.Validity, Tlv(0x30, From, Time(0x17, "240401000000+0900")) },
        { "GeneralizedTime with a fraction", Field.Validity, Tlv(0x30, From, Time(0x18, "20500101000000.5Z")) },
        { "GeneralizedTime without a Z", Field.Validity, Tlv(0x30, From, Time(0x18, "20500101000000")) },
        { "13th month", Field.Validity, Tlv(0x30, From, Time(0x17, "241301000000Z")) },
        { "one time", Field.Validity, Tlv(0x30, From) },
        { "three times", Field.Validity, Tlv(0x30, From, From, From) },
        { "key bits that are not whole octets", Field.PublicKey, Tlv(0x30,
            "301306072A8648CE3D020106082A8648CE3D030107", "03020402") },
        { "no extension in the list", Field.Extensions, "A3023000" },
        { "critical FALSE spelled out", Field.Extensions, Tlv(0xA3, Tlv(0x30,
            Tlv(0x30, "0603551D0E", "010100", "040401020304"))) },
        { "critical TRUE as 01", Field.Extensions, Tlv(0xA3, Tlv(0x30,
            Tlv(0x30, "0603551D0E", "010101", "040401020304"))) },
        { "an extension twice", Field.Extensions, Tlv(0xA3, Tlv(0x30, AnExtension, AnExtension)) },
        { "something after the extensions", Field.Extensions, Tlv(0xA3, Tlv(0x30, AnExtension), "0500") },
        { "something after everything", Field.Extensions, Tlv(0xA3, Tlv(0x30, AnExtension)) + "0500" },
    };

    [Fact]
    public void The_parts_the_malformed_ones_are_made_of_are_well_formed()
    {
        Certificate.Read(With(Field.Validity, Convert.FromHexString(Tlv(0x30, From, Time(0x18, "20240401000000Z")))));
        Certificate.Read(With(Field.Extensions, Convert.FromHexString(Tlv(0xA3, Tlv(0x30, AnExtension)))));
    }

    [Theory, MemberData(nameof(Malformed))]
    public void A_malformed_certificate_is_refused(string _, Field field, string hex)
    {
        Certificate.Read(With(field, null)); // well-formed before

        Assert.Throws<AsnContentException>(() => Certificate.Read(With(field, Convert.FromHexString(hex))));
    }

    [Fact]
    public void Nothing_may_follow_a_certificate() =>
        Assert.Throws<AsnContentException>(() => Certificate.Read((byte[])[.. ca.Certificate.Der.Span, 0]));

    [Theory]
    [InlineData("serial of zero")]
    [InlineData("issuer without a name")]
    [InlineData("validity backwards")]
    public void What_RFC_5280_forbids_is_not_written(string what)
    {
        var leaf = ca.Leaf(ca.Key.PublicKey);
        var content = what switch
        {
            "serial of zero" => leaf with { Serial = SerialNumber.FromBytes(new byte[1]) },
            "issuer without a name" => leaf with { Issuer = Name.Empty },
            _ => leaf with { NotAfter = leaf.NotBefore.AddSeconds(-1) },
        };

        Assert.Throws<InvalidOperationException>(content.ToBeSigned);
    }

    public enum Field { Version, Serial, Algorithm, Issuer, Validity, Subject, PublicKey, Extensions }

    private static string Tlv(byte tag, params string[] contents)
    {
        var content = string.Concat(contents);
        return $"{tag:X2}{content.Length / 2:X2}{content}"; // all of them are short
    }

    private static string Time(byte tag, string text) =>
        Tlv(tag, Convert.ToHexString(System.Text.Encoding.ASCII.GetBytes(text)));

    /// <summary>The CA's certificate with one field's octets replaced, and the old signature.</summary>
    private byte[] With(Field changed, byte[]? octets)
    {
        var outer = new AsnReader(ca.Certificate.Der, AsnEncodingRules.DER).ReadSequence();
        var inner = outer.ReadSequence();
        var writer = new AsnWriter(AsnEncodingRules.BER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                foreach (var field in Enum.GetValues<Field>())
                {
                    var original = inner.ReadEncodedValue();
                    foreach (var value in Split(field == changed && octets is not null ? octets : original.ToArray()))
                        writer.WriteEncodedValue(value);
                }
            }

            while (outer.HasData)
                writer.WriteEncodedValue(outer.ReadEncodedValue().Span);
        }

        return writer.Encode();
    }

    private static IEnumerable<byte[]> Split(byte[] values)
    {
        for (var reader = new AsnReader(values, AsnEncodingRules.BER); reader.HasData;)
            yield return reader.ReadEncodedValue().ToArray();
    }
}
