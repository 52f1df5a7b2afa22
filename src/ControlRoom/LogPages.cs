using System.Globalization;
using Jpki.ControlRoom.Logs;
using Jpki.ControlRoom.Pages;
using Jpki.Cps;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Jpki.ControlRoom;

/// <summary>The internal auditor's pages: every room's log, and the inspections of it. 監査ログの検査</summary>
internal static class LogPages
{
    private const int LongestText = 200;

    public static void Map(IEndpointRouteBuilder routes, OperatorsConsole console, PageDoor door)
    {
        routes.MapGet("/logs", door.Get(Duties.InspectLogs, visit => Read(visit, console, null, null)));
        routes.MapGet("/logs/export", door.Get(Duties.InspectLogs, visit => Export(visit, console)));
        routes.MapPost("/logs/inspections", door.Post(Duties.InspectLogs, async visit =>
        {
            if (Number(visit["first"]) is not { } first || Number(visit["last"]) is not { } last)
                return await Read(visit, console, new("4-11-3", "検査した範囲を番号で記入してください。"), null);
            var noted = await console.Logs.Note(
                visit.Officer, visit["room"], first, last, visit["verdict"] == "ok", visit["finding"]);
            return noted.IsRefused(out var refusal, out var inspection)
                ? await Read(visit, console, refusal, null)
                : await Read(visit, console, null, $"検査 {inspection.Number} を記録しました。");
        }));
    }

    private static async Task<IResult> Read(
        Visit visit, OperatorsConsole console, Refusal? refusal, string? message)
    {
        var question = Question(visit, console.Logs);
        string? damage = null;
        LogPage? page = null;
        try
        {
            var read = await console.Logs.Read(visit.Officer, question);
            (page, refusal) = (read.Value, refusal ?? read.Refusal);
        }
        catch (Exception e) when (e is FormatException or HttpRequestException or OperationCanceledException)
        {
            // A damaged log is a finding, not a fault of this page.
            damage = e.Message;
        }
        var frame = PageDoor.Frame(visit, "監査ログ", "The sealed logs") with { Refusal = refusal, Message = message };
        return PageDoor.Show<LogsPage>(
            visit.Http, frame, ("Desk", console.Logs), ("Question", question), ("Read", page), ("Damage", damage),
            ("Query", visit.Http.Request.Query));
    }

    private static async Task<IResult> Export(Visit visit, OperatorsConsole console)
    {
        var question = Question(visit, console.Logs);
        if ((await console.Logs.Export(visit.Officer, question)).IsRefused(out var refusal, out var stretch))
            return PageDoor.Refused(visit, refusal);
        var isCsv = visit.Http.Request.Query["as"] == "csv";
        return Results.Stream(
            into => isCsv
                ? LogExport.Csv(stretch.Entries, into, visit.Http.RequestAborted)
                : LogExport.Json(stretch.Entries, into, visit.Http.RequestAborted),
            isCsv ? "text/csv; charset=utf-8" : "application/json",
            $"{question.Room}-log.{(isCsv ? "csv" : "json")}");
    }

    /// <summary>From the address of the page, or from the form that notes an inspection.</summary>
    private static LogQuestion Question(Visit visit, LogDesk desk)
    {
        var query = visit.Http.Request.Query;
        var room = visit.Typed.ContainsKey("room") ? visit["room"] : query["room"].ToString();
        var days = SearchPages.Days(query, "at");
        return new()
        {
            Room = desk.Rooms.Contains(room) ? room : desk.Rooms[0],
            From = days.From,
            Until = days.Until,
            What = Text(query["what"]),
            Result = Text(query["result"]),
            Source = Text(query["source"]),
            About = Text(query["about"]),
            Before = Number(query["before"].ToString()),
        };
    }

    private static string? Text(string? typed) =>
        typed?.Trim() is { Length: > 0 and <= LongestText } text ? text : null;

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
