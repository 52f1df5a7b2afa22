using System.Globalization;
using System.Security.Cryptography;
using CsCheck;
using Jpki.Hsm.Quorum;
using Xunit;

namespace Jpki.Tests.Rooms.Hsm;

/// <summary>The judges are gfsplit and gfcombine of Debian's libgfshare-bin.</summary>
public sealed class ShamirTests
{
    [Theory, Cps("6-2-1-2")]
    [InlineData(2, 3)]
    [InlineData(3, 5)]
    [InlineData(5, 5)]
    [InlineData(2, 255)]
    public void Gfcombine_joins_what_we_split(int threshold, int count)
    {
        using ScratchFolder folder = new();
        using var random = RandomNumberGenerator.Create();
        var secret = new byte[32];
        random.GetBytes(secret);
        var shares = Shamir.Split(secret, threshold, count, random);
        // The last ones, so that x is not small.
        var files = Enumerable.Range(count - threshold, threshold).Select(i => folder.Write(
            string.Create(CultureInfo.InvariantCulture, $"share.{i + 1:000}"), shares[i]));

        Tool.Run("gfcombine", ["-o", folder["joined"], .. files]).Succeeded();

        Assert.Equal(secret, File.ReadAllBytes(folder["joined"]));
    }

    [Fact]
    public void We_join_what_gfsplit_splits()
    {
        using ScratchFolder folder = new();
        using var random = RandomNumberGenerator.Create();
        var secret = new byte[64];
        random.GetBytes(secret);
        var path = folder.Write("secret", secret);

        Tool.Run("gfsplit", "-n", "3", "-m", "5", path, folder["share"]).Succeeded();

        var points = Directory.GetFiles(folder.Root, "share.*").Order().Take(3)
            .Select(f => (byte.Parse(f[^3..], CultureInfo.InvariantCulture), File.ReadAllBytes(f))).ToList();
        Assert.Equal(secret, Shamir.Join(points));
    }

    [Fact]
    public void Any_threshold_of_the_shares_gives_the_secret() =>
        Gen.Select(Gen.Byte.Array[1, 40], Gen.Int[2, 6], Gen.Int[0, 4], Gen.Int).Sample((secret, threshold, more, by) =>
        {
            using var random = RandomNumberGenerator.Create();
            var shares = Shamir.Split(secret, threshold, threshold + more, random);
            var some = shares.Select((y, i) => ((byte)(i + 1), y)).OrderBy(s => (s.Item1 * 31L + by) % 7)
                .Take(threshold).ToList();
            return Shamir.Join(some).SequenceEqual(secret);
        }, iter: 200);

    [Fact, Cps("6-2-1-2")]
    public void One_share_too_few_says_nothing()
    {
        using var random = RandomNumberGenerator.Create();

        // Of one share of two, each value is as likely for either secret; a thousand splittings show all 256.
        var seen = Enumerable.Range(0, 5000).Select(_ => Shamir.Split([0], 2, 2, random)[0][0]).ToHashSet();

        Assert.Equal(256, seen.Count);
    }

    [Fact]
    public void Every_element_but_zero_has_its_inverse() =>
        Assert.All(Enumerable.Range(1, 255), a => Assert.Equal(1, Shamir.Multiply((byte)a, Shamir.Inverse((byte)a))));
}
