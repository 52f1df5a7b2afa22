using CsCheck;
using Jpki.Repository;
using Xunit;

namespace Jpki.Tests.Rooms.Repository;

/// <summary>Whatever the octets are, reading them either succeeds or says why not.</summary>
public sealed class RandomInputTests
{
    private static readonly DirectoryLimits Limits = new();

    [Fact]
    public void A_damaged_request_is_read_or_malformed()
    {
        var good = RawLdap.Search(7, DirectoryRoom.KawagoeDn,
            Ber.Element(0xA0, RawLdap.All, Ber.Element(0xA4, RawLdap.Text("cn"),
                Ber.Element(Ber.Sequence, Ber.Element(0x80, "a"u8.ToArray()), Ber.Element(0x82, "b"u8.ToArray())))),
            2, "cn", "certificateRevocationList;binary");

        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte, Gen.Int[0, good.Length - 1], Gen.Byte).Sample(
            (at, octet, otherAt, other) =>
            {
                var bad = good.ToArray();
                (bad[at], bad[otherAt]) = (octet, other);
                Read(bad);
            });
    }

    [Fact]
    public void Random_octets_are_read_or_malformed() => Gen.Byte.Array[0, 200].Sample(Read);

    [Fact]
    public void A_number_written_is_the_number_read() => Gen.Int[0, int.MaxValue].Sample(number =>
    {
        BerReader reader = new(RawLdap.Number(Ber.Integer, number));
        return reader.ReadNumber(Ber.Integer) == number;
    });

    [Fact]
    public void A_length_written_is_the_length_read() => Gen.Int[0, 1 << 20].Sample(length =>
    {
        Span<byte> header = stackalloc byte[Ber.MaxHeader];
        var size = Ber.WriteHeader(header, Ber.OctetString, length);
        return BerReader.TryReadHeader(header[..size], out var read, out var content)
            && read == size && content == length && Ber.Size(length) == size + length;
    });

    [Fact]
    public void A_name_means_the_same_however_its_values_are_escaped() =>
        Gen.String[Gen.Char[' ', '\u30FF'], 1, 12].Where(v => v.Trim().Length > 0).Sample(value =>
        {
            var hex = string.Concat(System.Text.Encoding.UTF8.GetBytes(value).Select(b => $"\\{b:x2}"));
            var der = Convert.ToHexString(Ber.Element(0x0C, System.Text.Encoding.UTF8.GetBytes(value)));
            return Dn.Parse($"cn={hex}, c=JP") == Dn.Parse($"2.5.4.3=#{der},C=jp");
        });

    private static void Read(byte[] octets)
    {
        try
        {
            Assert.True(RequestReader.Read(octets, Limits).Id > 0);
        }
        catch (FormatException)
        {
            // What the caller is told, before the connection ends.
        }
    }
}
