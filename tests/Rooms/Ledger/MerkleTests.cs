using System.Text;
using Jpki.Ledger;
using Xunit;

namespace Jpki.Tests.Rooms.Ledger;

/// <summary>RFC 6962 2.1, by the vectors that certificate-transparency's own implementations share.</summary>
public sealed class MerkleTests
{
    private static readonly string[] Leaves =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    public static TheoryData<int, string> Roots => new()
    {
        { 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
        { 1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d" },
        { 2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125" },
        { 3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77" },
        { 4, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7" },
        { 5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4" },
        { 6, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef" },
        { 7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c" },
        { 8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328" },
    };

    [Theory, MemberData(nameof(Roots))]
    public void A_tree_has_the_root_of_the_shared_vectors(int size, string root)
    {
        var tree = new Frontier();
        foreach (var leaf in Leaves[..size])
            tree.Append(HashOf(Convert.FromHexString(leaf)));

        Assert.Equal(root, Convert.ToHexStringLower(tree.Root()));
        Assert.Equal(root, Convert.ToHexStringLower(Frontier.Restore(size, tree.Hashes).Root()));
    }

    [Fact]
    public void A_frontier_of_the_wrong_length_is_refused() =>
        Assert.Throws<FormatException>(() => Frontier.Restore(3, new byte[32]));

    [Fact]
    public void A_buffered_entry_is_canonical_json_with_the_leaf_prefix_before_it()
    {
        using var buffer = new EntryBuffer();
        buffer.Add(
            new LedgerEvent("失効", new DateTimeOffset(2026, 4, 1, 9, 0, 0, 5, TimeSpan.FromHours(9)), "成功", "操作員01"));
        var offset = 0;

        Assert.True(Segment.Next(buffer.Bytes, ref offset, out var leaf));
        Assert.Equal(0, leaf[0]);
        Assert.Equal("""{"what":"失効","at":"2026-04-01T00:00:00.005Z","result":"成功","source":"操作員01"}""",
            Encoding.UTF8.GetString(leaf[1..]));
        Assert.False(Segment.Next(buffer.Bytes, ref offset, out _));
    }

    [Fact]
    public void An_entry_too_long_for_a_tile_is_refused_and_leaves_nothing()
    {
        using var buffer = new EntryBuffer();

        Assert.Throws<ArgumentException>(() =>
            buffer.Add(new LedgerEvent("x", default, "y", "z", new string('a', 70_000))));
        Assert.Equal((0, 0), (buffer.Count, buffer.Length));
    }

    private static byte[] HashOf(byte[] entry)
    {
        var hash = new byte[Frontier.HashSize];
        Frontier.HashLeaf(entry, hash);
        return hash;
    }
}
