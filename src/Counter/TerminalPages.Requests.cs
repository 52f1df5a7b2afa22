using Jpki.Counter.Pages;
using Jpki.Cps;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Jpki.Counter;

/// <summary>Requests about a card, disclosures, corrections and complaints. (CPS 2-1-3(15), (16), (18))</summary>
internal sealed partial class TerminalPages
{
    private const string RequestTitle = "請求・苦情の受付";

    private void MapRequests(IEndpointRouteBuilder routes)
    {
        var desk = room.Requests;
        MapSearch(routes, "/terminal/requests/new", (http, officer, query) =>
            Show<NewRequestPage>(http, Frame(http, officer, RequestTitle), WithSearch(http, officer, query)));
        routes.MapPost("/terminal/requests", Post(TakeRequest));
        routes.MapGet("/terminal/requests/{id}", Get((http, officer) =>
            ShowRequest(http, officer, TypedFields.None, null, null)));
        routes.MapPost("/terminal/requests/{id}/card", Post(async (http, officer, typed) =>
            await AfterRequest(await desk.ActOnCard(officer, Id(http)), http, officer, typed)));
        routes.MapPost("/terminal/requests/{id}/device", Post(async (http, officer, typed) =>
            (await desk.SendToDevice(officer, Id(http))).IsRefused(out var refusal, out var handOver)
                ? await ShowRequest(http, officer, typed, refusal, null)
                : await ShowRequest(http, officer, typed, null, handOver)));
        routes.MapPost("/terminal/requests/{id}/answer", Post(async (http, officer, typed) =>
            await AfterRequest(
                await desk.Answer(officer, Id(http), new(typed["verdict"] == "granted", typed["answer"])),
                http, officer, typed)));
    }

    private async Task<IResult> TakeRequest(HttpContext http, OfficerOnDuty officer, TypedFields typed)
    {
        var form = TerminalForms.Request(typed);
        IReadOnlyList<FieldError> errors =
        [
            .. RequestDesk.Errors(form, room.Today),
            .. form.Kind <= RequestKind.Correction && Enum.IsDefined(form.Kind)
                ? TerminalForms.WhoCameErrors(typed, form.Person?.Agent, room.Today) : [],
        ];
        Refusal? refusal = null;
        if (errors.Count == 0)
        {
            if (!(await room.Requests.Take(officer, form)).IsRefused(out refusal, out var request))
                return Results.Redirect($"/terminal/requests/{request.Id}");
        }
        var content = WithSearch(http, officer);
        content["Typed"] = typed;
        var frame = WithRefusal(Frame(http, officer, RequestTitle), refusal, errors);
        return await Show<NewRequestPage>(http, frame, content);
    }

    private async Task<IResult> AfterRequest(
        Outcome<CounterRequest> outcome, HttpContext http, OfficerOnDuty officer, TypedFields typed) =>
        outcome.IsRefused(out var refusal, out var request)
            ? await ShowRequest(http, officer, typed, refusal, null)
            : Results.Redirect($"/terminal/requests/{request.Id}");

    private Task<IResult> ShowRequest(
        HttpContext http, OfficerOnDuty officer, TypedFields typed, Refusal? refusal, HandOver? handOver,
        IReadOnlyList<FieldError>? errors = null)
    {
        if (room.Requests.Find(officer, Id(http)).IsRefused(out var notFound, out var request))
            return ShowRefusal(http, officer, notFound);
        var said = request.State == RequestState.Declined ? null : refusal;
        var frame = WithRefusal(Frame(http, officer, Wording.Of(request.Kind)), said, errors ?? []);
        return Show<RequestPage>(http, frame, new()
        {
            ["Letters"] = room.Letters.About(officer, request.Id),
            ["Today"] = Today,
            ["Request"] = request,
            ["Typed"] = typed,
            ["HandOver"] = handOver,
            ["Resident"] = request.ResidentId is { } id ? room.Register.Find(id, officer.Municipality) : null,
        });
    }
}
