using System.Text;
using Jpki.Forms;
using Xunit;

namespace Jpki.Tests.Rooms.Forms;

/// <summary>Which characters a certificate can show, judged by a table that is not ours.</summary>
public sealed class JisRepertoireTests
{
    /// <summary>
    /// Signs of JIS X 0208 for which Windows and JIS name different code points; both are taken. iconv knows the JIS
    /// ones only, but for ～, which it has as the tilde of JIS X 0212.
    /// </summary>
    private const string WindowsNames = "\uFF0D\u2225\uFFE0\uFFE1\uFFE2";

    [Fact, Cps("3-1-8")]
    public void The_whole_basic_plane_is_as_iconvs_EUC_JP_has_it()
    {
        var foreign = EncodedByIconv();

        var ours = Enumerable.Range(0, char.MaxValue + 1).Select(c => (char)c)
            .Where(JisRepertoire.Contains).ToHashSet();

        string[] onlyOurs = [.. ours.Except(foreign).Select(Hex)];
        string[] onlyForeign = [.. foreign.Except(ours).Select(Hex)];
        Assert.Equal(string.Join(' ', WindowsNames.Order().Select(Hex)), string.Join(' ', onlyOurs.Order()));
        Assert.Equal("", string.Join(' ', onlyForeign));
        // 6879 characters of JIS X 0208 and 6067 of JIS X 0212, five of them under two code points.
        Assert.Equal(6879 + 6067 + 5, ours.Count);
    }

    [Theory, Cps("3-1-8")]
    [InlineData("亜", true)]
    [InlineData("鷗", true)]
    [InlineData("Ａ", true)]
    [InlineData("－", true)]
    [InlineData("−", true)]
    [InlineData("A", true)]
    [InlineData("髙", false)]
    [InlineData("\uFA11", false)]
    [InlineData("𠮷", false)]
    [InlineData("①", false)]
    [InlineData("ｱ", false)]
    [InlineData("\uE000", false)]
    [InlineData("\u0007", false)]
    [InlineData("辻\U000E0100", false)]
    public void A_character_is_writable_when_a_standard_has_it(string character, bool writable) =>
        Assert.Equal(writable, SubstituteCharacters.FindIn(character).Count == 0);

    [Fact, Cps("3-1-8")]
    public void Whatever_is_proposed_can_be_written_and_stands_for_what_cannot() =>
        Assert.All(SubstituteCharacters.Known, known =>
        {
            Assert.False(SubstituteCharacters.IsWritable(known.Key), known.Key);
            Assert.NotEmpty(known.Value);
            Assert.All(known.Value, candidate => Assert.True(SubstituteCharacters.IsWritable(candidate), candidate));
            Assert.DoesNotContain("", known.Value);
        });

    /// <summary>One character a line: what iconv can encode in two or three octets is JIS X 0208 or 0212.</summary>
    private static HashSet<char> EncodedByIconv()
    {
        char[] plane = [.. Enumerable.Range(0xA0, char.MaxValue + 1 - 0xA0).Select(c => (char)c)
            .Where(c => !char.IsSurrogate(c))];
        var lines = Encoding.UTF8.GetBytes(string.Concat(plane.Select(c => $"{c}\n")));

        // -c leaves out what cannot be encoded, and then iconv ends with 1.
        var answer = Tool.Run("iconv", lines, "-c", "-f", "UTF-8", "-t", "EUC-JP");

        var encoded = Encoding.Latin1.GetString(answer.Output).Split('\n');
        Assert.Equal(plane.Length + 1, encoded.Length);
        return [.. plane.Zip(encoded)
            .Where(p => p.Second is [>= '\u00A1', _] or ['\u008F', _, _]).Select(p => p.First)];
    }

    private static string Hex(char character) => $"{(int)character:X4}";
}
