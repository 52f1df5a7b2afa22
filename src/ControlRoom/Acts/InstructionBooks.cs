using System.Data.Common;
using System.Text.Json;
using Dapper;
using Jpki.Forms;
using Jpki.Ledger;

namespace Jpki.ControlRoom.Acts;

/// <summary>The pages of the books about instructions.</summary>
internal static class InstructionBooks
{
    public static void Add(StoreTransaction tx, Instruction instruction) => tx.Execute(
        """
        INSERT INTO instruction (id, duty, state, given_by, given_at, act, body)
        VALUES (@Id, @Duty, @state, @GivenBy, @at, @Act, @body)
        """,
        new
        {
            instruction.Id,
            instruction.Duty,
            state = (long)instruction.State,
            instruction.GivenBy,
            at = instruction.GivenAt.ToUnixTimeMilliseconds(),
            instruction.Act,
            body = Write(instruction),
        });

    public static void Save(StoreTransaction tx, Instruction instruction) => tx.Execute(
        "UPDATE instruction SET state = @state, act = @Act, body = @body WHERE id = @Id",
        new { instruction.Id, instruction.Act, state = (long)instruction.State, body = Write(instruction) });

    public static Instruction? Find(StoreTransaction tx, string id) =>
        Read(tx.QueryFirstOrDefault<string>("SELECT body FROM instruction WHERE id = @id", new { id }));

    public static Instruction? Find(DbConnection db, string id) =>
        Read(db.QueryFirstOrDefault<string>("SELECT body FROM instruction WHERE id = @id", new { id }));

    /// <summary>Those whose result nobody has confirmed, the oldest first.</summary>
    public static IReadOnlyList<Instruction> Open(DbConnection db) => [.. db.Query<string>(
        "SELECT body FROM instruction WHERE state < 3 ORDER BY given_at LIMIT 200").Select(b => Read(b)!)];

    /// <summary>The newest first.</summary>
    public static IReadOnlyList<Instruction> Closed(DbConnection db, int count) => [.. db.Query<string>(
        "SELECT body FROM instruction WHERE state >= 3 ORDER BY given_at DESC LIMIT @count", new { count })
        .Select(b => Read(b)!)];

    private static string Write(Instruction instruction) => JsonSerializer.Serialize(instruction, FormJson.Options);

    private static Instruction? Read(string? body) =>
        body is null ? null : JsonSerializer.Deserialize<Instruction>(body, FormJson.Options);
}
