using Dapper;
using Npgsql;

namespace Jpki.Ledger;

/// <summary>
/// A PostgreSQL database as a whole, while no room has opened its books: for who fills an empty one from elsewhere.
/// </summary>
public static class PostgresBooks
{
    public static bool Understands(string location) => PostgresEngine.Understands(location);

    /// <summary>Which of these rooms have books there.</summary>
    public static IReadOnlyList<string> In(string location, IEnumerable<string> rooms)
    {
        using var connection = Open(location);
        return connection.Query<string>("SELECT schema_name FROM information_schema.schemata")
            .Intersect(rooms, StringComparer.Ordinal).ToList();
    }

    /// <summary>Throws the books of these rooms away, if they are there.</summary>
    public static void Discard(string location, IEnumerable<string> rooms)
    {
        using var connection = Open(location);
        foreach (var room in rooms)
            connection.Execute($"DROP SCHEMA IF EXISTS {PostgresEngine.SchemaOf(room)} CASCADE");
    }

    private static NpgsqlConnection Open(string location)
    {
        NpgsqlConnection connection = new(PostgresEngine.Settings(location, "public").ToString());
        connection.Open();
        return connection;
    }
}
