using System.Data.Common;
using Dapper;
using Jpki.Ledger;

namespace Jpki.ControlRoom.Logs;

/// <summary>The inspections in the control room's store, one SQL sentence per act.</summary>
internal static class InspectionBooks
{
    private const string Columns =
        "number AS Number, room AS Room, first AS First, last AS Last, officer AS Officer, at AS At, "
        + "is_well AS IsWell, finding AS Finding";

    /// <summary>Keeps it under the next number.</summary>
    public static Inspection Add(StoreTransaction tx, Inspection inspection)
    {
        var number = tx.QueryFirstOrDefault<long>("SELECT COALESCE(MAX(number), 0) + 1 FROM log_inspection");
        tx.Execute(
            """
            INSERT INTO log_inspection (number, room, first, last, officer, at, is_well, finding)
            VALUES (@number, @Room, @First, @Last, @Officer, @at, @isWell, @Finding)
            """,
            new
            {
                number,
                inspection.Room,
                inspection.First,
                inspection.Last,
                inspection.Officer,
                at = inspection.At.ToUnixTimeMilliseconds(),
                isWell = inspection.IsWell ? 1L : 0L,
                inspection.Finding,
            });
        return inspection with { Number = number };
    }

    /// <summary>Newest first.</summary>
    public static IReadOnlyList<Inspection> Newest(DbConnection db, string room, int most) =>
        [.. db.Query<Row>(
            $"SELECT {Columns} FROM log_inspection WHERE room = @room ORDER BY number DESC LIMIT @most",
            new { room, most }).Select(row => row.Seen())];

    /// <summary>When every one of these rooms' logs had been inspected; null when one never was.</summary>
    public static DateTimeOffset? AllInspectedAt(DbConnection db, IReadOnlyCollection<string> rooms)
    {
        var last = db.Query<(string Room, long At)>("SELECT room, MAX(at) FROM log_inspection GROUP BY room")
            .ToDictionary(row => row.Room, row => row.At);
        return rooms.Count > 0 && rooms.All(last.ContainsKey)
            ? DateTimeOffset.FromUnixTimeMilliseconds(rooms.Min(room => last[room]))
            : null;
    }

    private sealed class Row
    {
        public long Number { get; init; }

        public string Room { get; init; } = "";

        public long First { get; init; }

        public long Last { get; init; }

        public string Officer { get; init; } = "";

        public long At { get; init; }

        public long IsWell { get; init; }

        public string Finding { get; init; } = "";

        public Inspection Seen() => new()
        {
            Number = Number,
            Room = Room,
            First = First,
            Last = Last,
            Officer = Officer,
            At = DateTimeOffset.FromUnixTimeMilliseconds(At),
            IsWell = IsWell == 1,
            Finding = Finding,
        };
    }
}
