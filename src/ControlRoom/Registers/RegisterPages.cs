using System.Globalization;
using Jpki.ControlRoom.Officers;
using Jpki.ControlRoom.Pages;
using Jpki.ControlRoom.Registers.Pages;
using Jpki.Cps;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Jpki.ControlRoom.Registers;

/// <summary>The registers' pages: what is due, lists, entries, and CSV. (CPS 4-12-1, 5-2-1-1(1))</summary>
internal sealed class RegisterPages(RegisterOffice office)
{
    /// <summary>A file of 10 MiB and the form around it.</summary>
    public static readonly RequestSizeLimitAttribute Files = new(12 * 1024 * 1024);

    private readonly EntryForms forms = new(office);

    public static void Map(
        IEndpointRouteBuilder routes, PageDoor door, RegisterOffice office,
        Func<HttpContext, Task<Outcome<OfficerOnDuty>>> enter)
    {
        RegisterPages pages = new(office);
        RegisterApi.Map(routes, office, enter);
        var files = routes.MapGroup("").WithMetadata(Files);
        files.MapPost("/registers/{series}/import", door.Post(With(pages.Preview)));
        files.MapPost("/registers/{series}/new", door.Post(With(pages.forms.Write)));
        files.MapPost("/registers/{series}/{number}/correction", door.Post(With(pages.forms.Correct)));
        files.MapPost("/registers/{series}/{number}/follow-up", door.Post(With(pages.forms.FollowUp)));
        routes.MapGet("/registers", door.Get(pages.List));
        routes.MapGet("/registers/checks", door.Get(pages.Volumes));
        routes.MapGet("/registers/{series}", door.Get(With(pages.One)));
        routes.MapGet("/registers/{series}/index", door.Get(With(pages.Index)));
        routes.MapGet("/registers/{series}/export.csv", door.Get(With(pages.Export)));
        routes.MapGet("/registers/{series}/import", door.Get(With((visit, register) =>
            Task.FromResult(Import(visit, register, null)))));
        routes.MapPost("/registers/{series}/import/take", door.Post(With(pages.Take)));
        routes.MapGet("/registers/{series}/new", door.Get(With(pages.forms.New)));
        routes.MapGet("/registers/{series}/{number}", door.Get(With(pages.Entry)));
        routes.MapGet("/registers/{series}/{number}/file", door.Get(With(pages.File)));
        routes.MapGet("/registers/{series}/{number}/correction", door.Get(With(pages.forms.NewCorrection)));
        routes.MapGet("/registers/{series}/{number}/follow-up", door.Get(With(pages.forms.NewFollowUp)));
    }

    private static Func<Visit, Task<IResult>> With(Func<Visit, Register, Task<IResult>> show) => visit =>
        Cps.Registers.Find(visit.Route("series")) is { } register
            ? show(visit, register)
            : Task.FromResult(PageDoor.Refused(visit, new("4-12-1-1", "その分類記号の帳簿はありません。 No such register.")));

    private static PageFrame Frame(Visit visit, Register register, string act = "") =>
        PageDoor.Frame(visit, register.Japanese + act, register.English);

    private Task<IResult> List(Visit visit)
    {
        var readable = Cps.Registers.All.Where(r => r.ObjectionToReading(visit.Officer.Roles) is null).ToList();
        return Task.FromResult(PageDoor.Show<RegistersPage>(
            visit.Http, PageDoor.Frame(visit, "帳簿", "Registers"),
            ("Due", office.Desk.Due(visit.Officer)), ("Registers", readable)));
    }

    private Task<IResult> Volumes(Visit visit) => Task.FromResult(PageDoor.Show<VolumesPage>(
        visit.Http, PageDoor.Frame(visit, "可読性の確認", "Readability checks"),
        ("Volumes", office.Desk.Volumes), ("Today", office.Desk.Today)));

    private async Task<IResult> One(Visit visit, Register register)
    {
        var query = QueryOf(visit.Http.Request.Query);
        return (await office.Desk.Search(visit.Officer, register, query)).IsRefused(out var refusal, out var lines)
            ? PageDoor.Refused(visit, refusal)
            : PageDoor.Show<OneRegisterPage>(visit.Http, Frame(visit, register),
                ("Register", register), ("Query", query), ("Lines", lines), ("Today", office.Desk.Today));
    }

    private async Task<IResult> Index(Visit visit, Register register)
    {
        var year = YearOf(visit.Http.Request.Query) ?? FiscalYear.Of(office.Desk.Today);
        RegisterQuery query = QueryOf(visit.Http.Request.Query) with { Year = year, Lines = RegisterQuery.MostLines };
        return (await office.Desk.Search(visit.Officer, register, query)).IsRefused(out var refusal, out var lines)
            ? PageDoor.Refused(visit, refusal)
            : PageDoor.Show<IndexPage>(visit.Http, Frame(visit, register, " 年度目録"),
                ("Register", register), ("Year", year), ("Lines", lines));
    }

    private async Task<IResult> Export(Visit visit, Register register)
    {
        var year = YearOf(visit.Http.Request.Query);
        return (await office.Desk.Export(visit.Officer, register, year)).IsRefused(out var refusal, out var csv)
            ? PageDoor.Refused(visit, refusal)
            : Results.File(csv, "text/csv; charset=utf-8", $"{register.Series}{(year is null ? "" : $"-{year}")}.csv");
    }

    private async Task<IResult> Entry(Visit visit, Register register) =>
        (await office.Desk.Find(visit.Officer, register, visit.Route("number"))).IsRefused(out var no, out var chain)
            ? PageDoor.Refused(visit, no)
            : PageDoor.Show<EntryPage>(
                visit.Http, Frame(visit, register, $" {chain.Entries[0].Number}"), ("Chain", chain));

    /// <summary>Never shown by the browser as a page of ours.</summary>
    private async Task<IResult> File(Visit visit, Register register)
    {
        var attached = await office.Desk.File(visit.Officer, register, visit.Route("number"));
        if (attached.IsRefused(out var no, out var file))
            return PageDoor.Refused(visit, no);
        visit.Http.Response.Headers.XContentTypeOptions = "nosniff";
        visit.Http.Response.Headers.CacheControl = "no-store";
        return Results.File(file.Octets.ToArray(), "application/octet-stream", file.Name);
    }

    private async Task<IResult> Preview(Visit visit, Register register)
    {
        if (visit.Typed.Files.GetFile("file") is not { } file)
            return Import(visit, register, null, new(register.Clause, "ファイルを選んでください。") { Field = "file" });
        if (file.Length > CsvText.MostOctets)
            return Import(visit, register, null, new(register.Clause, "ファイルは 10 MB までです。") { Field = "file" });
        return (await office.Imports.Preview(visit.Officer, register, await Visit.Octets(file)))
            .IsRefused(out var refusal, out var report)
            ? Import(visit, register, null, refusal)
            : Import(visit, register, report);
    }

    private async Task<IResult> Take(Visit visit, Register register) =>
        (await office.Imports.Take(visit.Officer, register, visit["id"])).IsRefused(out var refusal, out var report)
            ? Import(visit, register, null, refusal)
            : Import(visit, register, report);

    private static IResult Import(Visit visit, Register register, ImportReport? report, Refusal? refusal = null)
    {
        refusal ??= register.ObjectionToWriting(visit.Officer.Roles);
        var isTaken = report is { Id: null, TroubleCount: 0 };
        return PageDoor.Show<ImportPage>(visit.Http, Frame(visit, register, " CSV の取込み") with
        {
            Refusal = refusal,
            Message = isTaken
                ? $"{report!.New} 件を取り込みました（既にあったもの {report.Known} 件）。{report.First} {report.Last}"
                : null,
        }, ("Register", register), ("Report", report));
    }

    /// <summary>What cannot be read as a day or a year is as if it were not there.</summary>
    internal static RegisterQuery QueryOf(IQueryCollection query) => new()
    {
        Text = query["text"].ToString(),
        From = FieldReading.Day(query["from"].ToString().Trim()),
        To = FieldReading.Day(query["to"].ToString().Trim()),
        Year = YearOf(query),
        OnlyDue = query["onlyDue"] == "true",
        After = query["after"].ToString() is { Length: > 0 } after && !after.Contains('\0') ? after : null,
        Lines = int.TryParse(query["lines"], CultureInfo.InvariantCulture, out var lines) ? lines : 50,
    };

    private static int? YearOf(IQueryCollection query) =>
        int.TryParse(query["year"], NumberStyles.None, CultureInfo.InvariantCulture, out var year) ? year : null;
}
