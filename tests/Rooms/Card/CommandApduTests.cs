using CsCheck;
using Jpki.Card;
using Xunit;

namespace Jpki.Tests.Rooms.Card;

/// <summary>Commands as ISO/IEC 7816-4 5.1 writes them.</summary>
public sealed class CommandApduTests
{
    [Theory]
    [InlineData("case 1", "00200080", 0, null)]
    [InlineData("case 2", "00B0000004", 0, 4)]
    [InlineData("case 2, all of a short one", "00B0000000", 0, 256)]
    [InlineData("case 3", "00A4020C020018", 2, null)]
    [InlineData("case 4", "802A008002ABCD00", 2, 256)]
    [InlineData("case 2, extended", "00B00000000100", 0, 256)]
    [InlineData("case 2, all of an extended one", "00B00000000000", 0, 65536)]
    [InlineData("case 3, extended", "00A4020C0000020018", 2, null)]
    [InlineData("case 4, extended", "802A0080000002ABCD0000", 2, 65536)]
    public void Each_case_is_read(string name, string octets, int data, int? expected)
    {
        Assert.True(CommandApdu.TryRead(Convert.FromHexString(octets), out var command), name);

        Assert.Equal((data, expected), (command.Data.Length, command.Expected));
    }

    [Theory]
    [InlineData("nothing", "")]
    [InlineData("no whole header", "00A404")]
    [InlineData("less data than announced", "00A4020C0200")]
    [InlineData("more data than announced", "00A4020C0200180000")]
    [InlineData("half of an extended length", "00B000000001")]
    [InlineData("an extended command of no data", "00B00000000000AB")]
    [InlineData("one octet of an extended expected length", "802A0080000002ABCD00")]
    public void Anything_else_is_no_command(string name, string octets) =>
        Assert.False(CommandApdu.TryRead(Convert.FromHexString(octets), out _), name);

    [Fact]
    public void What_is_written_is_read_back() =>
        Gen.Select(Gen.Byte.Array[4], Gen.Byte.Array[0, 255], Gen.Byte.Nullable()).Sample((header, data, le) =>
        {
            var octets = CommandApdu.Write(header[0], header[1], header[2], header[3], data, le);

            return CommandApdu.TryRead(octets, out var read)
                && read.Data.SequenceEqual(data)
                && read.Expected == (le == 0 ? 256 : le)
                && ((byte[])[read.Class, read.Instruction, read.P1, read.P2]).SequenceEqual(header);
        });
}
