using System.Formats.Asn1;
using CsCheck;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.X509;

public sealed class NameTests
{
    private static readonly Name Plain = Name.Of(("C", "JP"), ("O", "JPKI"), ("OU", "BridgeCA"));

    private static readonly Gen<string> Values = Gen.String[Gen.OneOf(
        Gen.Char["abcXYZ019 ,+=\"<>;#\\\u0001\u007F"], Gen.Char['\u3041', '\u9FA0']), 1, 12]
        .Where(v => !string.IsNullOrWhiteSpace(v));

    private static readonly string[] Types = ["CN", "O", "OU", "L", "ST", "STREET", "UID", "2.5.4.4"];

    private static readonly Gen<Name> Names =
        Gen.Select(Gen.Int[0, Types.Length - 1].Select(i => Types[i]), Values).Array[1, 6].Select(Name.Of);

    [Fact]
    public void Text_and_name_are_two_forms_of_one_thing() => Names.Sample(name =>
    {
        var again = Name.Parse(name.ToString());

        Assert.Equal(name, again);
        Assert.Equal(Convert.ToHexString(name.Der.Span), Convert.ToHexString(again.Der.Span));
    });

    [Fact]
    public void Reading_gives_back_what_was_written() => Names.Sample(name =>
        Assert.Equal(name.ToString(), Name.Read(name.Der).ToString()));

    [Theory]
    [InlineData("text runs from last to first", "CN=Steve Kille,O=Isode Limited,C=GB")]
    [InlineData("comma", "CN=Sue\\, Grabbit and Runn,C=GB")]
    [InlineData("carriage return", "CN=Before\\0DAfter,O=Test,C=GB")]
    [InlineData("edges", "CN=\\ a\\ ,O=\\#1")]
    [InlineData("unknown type", "1.3.6.1.4.1.1466.0=#04024869")]
    [InlineData("two in one RDN", "OU=Sales+CN=J.  Smith,DC=example,DC=net")]
    [InlineData("Japanese", "OU=ブリッジ認証局,O=公的個人認証サービス,C=JP")]
    [InlineData("nothing", "")]
    public void Canonical_text_comes_back_the_same(string _, string text) =>
        Assert.Equal(text, Name.Parse(text).ToString());

    [Theory]
    [InlineData("OU=BridgeCA, O=JPKI, C=JP")]
    [InlineData("ou=bridgeca,o=jpki,c=jp")]
    [InlineData("OU = BridgeCA , O = JPKI , C = JP")]
    [InlineData("2.5.4.11=BridgeCA,O=JPKI,C=JP")]
    [InlineData("OU=\\42ridge\\43A,O=JPKI,C=JP")]
    [InlineData("OU=#13084272696467654341,O=JPKI,C=JP")] // PrintableString
    [InlineData("OU=\\ BridgeCA\\  ,O=ＪＰＫＩ,C=JP")]
    public void Case_spaces_and_string_type_do_not_make_another_name(string text)
    {
        Assert.Equal(Plain, Name.Parse(text));
        Assert.Equal(Plain.GetHashCode(), Name.Parse(text).GetHashCode());
    }

    [Theory]
    [InlineData("O=JPKI,OU=BridgeCA,C=JP")]
    [InlineData("OU=Bridge CA,O=JPKI,C=JP")]
    [InlineData("OU=BridgeCA+O=JPKI,C=JP")]
    [InlineData("CN=BridgeCA,O=JPKI,C=JP")]
    [InlineData("O=JPKI,C=JP")]
    public void Another_order_word_or_type_is_another_name(string text) =>
        Assert.NotEqual(Plain, Name.Parse(text));

    [Theory]
    [InlineData("no equals", "CN")]
    [InlineData("no value", "CN=,C=JP")]
    [InlineData("no type", "=x")]
    [InlineData("unknown type", "XX=1")]
    [InlineData("not an OID", "1.=x")]
    [InlineData("bare quote", "CN=\"x\"")]
    [InlineData("dangling escape", "CN=x\\")]
    [InlineData("broken UTF-8", "CN=\\C3\\28")]
    [InlineData("odd hex", "CN=#040")]
    [InlineData("two values in hex", "CN=#0C01410C0141")]
    [InlineData("country not printable", "C=日本")]
    [InlineData("trailing comma", "CN=x,")]
    public void Malformed_text_is_refused(string _, string text) =>
        Assert.ThrowsAny<FormatException>(() => Name.Parse(text));

    [Theory]
    [InlineData("empty RDN", "30023100")]
    [InlineData("trailing octet", "300000")]
    [InlineData("indefinite length", "30800000")]
    [InlineData("long form of a short length", "308100")]
    [InlineData("set not in order", "301A3118300A06035504030C03626262300A06035504030C03616161")]
    [InlineData("broken UTF-8", "300D310B300906035504030C02C328")]
    public void Malformed_DER_is_refused(string _, string hex) =>
        Assert.Throws<AsnContentException>(() => Name.Read(Convert.FromHexString(hex)));

    [Fact]
    public void A_country_is_printable_and_the_rest_is_UTF8() =>
        Assert.Equal("301B310B3009060355040613024A50310C300A06035504030C03E581A5",
            Convert.ToHexString(Name.Of(("C", "JP"), ("CN", "健")).Der.Span));

    [Fact]
    public void A_name_lies_within_itself_and_its_ancestors_only()
    {
        var below = Plain.With("CN", "leaf");

        Assert.True(below.IsWithin(Plain) && Plain.IsWithin(Plain) && Plain.IsWithin(Name.Empty));
        Assert.False(Plain.IsWithin(below));
        Assert.False(below.IsWithin(Name.Parse("OU=Bridge,O=JPKI,C=JP")));
    }

    [Fact]
    public void Values_are_found_by_type_in_encoded_order()
    {
        var name = Name.Of(("C", "JP"), ("L", "Saitama-ken"), ("L", "Kawagoe-shi"));

        Assert.Equal("Saitama-ken", name.Value(Oids.LocalityName));
        Assert.Equal(["Saitama-ken", "Kawagoe-shi"], name.Values(Oids.LocalityName));
        Assert.Null(name.Value(Oids.CommonName));
    }
}
