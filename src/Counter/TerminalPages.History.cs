using System.Globalization;
using Jpki.Counter.Pages;
using Jpki.Cps;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Jpki.Counter;

/// <summary>A day's fees, a day's papers, a search and a month's numbers.</summary>
internal sealed partial class TerminalPages
{
    private void MapHistory(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/terminal/fees", Get((http, officer) =>
            ShowFees(http, officer, TypedFields.None, DayOf(http), null)));
        routes.MapPost("/terminal/fees/closing", Post(async (http, officer, typed) =>
        {
            var counted = int.TryParse(
                FullWidth.ToAscii(typed["counted"]), NumberStyles.AllowThousands, CultureInfo.InvariantCulture,
                out var yen) ? yen : -1;
            var closed = await room.Fees.Close(officer, new(counted, typed.Has("note") ? typed["note"] : null));
            return closed.IsRefused(out var refusal, out _)
                ? await ShowFees(http, officer, typed, room.Today, refusal)
                : Results.Redirect("/terminal/fees");
        }));
        routes.MapGet("/terminal/history", Get((http, officer) =>
            ShowHistory(http, officer, DayOf(http), room.History.Day(officer, DayOf(http)), "")));
        routes.MapPost("/terminal/history", Post(async (http, officer, typed) => typed.Has("query")
            ? await ShowHistory(
                http, officer, room.Today, await room.History.Search(officer, typed["query"]), typed["query"])
            : Results.Redirect("/terminal/history")));
        routes.MapGet("/terminal/statistics", Get((http, officer) =>
        {
            var day = DateOnly.TryParseExact(http.Request.Query["month"] + "-01", "yyyy-MM-dd",
                CultureInfo.InvariantCulture, DateTimeStyles.None, out var first) ? first : room.Today;
            DateOnly month = new(day.Year, day.Month, 1);
            return Show<StatisticsPage>(http, Frame(http, officer, "統計"), new()
            {
                ["Month"] = month,
                ["Tallies"] = room.History.Month(officer, month),
            });
        }));
    }

    private Task<IResult> ShowFees(
        HttpContext http, OfficerOnDuty officer, TypedFields typed, DateOnly day, Refusal? refusal) =>
        Show<FeesPage>(http, Frame(http, officer, "手数料") with
        {
            Errors = refusal is null ? [] : [new(refusal.Field!, refusal.Reason) { Clause = refusal.Clause }],
        }, new()
        {
            ["Typed"] = typed,
            ["Day"] = room.Fees.Day(officer, day),
            ["IsToday"] = day == room.Today,
        });

    private static Task<IResult> ShowHistory(
        HttpContext http, OfficerOnDuty officer, DateOnly day, FoundPapers papers, string query) =>
        Show<HistoryPage>(http, Frame(http, officer, "履歴・検索"), new()
        {
            ["Day"] = day,
            ["Papers"] = papers,
            ["Query"] = query,
        });

    /// <summary>Today, unless the address says another day.</summary>
    private DateOnly DayOf(HttpContext http) => TerminalForms.Day(http.Request.Query["day"].ToString()) ?? room.Today;
}
