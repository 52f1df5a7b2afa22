using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Jpki.Ledger;

/// <summary>Finds logs on a disk, and for each log the key and the checkpoint by which to judge it.</summary>
internal sealed class LogSearch(IReadOnlyCollection<LogPublicKey> keys, IReadOnlyCollection<string> knownNotes)
{
    private readonly List<Checkpoint> known =
        [.. knownNotes.Select(note => Checkpoint.Open(note, Find(keys, note.Split('\n')[0])))];

    /// <summary>Whose log a file is. An empty log does not say; with one key there is no doubt.</summary>
    public string OriginOf(string file) =>
        Segments(file).FirstOrDefault()?.Checkpoint.Split('\n')[0] ?? (keys.Count == 1 ? keys.Single().Name : "");

    public LogPublicKey KeyOf(string origin) => Find(keys, origin);

    /// <summary>The largest checkpoint of that log that the verifier has seen before.</summary>
    public Checkpoint? Known(LogPublicKey key) => known.Where(k => k.Origin == key.Name).MaxBy(k => k.Size);

    /// <summary>The file, or every log in the folder that the keys can judge (a folder may hold other people's logs
    /// as well).</summary>
    public IEnumerable<string> Files(string location)
    {
        if (!Directory.Exists(location))
            return [location];
        return Directory.EnumerateFiles(location, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)
                && (IsFrames(file) || (IsSqlite(file) && HasLedger(file))) && IsOurs(file));
    }

    public static IEnumerable<Segment> Segments(string file) =>
        IsFrames(file) ? Frames(file)
        : IsSqlite(file) ? Rows(file)
        : throw new DamageException(0, 0, "the file is not a sealed log");

    private static LogPublicKey Find(IReadOnlyCollection<LogPublicKey> keys, string origin) =>
        keys.FirstOrDefault(k => k.Name == origin)
            ?? throw new FormatException($"there is no key for the log '{origin}'");

    private bool IsOurs(string file)
    {
        try
        {
            return OriginOf(file) is var origin && keys.Any(key => key.Name == origin);
        }
        catch (DamageException)
        {
            return true;
        }
    }

    private static IEnumerable<Segment> Frames(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        long offset = FrameFile.Magic.Length;
        // A log in use grows: what is sealed when the reading starts is what is read.
        var end = RandomAccess.GetLength(file);
        while (offset < end)
        {
            yield return FrameFile.Read(file, ref offset, end) ?? throw new DamageException(-1, -1,
                $"no whole segment lies at octet {offset}, where {end - offset} octets remain "
                + "(after a crash, opening the log repairs it)");
        }
    }

    private static IEnumerable<Segment> Rows(string path)
    {
        using var connection = Open(path);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT first, count, entries, leaves, frontier, checkpoint FROM ledger ORDER BY first";
        using var reader = command.ExecuteReader();
        while (Step(reader) is { } segment)
            yield return segment;
    }

    private static Segment? Step(DbDataReader reader)
    {
        try
        {
            return !reader.Read() ? null : new Segment(reader.GetInt64(0), checked((int)reader.GetInt64(1)),
                (byte[])reader[2], (byte[])reader[3], (byte[])reader[4], reader.GetString(5));
        }
        catch (Exception e) when (
            e is DbException or InvalidCastException or InvalidOperationException or OverflowException)
        {
            throw new DamageException(-1, -1, $"the segment cannot be read: {e.Message}");
        }
    }

    private static bool IsFrames(string path) => StartsWith(path, FrameFile.Magic);

    private static bool IsSqlite(string path) => StartsWith(path, "SQLite format 3\0"u8);

    private static bool HasLedger(string path)
    {
        using var connection = Open(path);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = 'ledger'";
        return (long)command.ExecuteScalar()! == 1;
    }

    private static bool StartsWith(string path, ReadOnlySpan<byte> magic)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        Span<byte> start = stackalloc byte[magic.Length];
        return FrameFile.Fill(file, start, 0) && start.SequenceEqual(magic);
    }

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=false");
        connection.Open();
        return connection;
    }
}
