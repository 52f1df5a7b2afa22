using System.Collections.Concurrent;
using System.Data.Common;
using System.Text.RegularExpressions;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Jpki.Ledger;

/// <summary>A store in one file, for rooms that fit on one machine.</summary>
internal sealed partial class SqliteEngine(string path) : Engine
{
    private readonly ConcurrentBag<SqliteConnection> readers = [];
    private FileStream? held;
    private volatile bool closed;

    public override string Dialect => "sqlite";

    public override string Begin => "BEGIN IMMEDIATE";

    public override DbConnection OpenWriter()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        held = DurableFile.Hold(path + ".lock");
        var connection = Open(SqliteOpenMode.ReadWriteCreate);
        // FULL: in WAL mode only this syncs the log at every commit.
        connection.Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536");
        return connection;
    }

    public override DbConnection RentReader() => readers.TryTake(out var idle) ? idle : OpenReader();

    public override void Return(DbConnection reader)
    {
        if (closed)
            reader.Dispose();
        else
            readers.Add((SqliteConnection)reader);
    }

    public override object Adapt(object? value) => value switch
    {
        null => DBNull.Value,
        Enum number => Convert.ToInt64(number, null),
        bool flag => flag ? 1L : 0L,
        ReadOnlyMemory<byte> bytes => bytes.ToArray(),
        _ => value,
    };

    /// <summary>A column declared BYTEA would hold octets as well, but the driver would call it text.</summary>
    public override string Spell(string sql) => Octets().Replace(sql, "BLOB");

    public override void Dispose()
    {
        closed = true;
        while (readers.TryTake(out var reader))
            reader.Dispose();
        held?.Dispose();
    }

    private SqliteConnection OpenReader()
    {
        var connection = Open(SqliteOpenMode.ReadWrite);
        connection.Execute("PRAGMA query_only=1");
        return connection;
    }

    private SqliteConnection Open(SqliteOpenMode mode)
    {
        var settings = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            ForeignKeys = true,
            Pooling = false,
            DefaultTimeout = 30, // seconds of busy_timeout
        };
        var connection = new SqliteConnection(settings.ToString());
        connection.Open();
        return connection;
    }

    [GeneratedRegex(@"\bBYTEA\b", RegexOptions.IgnoreCase)]
    private static partial Regex Octets();
}
