using System.Data.Common;

namespace Jpki.Ledger;

/// <summary>Checks sealed logs with nothing but public keys (CPS 4-11-5). 監査ログの改ざん検出</summary>
public static class LedgerVerifier
{
    /// <summary>
    /// Checks a store's SQLite file, a frame file, every such file in a folder, or a C2SP tlog-tiles log in a folder
    /// or behind an HTTP(S) address. A key whose log is not there, and a log shorter than a known checkpoint, are
    /// damage too.
    /// </summary>
    public static async Task<IReadOnlyList<LedgerVerdict>> Verify(
        string location, IReadOnlyCollection<LogPublicKey> keys, IReadOnlyCollection<string> knownNotes)
    {
        var search = new LogSearch(keys, knownNotes);
        var verdicts = await Judge(location, search);
        var missing = keys.Where(key => verdicts.All(v => v.Origin != key.Name));
        return [.. verdicts, .. missing.Select(key => new LedgerVerdict(location, key.Name, 0, "", 0,
            new LedgerDamage(0, (search.Known(key)?.Size ?? 1) - 1, $"there is no log of {key.Name} here")))];
    }

    private static async Task<LedgerVerdict[]> Judge(string location, LogSearch search)
    {
        if (location.StartsWith("http://", StringComparison.Ordinal)
            || location.StartsWith("https://", StringComparison.Ordinal))
        {
            using var client = new HttpClient { BaseAddress = new Uri(location.TrimEnd('/') + "/") };
            return [await Tiles(location, search, path => client.GetByteArrayAsync(path))];
        }
        if (File.Exists(Path.Combine(location, "checkpoint")))
            return [await Tiles(location, search, path => File.ReadAllBytesAsync(Path.Combine(location, path)))];
        return [.. search.Files(location).Select(file => Segments(file, search))];
    }

    private static LedgerVerdict Segments(string file, LogSearch search)
    {
        SegmentVerifier? verifier = null;
        LogPublicKey? key = null;
        LedgerVerdict Verdict(LedgerDamage? damage) => new(file, key?.Name ?? "", verifier?.Size ?? 0,
            Convert.ToBase64String(verifier?.Root ?? []), verifier?.Checkpoints ?? 0, damage);
        try
        {
            key = search.KeyOf(search.OriginOf(file));
            verifier = new SegmentVerifier(key, search.Known(key));
            verifier.Verify(LogSearch.Segments(file));
            return Verdict(null);
        }
        catch (DamageException e)
        {
            return Verdict(e.Damage.First < 0 ? e.Damage with { First = 0, Last = 0 } : e.Damage);
        }
        catch (Exception e) when (e is FormatException or DbException or IOException or UnauthorizedAccessException)
        {
            var at = verifier?.Size ?? 0;
            return Verdict(new LedgerDamage(at, at, e.Message));
        }
    }

    private static async Task<LedgerVerdict> Tiles(string location, LogSearch search, Func<string, Task<byte[]>> fetch)
    {
        TileVerifier? verifier = null;
        var origin = "";
        LedgerVerdict Verdict(LedgerDamage? damage) => new(location, origin, verifier?.Size ?? 0,
            Convert.ToBase64String(verifier?.Root ?? []), damage is null ? 1 : 0, damage);
        try
        {
            var checkpoint = await TileVerifier.Open(fetch, search.KeyOf);
            origin = checkpoint.Origin;
            verifier = new TileVerifier(checkpoint, search.Known(search.KeyOf(origin)), fetch);
            await verifier.Verify();
            return Verdict(null);
        }
        catch (DamageException e)
        {
            return Verdict(e.Damage);
        }
        catch (Exception e) when (e is FormatException or HttpRequestException or IOException
            or UnauthorizedAccessException or OperationCanceledException)
        {
            var at = verifier?.Size ?? 0;
            return Verdict(new LedgerDamage(at, at, e.Message));
        }
    }
}
