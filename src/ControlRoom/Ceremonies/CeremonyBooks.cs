using System.Data.Common;
using Dapper;
using Jpki.Ledger;

namespace Jpki.ControlRoom.Ceremonies;

/// <summary>The pages of the books about ceremonies.</summary>
internal static class CeremonyBooks
{
    private const string Row =
        """
        SELECT id AS Id, title AS Title, approved_at AS ApprovedAt, digest AS Digest, file AS File, record AS Record,
            recorded_by AS RecordedBy
        FROM ceremony
        """;

    public static void Add(
        StoreTransaction tx, string id, string title, DateTimeOffset at, string digest, byte[] file) =>
        tx.Execute(
            """
            INSERT INTO ceremony (id, title, approved_at, digest, file) VALUES (@id, @title, @at, @digest, @file)
            ON CONFLICT (id) DO NOTHING
            """,
            new { id, title, at = at.ToUnixTimeMilliseconds(), digest, file });

    public static void Attach(StoreTransaction tx, string id, byte[] record, string by) => tx.Execute(
        "UPDATE ceremony SET record = @record, recorded_by = @by WHERE id = @id", new { id, record, by });

    public static PlannedCeremony? Find(DbConnection db, string id) =>
        db.QueryFirstOrDefault<CeremonyRow>(Row + " WHERE id = @id", new { id })?.ToCeremony();

    /// <summary>The newest first.</summary>
    public static IReadOnlyList<PlannedCeremony> Newest(DbConnection db) => [.. db.Query<CeremonyRow>(
        Row + " ORDER BY approved_at DESC LIMIT 100").Select(r => r.ToCeremony())];

    private sealed record CeremonyRow
    {
        public string Id { get; init; } = "";

        public string Title { get; init; } = "";

        public long ApprovedAt { get; init; }

        public string Digest { get; init; } = "";

        public byte[] File { get; init; } = [];

        public byte[]? Record { get; init; }

        public string? RecordedBy { get; init; }

        public PlannedCeremony ToCeremony() => new()
        {
            Id = Id,
            Title = Title,
            ApprovedAt = DateTimeOffset.FromUnixTimeMilliseconds(ApprovedAt),
            Digest = Digest,
            File = File,
            Record = Record is null ? null : PlannedCeremony.ReadRecord(Record),
            RecordedBy = RecordedBy,
        };
    }
}
