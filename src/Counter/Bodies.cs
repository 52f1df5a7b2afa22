using System.Text.Json;
using Jpki.Forms;
using Jpki.Ledger;

namespace Jpki.Counter;

/// <summary>Records as the store keeps them: whole, as JSON, beside the columns that they are found by.</summary>
internal static class Bodies
{
    public static string Write<T>(T record) => JsonSerializer.Serialize(record, FormJson.Options);

    public static T? Read<T>(string? body) where T : class =>
        body is null ? null : JsonSerializer.Deserialize<T>(body, FormJson.Options);

    public static IReadOnlyList<T> ReadAll<T>(IEnumerable<string> bodies) where T : class =>
        [.. bodies.Select(body => Read<T>(body)!)];

    /// <summary>False, and nothing changed, when it is no longer in the state it was read in.</summary>
    /// <param name="tx">Where.</param>
    /// <param name="table">One of ours: it stands in the statement as it is.</param>
    /// <param name="id">Which.</param>
    /// <param name="from">The state it was read in.</param>
    /// <param name="to">The state it is in now.</param>
    /// <param name="record">As it is now.</param>
    public static bool Update<TState, T>(
        StoreTransaction tx, string table, string id, TState from, TState to, T record) where TState : struct, Enum =>
        tx.Execute(
            $"UPDATE {table} SET state = @to, body = @body WHERE id = @id AND state = @from",
            new { id, from = from.ToString(), to = to.ToString(), body = Write(record) }) == 1;
}
