using System.Collections.Immutable;
using System.Data.Common;
using Dapper;
using Jpki.Cps;

namespace Jpki.ControlRoom.Registers;

/// <summary>The registers as the store gives them back.</summary>
internal static class RegisterBooks
{
    private const string Selected = """
        SELECT e.number AS Number, f.number AS First, e.series AS Series, e.kind AS Kind, e.dated AS Dated,
            e.written_at AS WrittenAt, e.written_by AS WrittenBy, e.sha256 AS Sha256, e.file_sha256 AS FileSha256,
            e.body AS Body
        FROM register_entries e JOIN register_entries f ON f.id = e.first
        """;

    /// <summary>The chain that an entry belongs to, by the number of any of its entries.</summary>
    public static EntryChain? Chain(DbConnection db, Register register, string number)
    {
        var chain = db.QueryFirstOrDefault<ChainRow>("""
            SELECT c.first AS First, c.due_on AS Due, c.keep_until AS KeptUntil, c.disposed_on AS DisposedOn
            FROM register_entries e JOIN register_chains c ON c.first = e.first
            WHERE e.number = @number AND e.series = @Series
            """, new { number, register.Series });
        return chain is null ? null : new()
        {
            Register = register,
            Entries = [.. db.Query<EntryRow>($"{Selected} WHERE e.first = @First ORDER BY e.id", chain)
                .Select(r => r.ToEntry())],
            Due = Day(chain.Due),
            KeptUntil = Day(chain.KeptUntil)!.Value,
            DisposedOn = Day(chain.DisposedOn),
        };
    }

    public static DateOnly? LastIn(DbConnection db, string series) => Day(db.QueryFirstOrDefault<string>(
        "SELECT MAX(dated) FROM register_chains WHERE series = @series", new { series }));

    public static byte[]? File(DbConnection db, string number) => db.QueryFirstOrDefault<byte[]>("""
        SELECT f.octets FROM register_files f JOIN register_entries e ON e.id = f.entry WHERE e.number = @number
        """, new { number });

    /// <summary>Every entry of a register, or of one of its volumes, in the order of writing.</summary>
    public static IEnumerable<RegisterEntry> All(DbConnection db, string series, int? year) => db.Query<EntryRow>(
        $"""
        {Selected} WHERE e.series = @series {(year is null ? "" : "AND e.year = @year")} ORDER BY e.id
        """, new { series, year }, buffered: false).Select(r => r.ToEntry());

    public static RegisterPage Search(DbConnection db, Register register, RegisterQuery query)
    {
        var lines = Math.Clamp(query.Lines, 1, RegisterQuery.MostLines);
        DynamicParameters values = new(new { register.Series, query.Year, limit = lines + 1 });
        var sql = $"""
            SELECT h.number AS Number, c.dated AS Dated, e.body AS Body, c.due_on AS Due, c.keep_until AS KeptUntil,
                c.disposed_on AS DisposedOn
            FROM register_chains c JOIN register_entries e ON e.id = c.latest JOIN register_entries h ON h.id = c.first
            WHERE c.series = @Series {Conditions(query, values)} ORDER BY c.first DESC LIMIT @limit
            """;
        var rows = db.Query<LineRow>(sql, values).Select(r => r.ToLine(register)).ToImmutableArray();
        return rows.Length > lines ? new(rows[..lines], rows[lines - 1].Number) : new(rows, null);
    }

    /// <summary>What must be done until that day, the most urgent first.</summary>
    public static IReadOnlyList<DueMatter> Due(DbConnection db, DateOnly today, DateOnly until) =>
    [
        .. db.Query<LineRow>("""
            SELECT e.series AS Series, e.number AS Number, c.year AS Year, c.due_on AS Due
            FROM register_chains c JOIN register_entries e ON e.id = c.first
            WHERE c.due_on <= @until ORDER BY c.due_on, c.first LIMIT 500
            """, new { until = FieldReading.Iso(until) }).Select(r =>
                new DueMatter(r.Series, r.Number, (int)r.Year, Day(r.Due)!.Value, Day(r.Due) < today)),
    ];

    /// <summary>Every volume of which something is still kept.</summary>
    public static IReadOnlyList<Volume> Volumes(DbConnection db) =>
    [
        .. db.Query<VolumeRow>("""
            SELECT v.series AS Series, v.year AS Year, (
                SELECT MAX(k.year) FROM register_checks k WHERE k.series = v.series AND k.volume = v.year) AS Checked
            FROM register_volumes v ORDER BY v.series, v.year
            """).Select(r => new Volume(r.Series, (int)r.Year, (int?)r.Checked)),
    ];

    public static DateOnly? Day(string? iso) => iso is null ? null : FieldReading.Day(iso);

    private static string Conditions(RegisterQuery query, DynamicParameters values)
    {
        List<string> conditions = [];
        if (query.Year is not null)
            conditions.Add("c.year = @Year");
        if (query.OnlyDue)
            conditions.Add("c.due_on IS NOT NULL");
        Add("c.dated >= ", "from", query.From is { } from ? FieldReading.Iso(from) : null);
        Add("c.dated <= ", "to", query.To is { } to ? FieldReading.Iso(to) : null);
        Add("c.first < (SELECT first FROM register_entries WHERE number = ", "after", query.After, ")");
        var words = FieldReading.Fold(query.Text.Length > 100 ? query.Text[..100] : query.Text)
            .Replace("\0", "", StringComparison.Ordinal)
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        foreach (var (i, word) in words.Take(5).Index())
            Add("c.words LIKE ", $"word{i}", $"%{Literal(word)}%", " ESCAPE '!'");
        return string.Concat(conditions.Select(c => $" AND {c}"));

        void Add(string left, string name, string? value, string right = "")
        {
            if (value is null)
                return;
            conditions.Add($"{left}@{name}{right}");
            values.Add(name, value);
        }
    }

    private static string Literal(string word) => word.Replace("!", "!!", StringComparison.Ordinal)
        .Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal);

    private sealed record EntryRow
    {
        public string Number { get; init; } = "";

        public string First { get; init; } = "";

        public string Series { get; init; } = "";

        public string Kind { get; init; } = "";

        public string Dated { get; init; } = "";

        public long WrittenAt { get; init; }

        public string WrittenBy { get; init; } = "";

        public string Sha256 { get; init; } = "";

        public string? FileSha256 { get; init; }

        public string? Body { get; init; }

        public RegisterEntry ToEntry() => new()
        {
            Number = Number,
            First = First,
            Series = Series,
            Kind = Enum.Parse<EntryKind>(Kind),
            Dated = Day(Dated)!.Value,
            WrittenAt = DateTimeOffset.FromUnixTimeMilliseconds(WrittenAt),
            WrittenBy = WrittenBy,
            Sha256 = Sha256,
            FileSha256 = FileSha256,
            Contents = Body is null ? null : EntryContents.Parse(Body),
        };
    }

    private sealed record ChainRow
    {
        public long First { get; init; }

        public string? Due { get; init; }

        public string KeptUntil { get; init; } = "";

        public string? DisposedOn { get; init; }
    }

    private sealed record LineRow
    {
        public string Series { get; init; } = "";

        public string Number { get; init; } = "";

        public long Year { get; init; }

        public string Dated { get; init; } = "";

        public string? Body { get; init; }

        public string? Due { get; init; }

        public string? KeptUntil { get; init; }

        public string? DisposedOn { get; init; }

        public RegisterLine ToLine(Register register)
        {
            var contents = Body is null ? null : EntryContents.Parse(Body);
            return new()
            {
                Number = Number,
                Dated = Day(Dated)!.Value,
                Summary = contents?.Summary(register) ?? "",
                Place = contents?.Place,
                Due = Day(Due),
                KeptUntil = Day(KeptUntil)!.Value,
                DisposedOn = Day(DisposedOn),
            };
        }
    }

    private sealed record VolumeRow
    {
        public string Series { get; init; } = "";

        public long Year { get; init; }

        public long? Checked { get; init; }
    }
}
