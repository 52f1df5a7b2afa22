using Jpki.Ledger;

namespace Jpki.ControlRoom.Logs;

/// <summary>How a log is looked through: in tiles of 256, from where the time asked for begins.</summary>
internal static class LogScan
{
    public const int PageRows = 50;

    private const int Tile = 256;
    private const int MostTiles = 100;

    /// <summary>Entries are written as they come in, so not quite in the order of their times.</summary>
    private static readonly TimeSpan Disorder = TimeSpan.FromMinutes(10);

    /// <summary>Backwards, until a page is full, the time asked for is over, or this many tiles were read.</summary>
    public static async Task<LogPage> Page(LogFollower log, LogQuestion question, long size)
    {
        var end = Math.Min(question.Before ?? long.MaxValue, await EndOf(log, question.Until, size));
        List<LogEntry> found = [];
        var tile = (end - 1) / Tile;
        for (var read = 0; end > 0 && tile >= 0 && read < MostTiles; read++, tile--)
        {
            var entries = await log.ReadTile(tile, 0, end);
            foreach (var entry in entries.Reverse().Where(question.Fits))
            {
                found.Add(entry);
                if (found.Count == PageRows)
                    return new(size, found, entry.Index > 0 ? entry.Index : null);
            }
            if (question.From is { } from && entries.Count > 0 && entries.Max(e => e.Event.At) < from - Disorder)
                return new(size, found, null);
        }
        return new(size, found, tile >= 0 && end > 0 ? (tile + 1) * Tile : null);
    }

    /// <summary>Forwards, as long as the reader takes it.</summary>
    public static async IAsyncEnumerable<LogEntry> All(LogFollower log, LogQuestion question, long size)
    {
        var end = Math.Min(question.Before ?? long.MaxValue, await EndOf(log, question.Until, size));
        var start = question.From is { } from ? await EndOf(log, from - (2 * Disorder), size) - Tile : 0;
        for (var tile = Math.Max(0, start / Tile); tile * Tile < end; tile++)
        {
            foreach (var entry in (await log.ReadTile(tile, 0, end)).Where(question.Fits))
                yield return entry;
        }
    }

    /// <summary>The number of the first tile's first entry that is certainly after that time.</summary>
    private static async Task<long> EndOf(LogFollower log, DateTimeOffset? until, long size)
    {
        if (until is not { } time || time > DateTimeOffset.MaxValue - Disorder)
            return size;
        var (low, high) = (0L, (size + Tile - 1) / Tile);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if ((await log.ReadTile(middle, 0, long.MaxValue))[0].Event.At > time + Disorder)
                high = middle;
            else
                low = middle + 1;
        }
        return Math.Min(size, low * Tile);
    }
}
