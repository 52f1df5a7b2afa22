using CsCheck;
using Jpki.Forms;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.Forms;

public sealed class SerialCipherTests
{
    private static readonly Gen<byte[]> Keys = Gen.Byte.Array[SerialCipher.KeyBytes];

    [Fact]
    public void What_is_encrypted_comes_back() =>
        Gen.Select(Keys, Gen.Int[1, int.MaxValue], Gen.Long[1, long.MaxValue]).Sample((key, generation, counter) =>
        {
            using SerialCipher cipher = new(key);

            return cipher.TryDecrypt(cipher.Encrypt(generation, counter), out var g, out var c)
                && (g, c) == (generation, counter);
        });

    [Fact]
    public void A_serial_is_a_positive_integer_of_at_most_17_octets() =>
        Gen.Select(Keys, Gen.Long[1, long.MaxValue]).Sample((key, counter) =>
        {
            using SerialCipher cipher = new(key);

            var octets = cipher.Encrypt(1, counter).Bytes.Span;

            return octets.Length is >= 1 and <= 17 && octets[0] < 0x80;
        });

    [Fact]
    public void Serials_with_leading_zero_octets_come_back_too()
    {
        using SerialCipher cipher = new(new byte[SerialCipher.KeyBytes]);
        var shortSerials = 0;
        for (var counter = 1L; counter <= 20_000; counter++)
        {
            var serial = cipher.Encrypt(1, counter);
            if (serial.Bytes.Length < 16)
                shortSerials++;
            Assert.True(cipher.TryDecrypt(serial, out _, out var back));
            Assert.Equal(counter, back);
        }
        Assert.InRange(shortSerials, 1, 200);
    }

    [Fact]
    public void A_strangers_serial_is_nobodys() =>
        Gen.Select(Keys, Gen.Byte.Array[1, 20]).Sample((key, octets) =>
        {
            using SerialCipher cipher = new(key);
            octets[0] = (byte)((octets[0] & 0x7F) | 1);

            return !cipher.TryDecrypt(SerialNumber.FromUnsigned(octets), out var g, out var c) && (g, c) == (0, 0);
        });

    [Theory]
    [InlineData("the top bit set in 16 octets would be a negative number", "80000000000000000000000000000000")]
    [InlineData("18 octets", "010000000000000000000000000000000000")]
    [InlineData("zero", "00")]
    public void An_impossible_serial_is_nobodys(string why, string hex)
    {
        using SerialCipher cipher = new(new byte[SerialCipher.KeyBytes]);

        Assert.False(cipher.TryDecrypt(SerialNumber.FromBytes(Convert.FromHexString(hex)), out _, out _), why);
    }

    [Fact]
    public void Another_generations_key_opens_nothing()
    {
        using SerialCipher first = new([.. Enumerable.Repeat((byte)1, 16)]);
        using SerialCipher second = new([.. Enumerable.Repeat((byte)2, 16)]);

        Assert.False(second.TryDecrypt(first.Encrypt(1, 1), out _, out _));
    }

    [Fact]
    public void Threads_may_share_a_cipher()
    {
        using SerialCipher cipher = new(new byte[SerialCipher.KeyBytes]);

        Parallel.For(1, 5_000, counter =>
            Assert.True(cipher.TryDecrypt(cipher.Encrypt(7, counter), out var g, out var c) && (g, c) == (7, counter)));
    }

    [Fact]
    public void A_generation_or_a_counter_of_zero_is_misuse()
    {
        using SerialCipher cipher = new(new byte[SerialCipher.KeyBytes]);

        Assert.Throws<ArgumentOutOfRangeException>(() => cipher.Encrypt(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => cipher.Encrypt(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SerialCipher(new byte[15]));
    }
}
