using System.Net;
using System.Security.Cryptography;
using Jpki.Ledger;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Jpki.Tests.Rooms.Ledger;

/// <summary>C2SP tlog-tiles: a log as static resources.</summary>
public sealed class TileTests : LedgerRoom
{
    [Theory]
    [InlineData("tile/0/000", 0, 0L, 256)]
    [InlineData("tile/entries/x001/x234/067", null, 1234067L, 256)]
    [InlineData("tile/1/x001/000.p/5", 1, 1000L, 5)]
    public void A_tiles_address_reads_back(string path, int? level, long index, int count)
    {
        Assert.True(TilePath.TryParse(path, out var tile));
        Assert.Equal(new TilePath(level, index, count), tile);
        Assert.Equal(path, tile.ToString());
    }

    [Theory]
    [InlineData("tile/0/0")]
    [InlineData("tile/0/x000/001")]
    [InlineData("tile/0/001/002")]
    [InlineData("tile/8/001")]
    [InlineData("tile/-1/001")]
    [InlineData("tile/0/001.p/256")]
    [InlineData("tile/0/001.p/0")]
    [InlineData("tile/0/001.p/x")]
    [InlineData("tile/0")]
    [InlineData("../log.key")]
    [InlineData("tile/0/../001")]
    public void Anything_else_is_no_address(string path) => Assert.False(TilePath.TryParse(path, out _));

    [Fact]
    public async Task Upper_tiles_are_the_roots_of_lower_ones_and_only_what_is_sealed_is_there()
    {
        await using var log = await LogOf(70_000);
        var tree = new Frontier();
        for (var i = 0; i < 256; i++)
        {
            var tile = log.Log.Resource($"tile/0/{i:d3}")!;
            var lower = new Frontier();
            for (var at = 0; at < tile.Length; at += 32)
                lower.Append(tile.AsSpan(at, 32));
            tree.Append(lower.Root());
        }

        Assert.Equal(tree.Root(), log.Log.Resource("tile/2/000.p/1"));
        Assert.Equal(tree.Root(), RootOf(log.Log.Resource("tile/1/000")!));
        Assert.NotNull(log.Log.Resource($"tile/0/{70_000 / 256:d3}.p/{70_000 % 256}"));
        Assert.Null(log.Log.Resource($"tile/0/{70_000 / 256:d3}.p/{(70_000 % 256) + 1}"));
        Assert.Null(log.Log.Resource($"tile/0/{(70_000 / 256) + 1:d3}.p/1"));
        Assert.Null(log.Log.Resource("tile/2/000.p/2"));
        Assert.Null(log.Log.Resource("tile/3/000.p/1"));
    }

    [Fact, Cps("4-11-5")]
    public async Task A_published_folder_is_verified_and_a_change_in_it_shows()
    {
        await using var log = await LogOf(1000);
        foreach (var path in Addresses(1000))
            await WriteResource(path, log.Log.Resource(path)!);
        var good = Assert.Single(await LedgerVerifier.Verify(Folder, [Key.PublicKey], [log.Log.Checkpoint!]));

        var bundle = Path.Combine(Folder, "tile/entries/002");
        var bytes = await File.ReadAllBytesAsync(bundle, TestContext.Current.CancellationToken);
        bytes[5] ^= 1;
        await File.WriteAllBytesAsync(bundle, bytes, TestContext.Current.CancellationToken);
        var bad = Assert.Single(await LedgerVerifier.Verify(Folder, [Key.PublicKey], []));

        Assert.True(good.IsGood, good.ToString());
        Assert.Equal(1000, good.Size);
        Assert.Equal(512, bad.Damage!.First);
    }

    [Fact, Cps("4-11-5")]
    public async Task A_log_behind_http_is_verified_with_its_public_key_alone()
    {
        await using var store = OpenStore(Path.Combine(Folder, "room.db"));
        await Task.WhenAll(Enumerable.Range(0, 3000).Select(i => store.Write(tx => tx.Record(Event(i)))));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapGet("/log/{**path}", (string path) =>
            store.Log.Resource(path) is { } bytes
                ? Results.Bytes(bytes) : Results.StatusCode((int)HttpStatusCode.NotFound));
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var other = LogKey.Create(Key.Name, RandomNumberGenerator.Create());

        var good = Assert.Single(await LedgerVerifier.Verify(app.Urls.Single() + "/log", [Key.PublicKey], []));
        var bad = await LedgerVerifier.Verify(app.Urls.Single() + "/log", [other.PublicKey], []);

        Assert.True(good.IsGood, good.ToString());
        Assert.Equal((3000, store.Health.LogSize), (good.Size, good.Size));
        Assert.Contains("signature", bad[0].Damage!.Why, StringComparison.Ordinal);
    }

    private static byte[] RootOf(byte[] hashes)
    {
        var tree = new Frontier();
        for (var at = 0; at < hashes.Length; at += 32)
            tree.Append(hashes.AsSpan(at, 32));
        return tree.Root();
    }

    private static IEnumerable<string> Addresses(int size)
    {
        yield return "checkpoint";
        for (var index = 0; index * 256 < size; index++)
        {
            var tile = new TilePath(0, index, Math.Min(256, size - (index * 256)));
            yield return tile.ToString();
            yield return (tile with { Level = null }).ToString();
        }
    }

    private async Task<FileLog> LogOf(int entries)
    {
        var log = FileLog.Open(Path.Combine(Folder, "tiles.log"), Key);
        await Task.WhenAll(Enumerable.Range(0, entries).Select(i => log.Append(Event(i))));
        return log;
    }

    private async Task WriteResource(string path, byte[] bytes)
    {
        var file = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
    }
}
