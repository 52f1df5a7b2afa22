using System.Data.Common;
using Dapper;

namespace Jpki.Ledger;

/// <summary>The table <c>ledger</c> of a store: one row per segment.</summary>
internal sealed class SegmentTable(DbConnection connection)
{
    private const string Columns = "first, count, entries, leaves, frontier, checkpoint";

    private readonly DbCommand insert = Prepare(connection);

    public static Segment? Last(DbConnection connection) =>
        Read(connection, $"SELECT {Columns} FROM ledger ORDER BY first DESC LIMIT 1", new { }).FirstOrDefault();

    /// <summary>The segments that hold the entries from one number up to another.</summary>
    public static IReadOnlyList<Segment> Between(
        DbConnection connection, long from, long to) => [.. Read(connection, $"""
        SELECT {Columns} FROM ledger
        WHERE first >= COALESCE((SELECT MAX(first) FROM ledger WHERE first <= @from), 0) AND first < @to ORDER BY first
        """, new { from, to })];

    public static string? Newest(DbConnection connection) =>
        connection.ExecuteScalar<string?>("SELECT checkpoint FROM ledger ORDER BY first DESC LIMIT 1");

    public void Add(Segment segment)
    {
        Set("first", segment.First);
        Set("count", (long)segment.Count);
        Set("entries", segment.Entries.ToArray());
        Set("leaves", segment.Leaves.ToArray());
        Set("frontier", segment.Frontier.ToArray());
        Set("checkpoint", segment.Checkpoint);
        insert.ExecuteNonQuery();
    }

    private static IEnumerable<Segment> Read(DbConnection connection, string sql, object values) =>
        connection.Query<Row>(sql, values, buffered: false)
            .Select(r => new Segment(r.First, checked((int)r.Count), r.Entries, r.Leaves, r.Frontier, r.Checkpoint));

    private static DbCommand Prepare(DbConnection connection)
    {
        var command = connection.CreateCommand();
        command.CommandText =
            $"INSERT INTO ledger ({Columns}) VALUES (@first, @count, @entries, @leaves, @frontier, @checkpoint)";
        foreach (var column in Columns.Split(", "))
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = column;
            command.Parameters.Add(parameter);
        }
        return command;
    }

    private void Set(string name, object value) => insert.Parameters[name].Value = value;

    private sealed record Row(
        long First, long Count, byte[] Entries, byte[] Leaves, byte[] Frontier, string Checkpoint);
}
