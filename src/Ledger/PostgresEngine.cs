using System.Data.Common;
using System.Text.RegularExpressions;
using Dapper;
using Npgsql;

namespace Jpki.Ledger;

/// <summary>A store in a PostgreSQL schema named after the room, for rooms that outgrew one machine.</summary>
internal sealed partial class PostgresEngine : Engine
{
    private readonly NpgsqlDataSource source;
    private readonly string schema;

    public PostgresEngine(string location, string room)
    {
        schema = SchemaOf(room);
        source = NpgsqlDataSource.Create(Settings(location, schema).ToString());
    }

    public override string Dialect => "postgres";

    public override string Begin => "BEGIN";

    public static bool Understands(string location) =>
        location.StartsWith("postgres://", StringComparison.Ordinal)
        || location.StartsWith("postgresql://", StringComparison.Ordinal);

    /// <exception cref="ArgumentException">The room's name cannot stand in SQL as it is.</exception>
    public static string SchemaOf(string room) => SchemaName().IsMatch(room.ToLowerInvariant())
        ? room.ToLowerInvariant()
        : throw new ArgumentException($"'{room}' cannot name a schema", nameof(room));

    public override DbConnection OpenWriter()
    {
        var connection = source.OpenConnection();
        try
        {
            // Held by the session: a second writer, or a node that wrongly thinks itself the primary, does not get in.
            // The server may need a moment to see that the session of a killed process is over.
            connection.Execute("SET lock_timeout = '3s'");
            connection.Execute("SELECT pg_advisory_lock(hashtext(@schema))", new { schema });
            connection.Execute("RESET lock_timeout");
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            connection.Dispose();
            throw new LedgerBrokenException($"another process holds the store {schema}", e);
        }
        connection.Execute($"CREATE SCHEMA IF NOT EXISTS {schema}");
        return connection;
    }

    public override DbConnection RentReader() => source.OpenConnection();

    public override void Return(DbConnection reader) => reader.Dispose();

    public override object Adapt(object? value) => value switch
    {
        null => DBNull.Value,
        Enum number => Convert.ToInt64(number, null),
        bool flag => flag ? 1L : 0L,
        _ => value,
    };

    public override void Dispose() => source.Dispose();

    internal static NpgsqlConnectionStringBuilder Settings(string location, string schema)
    {
        var uri = new Uri(location);
        var user = uri.UserInfo.Split(':', 2);
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.IsDefaultPort || uri.Port < 0 ? 5432 : uri.Port,
            Username = Uri.UnescapeDataString(user[0]),
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
            Database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/')),
            SearchPath = schema,
            MaxAutoPrepare = 100,
            AutoPrepareMinUsages = 2,
            Enlist = false,
        };
        // What else libpq's URIs may say, such as host=/run/postgresql or sslmode=verify-full.
        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var setting = pair.Split('=', 2);
            settings[setting[0]] = Uri.UnescapeDataString(setting.ElementAtOrDefault(1) ?? "");
        }
        return settings;
    }

    [GeneratedRegex("^[a-z_][a-z0-9_]{0,62}$")]
    private static partial Regex SchemaName();
}
