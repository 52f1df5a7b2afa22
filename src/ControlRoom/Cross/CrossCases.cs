using System.Data.Common;
using System.Text.Json;
using Dapper;
using Jpki.Forms;
using Jpki.Ledger;

namespace Jpki.ControlRoom.Cross;

/// <summary>The pages of the books about papers on cross certificates.</summary>
internal static class CrossCases
{
    private const string Row =
        """
        SELECT id AS Id, work AS Work, subject AS Subject, requester_proof AS RequesterProof,
            connection_test AS ConnectionTest, state AS State, answer AS Answer, receipt AS Receipt
        FROM cross_case
        """;

    private const string StageRows =
        "SELECT officer AS Officer, finding AS Finding, at AS At FROM cross_stage WHERE case_id = @id ORDER BY stage";

    public static void Add(StoreTransaction tx, CrossReception form) => tx.Execute(
        """
        INSERT INTO cross_case (id, work, subject, requester_proof, connection_test, state)
        VALUES (@Id, @Work, @subject, @RequesterProof, @ConnectionTest, 0)
        """,
        new { form.Id, form.Work, subject = form.Subject.GetRawText(), form.RequesterProof, form.ConnectionTest });

    public static void AddStage(StoreTransaction tx, string id, int stage, CrossStage said) => tx.Execute(
        "INSERT INTO cross_stage (case_id, stage, officer, finding, at) VALUES (@id, @stage, @Officer, @Finding, @at)",
        new { id, stage, said.Officer, said.Finding, at = said.At.ToUnixTimeMilliseconds() });

    public static void SetState(StoreTransaction tx, string id, CrossState state) =>
        tx.Execute("UPDATE cross_case SET state = @state WHERE id = @id", new { id, state = (long)state });

    public static void SetAnswer(StoreTransaction tx, string id, CrossAnswer answer) => tx.Execute(
        "UPDATE cross_case SET state = @state, answer = @answer WHERE id = @id",
        new { id, state = (long)CrossState.Done, answer = JsonSerializer.Serialize(answer, FormJson.Options) });

    public static void SetReceipt(StoreTransaction tx, string id, string receipt) =>
        tx.Execute("UPDATE cross_case SET receipt = @receipt WHERE id = @id", new { id, receipt });

    public static CrossCase? Find(StoreTransaction tx, string id) =>
        tx.QueryFirstOrDefault<CaseRow>(Row + " WHERE id = @id", new { id })
            ?.ToCase(tx.Query<StageRow>(StageRows, new { id }));

    public static CrossCase? Find(DbConnection db, string id) =>
        db.QueryFirstOrDefault<CaseRow>(Row + " WHERE id = @id", new { id })
            ?.ToCase(db.Query<StageRow>(StageRows, new { id }));

    /// <summary>What waits for somebody first.</summary>
    public static IReadOnlyList<CrossCase> All(DbConnection db) =>
        [.. db.Query<CaseRow>(Row + " ORDER BY state, id LIMIT 200").ToList()
            .Select(r => r.ToCase(db.Query<StageRow>(StageRows, new { id = r.Id })))];

    private sealed record CaseRow
    {
        public string Id { get; init; } = "";

        public string Work { get; init; } = "";

        public string Subject { get; init; } = "";

        public string RequesterProof { get; init; } = "";

        public string? ConnectionTest { get; init; }

        public long State { get; init; }

        public string? Answer { get; init; }

        public string? Receipt { get; init; }

        public CrossCase ToCase(IEnumerable<StageRow> stages) => new()
        {
            Id = Id,
            Work = Work,
            Subject = Subject,
            RequesterProof = RequesterProof,
            ConnectionTest = ConnectionTest,
            State = (CrossState)State,
            Stages = [.. stages.Select(s =>
                new CrossStage(s.Officer, DateTimeOffset.FromUnixTimeMilliseconds(s.At), s.Finding))],
            Answer = Answer is null ? null : JsonSerializer.Deserialize<CrossAnswer>(Answer, FormJson.Options),
            Receipt = Receipt,
        };
    }

    private sealed record StageRow
    {
        public string Officer { get; init; } = "";

        public string Finding { get; init; } = "";

        public long At { get; init; }
    }
}
