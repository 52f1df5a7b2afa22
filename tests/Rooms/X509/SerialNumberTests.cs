using System.Numerics;
using CsCheck;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.X509;

public sealed class SerialNumberTests
{
    [Fact]
    public void Hex_and_number_are_two_forms_of_one_thing() =>
        Gen.Byte.Array[1, 19].Where(b => b.Any(o => o != 0)).Sample(octets =>
        {
            var serial = SerialNumber.FromUnsigned(octets);

            Assert.Equal(serial, SerialNumber.Parse(serial.ToString()));
            Assert.Equal(serial, SerialNumber.Parse(serial.ToString().ToLowerInvariant()));
            Assert.True(SerialNumber.TryParse(serial.ToString(), out var tried) && tried == serial);
            Assert.Equal(serial, SerialNumber.FromBytes(serial.Bytes));
            Assert.Equal(new BigInteger(octets, isUnsigned: true, isBigEndian: true),
                new BigInteger(serial.Bytes.Span, isBigEndian: true));
        });

    [Theory]
    [InlineData("01", "01")]
    [InlineData("7F", "7F")]
    [InlineData("80", "0080")]
    [InlineData("132c4ab", "0132C4AB")]
    [InlineData("00FF", "00FF")]
    public void Contents_octets_are_the_shortest_that_stay_positive(string hex, string bytes) =>
        Assert.Equal(bytes, Convert.ToHexString(SerialNumber.Parse(hex).Bytes.Span));

    [Theory]
    [InlineData("nothing", "")]
    [InlineData("zero", "00")]
    [InlineData("negative", "-01")]
    [InlineData("not hex", "xyz")]
    [InlineData("21 octets", "010000000000000000000000000000000000000000")]
    [InlineData("20 octets and a sign", "8000000000000000000000000000000000000000")]
    public void A_number_no_certificate_of_ours_may_have_is_refused(string _, string hex)
    {
        Assert.Throws<FormatException>(() => SerialNumber.Parse(hex));
        Assert.False(SerialNumber.TryParse(hex, out SerialNumber _));
    }

    [Theory]
    [InlineData("00", "00")]
    [InlineData("FF", "-1")]
    [InlineData("80", "-80")]
    [InlineData("FF00", "-100")]
    public void A_strange_number_of_others_is_shown_but_never_written(string bytes, string text)
    {
        var serial = SerialNumber.FromBytes(Convert.FromHexString(bytes));

        Assert.Equal(text, serial.ToString());
        Assert.False(serial.IsWritable);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0001")]
    [InlineData("FFFF")]
    public void Octets_that_are_not_the_shortest_are_refused(string bytes) =>
        Assert.Throws<FormatException>(() => SerialNumber.FromBytes(Convert.FromHexString(bytes)));

    [Fact]
    public void A_serial_that_others_padded_is_the_same_number() =>
        Assert.Equal(SerialNumber.Parse("7F"), Read("0203" + "00007F"));

    private static SerialNumber Read(string hex) =>
        SerialNumber.Read(new(Convert.FromHexString(hex), System.Formats.Asn1.AsnEncodingRules.DER));
}
