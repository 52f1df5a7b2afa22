using System.Globalization;
using Jpki.Counter.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Jpki.Counter;

/// <summary>A day's fees, a day's papers, a search and a month's numbers.</summary>
internal sealed partial class TerminalPages
{
    private const int FirstYear = 2000;
    private const int LastYear = 2999;

    private void MapHistory(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/terminal/fees", Get((http, officer) =>
            ShowFees(http, officer, TypedFields.None, DayOf(http, out var wrong), wrong)));
        routes.MapPost("/terminal/fees/closing", Post(async (http, officer, typed) =>
        {
            var counted = int.TryParse(
                FullWidth.ToAscii(typed["counted"]), NumberStyles.AllowThousands, CultureInfo.InvariantCulture,
                out var yen) ? yen : -1;
            var closed = await room.Fees.Close(officer, new(counted, typed.Has("note") ? typed["note"] : null));
            return closed.IsRefused(out var refusal, out _)
                ? await ShowFees(
                    http, officer, typed, room.Today, new(refusal.Field!, refusal.Reason) { Clause = refusal.Clause })
                : Results.Redirect("/terminal/fees");
        }));
        routes.MapGet("/terminal/history", Get((http, officer) =>
        {
            var day = DayOf(http, out var wrong);
            return ShowHistory(http, officer, day, room.History.Day(officer, day), "", wrong);
        }));
        routes.MapPost("/terminal/history", Post(async (http, officer, typed) => typed.Has("query")
            ? await ShowHistory(
                http, officer, room.Today, await room.History.Search(officer, typed["query"]), typed["query"])
            : Results.Redirect("/terminal/history")));
        routes.MapGet("/terminal/statistics", Get((http, officer) =>
        {
            var day = Asked(http, "month", "-01", "年月を、2026-11 のように記入してください。", out var wrong);
            DateOnly month = new(day.Year, day.Month, 1);
            return Show<StatisticsPage>(http, Frame(http, officer, "統計") with { Errors = Those(wrong) }, new()
            {
                ["Month"] = month,
                ["Tallies"] = room.History.Month(officer, month),
            });
        }));
    }

    private Task<IResult> ShowFees(
        HttpContext http, OfficerOnDuty officer, TypedFields typed, DateOnly day, FieldError? wrong) =>
        Show<FeesPage>(http, Frame(http, officer, "手数料") with { Errors = Those(wrong) }, new()
        {
            ["Typed"] = typed,
            ["Day"] = room.Fees.Day(officer, day),
            ["IsToday"] = day == room.Today,
        });

    private static Task<IResult> ShowHistory(
        HttpContext http, OfficerOnDuty officer, DateOnly day, FoundPapers papers, string query,
        FieldError? wrong = null) =>
        Show<HistoryPage>(http, Frame(http, officer, "履歴・検索") with { Errors = Those(wrong) }, new()
        {
            ["Day"] = day,
            ["Papers"] = papers,
            ["Query"] = query,
        });

    /// <summary>Today, unless the address says another day.</summary>
    private DateOnly DayOf(HttpContext http, out FieldError? wrong) =>
        Asked(http, "day", "", "日付を年月日で記入してください。", out wrong);

    /// <summary>The day that the address asks for; today, and what is wrong, when nothing can be of that day.</summary>
    private DateOnly Asked(HttpContext http, string field, string rest, string otherwise, out FieldError? wrong)
    {
        wrong = null;
        if (http.Request.Query[field].ToString().Trim() is not { Length: > 0 } typed)
            return room.Today;
        if (TerminalForms.Day(typed + rest) is { Year: >= FirstYear and <= LastYear } day)
            return day;
        wrong = new(field, otherwise) { Clause = null };
        return room.Today;
    }

    private static FieldError[] Those(FieldError? wrong) => wrong is null ? [] : [wrong];
}
