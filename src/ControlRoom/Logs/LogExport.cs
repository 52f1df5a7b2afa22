using System.Globalization;
using System.Text;
using System.Text.Json;
using Jpki.Forms;
using Jpki.Ledger;

namespace Jpki.ControlRoom.Logs;

/// <summary>Writes log entries for other programs. JSON is exact; CSV is for a spreadsheet.</summary>
public static class LogExport
{
    /// <summary>An array of objects, one a line.</summary>
    public static async Task Json(IAsyncEnumerable<LogEntry> entries, Stream into, CancellationToken stop)
    {
        var separator = "[\n"u8.ToArray();
        await foreach (var entry in entries.WithCancellation(stop))
        {
            await into.WriteAsync(separator, stop);
            var (what, at, result, source, about) = entry.Event;
            await JsonSerializer.SerializeAsync(
                into, new { entry.Index, what, at, result, source, about }, FormJson.Options, stop);
            separator = ",\n"u8.ToArray();
        }
        await into.WriteAsync(separator[0] == '[' ? "[]\n"u8.ToArray() : "\n]\n"u8.ToArray(), stop);
    }

    /// <summary>RFC 4180 in UTF-8 with a byte order mark, which Excel wants for Japanese.</summary>
    public static async Task Csv(IAsyncEnumerable<LogEntry> entries, Stream into, CancellationToken stop)
    {
        await using StreamWriter text = new(into, new UTF8Encoding(true), leaveOpen: true) { NewLine = "\r\n" };
        await text.WriteLineAsync("番号,発生日時,事象,結果,発生元,対象");
        await foreach (var entry in entries.WithCancellation(stop))
        {
            string?[] cells =
            [
                entry.Index.ToString(CultureInfo.InvariantCulture), $"{entry.Event.At:O}", entry.Event.What,
                entry.Event.Result, entry.Event.Source, entry.Event.About,
            ];
            await text.WriteLineAsync(string.Join(',', cells.Select(Cell)));
        }
    }

    /// <summary>What a spreadsheet would take for a formula gets an apostrophe before it.</summary>
    private static string Cell(string? text)
    {
        var cell = text ?? "";
        if (cell is ['=' or '+' or '-' or '@' or '\t' or '\r', ..])
            cell = "'" + cell;
        return $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
