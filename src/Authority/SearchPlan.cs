using System.Globalization;
using Dapper;
using Jpki.Cps;
using Jpki.Forms;

namespace Jpki.Authority;

/// <summary>
/// Which index a question is answered along, and what is left for it to filter. What must not choose the index is
/// written as an expression (<c>kind + 0</c>), in which neither database sees a column.
/// </summary>
internal sealed class SearchPlan
{
    private const int LongestCursor = 100;

    private readonly DynamicParameters values = new();
    private readonly List<string> along = [];
    private readonly List<string> filters = [];
    private readonly string? lead;

    public SearchPlan(CertificateQuestion question, DateTimeOffset at)
    {
        lead = LeadOf(question);
        var now = DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds());
        // Nothing live has ended, and nothing that has ended is asked for twice.
        var expires = question.Standing switch
        {
            CertificateStanding.Live => question.Expires with { From = Later(question.Expires.From, now) },
            CertificateStanding.Expired => question.Expires with { Until = Earlier(question.Expires.Until, now) },
            _ => question.Expires,
        };
        Prefix(question.Serial);
        Range("revoked_at", question.Revoked);
        Range("not_after", expires);
        Range("not_before", question.Issued);
        Standing(question.Standing);
        Kind(question.Kind);
        Municipality(question.Municipality);
    }

    public DynamicParameters Values => values;

    public bool HasFilter => filters.Count > 0;

    /// <summary>Whether the index holds the columns that are filtered by.</summary>
    public bool FiltersByIndex => lead is not (null or "serial" or "kind");

    public string Sql(string columns, int rows) => Sql(columns, [.. along, .. filters], $"LIMIT {rows}");

    /// <summary>The row that lies so far along the index, whatever the filters say of it.</summary>
    public string UnfilteredSql(string columns, int far) => Sql(columns, along, $"LIMIT 1 OFFSET {far}");

    /// <summary>Where a page that ended with this row goes on.</summary>
    public string CursorOf(CertificateSearch.Row row) =>
        string.Create(CultureInfo.InvariantCulture, $"{row.ValueOf(lead ?? "")}.{row.Generation}.{row.Counter}");

    /// <exception cref="FormatException">It is no cursor of ours.</exception>
    public void StartAfter(string cursor)
    {
        var parts = cursor.Length > LongestCursor ? [] : cursor.Split('.');
        if (parts.Length != 3 || IsOrderedByValue != parts[0].Length > 0
            || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var generation)
            || !long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var counter))
        {
            throw new FormatException("after: not the end of a page");
        }
        Bound("<", "after", parts[0], generation, counter);
    }

    public void StopAt(CertificateSearch.Row far) =>
        Bound(">=", "far", far.ValueOf(lead ?? "") ?? "", far.Generation, far.Counter);

    private bool IsOrderedByValue => lead is "serial" or "not_before" or "not_after" or "revoked_at";

    private string Key => IsOrderedByValue ? $"{lead}, generation, counter" : "generation, counter";

    private static string? LeadOf(CertificateQuestion question) => question switch
    {
        { Serial: not null } => "serial",
        { Standing: CertificateStanding.Unfinished } => null,
        { Standing: CertificateStanding.Revoked } or { Revoked.IsOpen: false } => "revoked_at",
        { Kind: not (null or CertificateKind.Resident) } => "kind",
        { Standing: CertificateStanding.Expired } or { Expires.IsOpen: false } => "not_after",
        { Issued.IsOpen: false } => "not_before",
        { Municipality: not null } => "municipality",
        _ => null,
    };

    private string Sql(string columns, List<string> where, string limit) =>
        $"SELECT {columns} FROM certificate "
        + (where.Count == 0 ? "" : $"WHERE {string.Join(" AND ", where)} ")
        + $"ORDER BY {Key.Replace(",", " DESC,", StringComparison.Ordinal)} DESC {limit}";

    private void Bound(string comparison, string name, string value, long generation, long counter)
    {
        values.Add(name + "Generation", generation);
        values.Add(name + "Counter", counter);
        if (IsOrderedByValue)
            values.Add(name + "Value", lead == "serial" ? value : Seconds(value));
        along.Add($"({Key}) {comparison} ({(IsOrderedByValue ? $"@{name}Value, " : "")}"
            + $"@{name}Generation, @{name}Counter)");
    }

    private static long Seconds(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds)
            ? seconds : throw new FormatException("after: not the end of a page");

    private void Prefix(string? serial)
    {
        if (serial is null)
            return;
        if (serial.Length is 0 or > 2 * X509.SerialNumber.MaxOctets || !serial.All(char.IsAsciiHexDigit))
            throw new FormatException("serial: hexadecimal digits only");
        var first = serial.ToUpperInvariant();
        values.Add("serial", first);
        values.Add("serialEnd", first + "G");                 // After every hexadecimal digit.
        along.Add("serial >= @serial AND serial < @serialEnd");
    }

    private void Range(string column, Interval span)
    {
        var (into, name) = column == lead ? (along, column) : (filters, column + " + 0");
        if (span.From is { } from)
        {
            values.Add(column + "From", from.ToUnixTimeSeconds());
            into.Add($"{name} >= @{column}From");
        }
        if (span.Until is { } until)
        {
            values.Add(column + "Until", until.ToUnixTimeSeconds());
            into.Add($"{name} < @{column}Until");
        }
    }

    private void Standing(CertificateStanding? standing)
    {
        if (lead == "revoked_at")
            along.Add("state = 2");
        if (standing == CertificateStanding.Unfinished)
            along.Add("state = 0");
        else if (standing == CertificateStanding.Revoked && lead != "revoked_at")
            filters.Add("state + 0 = 2");
        else if (standing is CertificateStanding.Live or CertificateStanding.Expired)
            filters.Add("state + 0 = 1 AND generation + 0 NOT IN (SELECT generation FROM compromise)");
    }

    private void Kind(CertificateKind? kind)
    {
        if (kind is not { } wanted)
            return;
        values.Add("kind", (long)wanted);
        if (lead == "kind")
            along.Add("kind = @kind AND kind <> 2");
        else
            filters.Add("kind + 0 = @kind");
    }

    private void Municipality(string? code)
    {
        if (code is null)
            return;
        values.Add("municipality", code);
        if (lead == "municipality")
            along.Add("municipality = @municipality");
        else
            filters.Add("municipality || '' = @municipality");
    }

    private static DateTimeOffset Later(DateTimeOffset? one, DateTimeOffset other) =>
        one is { } at && at > other ? at : other;

    private static DateTimeOffset Earlier(DateTimeOffset? one, DateTimeOffset other) =>
        one is { } at && at < other ? at : other;
}
