using System.Text.Json;
using Jpki.ControlRoom.Officers;
using Jpki.Cps;
using Jpki.Forms;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Jpki.ControlRoom.Registers;

/// <summary>A register's definition and what is due in it.</summary>
public sealed record RegisterSummary(Register Register, IReadOnlyList<DueMatter> Due);

/// <summary>
/// The registers for programs: the same rules, as JSON; a CSV file as <c>text/csv</c>. What is wrong in a draft comes
/// back as 422 with the member <c>troubles</c>.
/// </summary>
internal sealed class RegisterApi(RegisterOffice office, Func<HttpContext, Task<Outcome<OfficerOnDuty>>> enter)
{
    public static void Map(
        IEndpointRouteBuilder routes, RegisterOffice office, Func<HttpContext, Task<Outcome<OfficerOnDuty>>> enter)
    {
        RegisterApi desk = new(office, enter);
        // A file in a draft is base64, a third longer.
        var api = routes.MapGroup("/api/registers").DisableAntiforgery()
            .WithMetadata(new RequestSizeLimitAttribute(15 * 1024 * 1024));
        api.MapGet("", (Delegate)((HttpContext http) => desk.As(http, desk.List)));
        api.MapGet("/{series}", (string series, HttpContext http) => desk.As(http, series, async (officer, register) =>
            Answers.Of(await office.Desk.Search(officer, register, RegisterPages.QueryOf(http.Request.Query)))));
        api.MapPost("/{series}", (string series, HttpContext http) => desk.As(http, series, (officer, register) =>
            desk.Put(http, register, EntryKind.First, (entry, key) => office.Desk.Write(officer, entry, key))));
        api.MapPost("/{series}/imports", (string series, bool? preview, HttpContext http) =>
            desk.As(http, series, (officer, register) => desk.Import(http, officer, register, preview ?? false)));
        api.MapGet("/{series}/{number}", (string series, string number, HttpContext http) =>
            desk.As(http, series, async (officer, register) =>
                Answers.Of(await office.Desk.Find(officer, register, number))));
        desk.MapContinuing(api, "/{series}/{number}/corrections", EntryKind.Correction);
        desk.MapContinuing(api, "/{series}/{number}/follow-ups", EntryKind.FollowUp);
    }

    private void MapContinuing(RouteGroupBuilder api, string route, EntryKind kind) =>
        api.MapPost(route, (string series, string number, HttpContext http) => As(http, series, (officer, register) =>
            kind == EntryKind.FollowUp && register.FollowUp is null
                ? Task.FromResult(Answers.Refused(new(register.Clause, $"{register.Japanese}に対応の記入はありません。")))
                : Put(http, register, kind, (entry, key) => office.Desk.Continue(officer, entry, number, key))));

    private Task<IResult> List(OfficerOnDuty officer)
    {
        var due = office.Desk.Due(officer);
        return Task.FromResult(Results.Json(Cps.Registers.All
            .Where(r => r.ObjectionToReading(officer.Roles) is null)
            .Select(r => new RegisterSummary(r, [.. due.Where(m => m.Series == r.Series)])), FormJson.Options));
    }

    /// <summary>The header <c>Idempotency-Key</c> makes a draft that is sent twice one entry.</summary>
    private async Task<IResult> Put(
        HttpContext http, Register register, EntryKind kind,
        Func<CheckedEntry, string, Task<Outcome<RegisterEntry>>> put)
    {
        var draft = await http.Request.ReadFromJsonAsync<EntryDraft>(FormJson.Options, http.RequestAborted)
            ?? throw new JsonException("a draft is wanted");
        var (entry, troubles) = EntryRules.Check(register, kind, draft, office.Desk.Today);
        if (entry is null)
        {
            return Results.Problem(
                "記入内容に誤りがあります。", title: register.Clause.ToString(), statusCode: 422,
                extensions: new Dictionary<string, object?> { ["troubles"] = troubles });
        }
        var key = http.Request.Headers["Idempotency-Key"].ToString();
        return Answers.Of(await put(entry, key.Length is > 0 and <= 100 ? $"api:{key}" : office.NewFormKey()));
    }

    private async Task<IResult> Import(HttpContext http, OfficerOnDuty officer, Register register, bool isPreview)
    {
        if (http.Request.ContentLength is null or > CsvText.MostOctets)
            return Answers.Malformed("ファイルは 10 MB までです。 A length of at most 10 MiB is wanted.");
        using MemoryStream csv = new();
        await http.Request.Body.CopyToAsync(csv, http.RequestAborted);
        return Answers.Of(isPreview
            ? await office.Imports.Preview(officer, register, csv.ToArray())
            : await office.Imports.Import(officer, register, csv.ToArray()));
    }

    private Task<IResult> As(HttpContext http, string series, Func<OfficerOnDuty, Register, Task<IResult>> act) =>
        As(http, officer => Cps.Registers.Find(series) is { } register
            ? act(officer, register)
            : Task.FromResult(Answers.Refused(new("4-12-1-1", "その分類記号の帳簿はありません。 No such register."))));

    private async Task<IResult> As(HttpContext http, Func<OfficerOnDuty, Task<IResult>> act)
    {
        if ((await enter(http)).IsRefused(out var refusal, out var officer))
            return Answers.Forbidden(refusal);
        try
        {
            return await act(officer);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException { InnerException: JsonException })
        {
            return Answers.Malformed(e.Message);
        }
    }
}
