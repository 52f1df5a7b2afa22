using Jpki.ControlRoom.Cross;
using Jpki.Cps;
using Jpki.Forms;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Jpki.ControlRoom;

/// <summary>A receipt from the other side, in its words.</summary>
public sealed record CrossReceiptForm(string Receipt);

/// <summary>The way of papers about cross certificates, for programs. (CPS 5-2-1-1(3)(4)(5))</summary>
internal static class CrossApi
{
    public static void Map(RouteGroupBuilder api, OperatorsConsole console)
    {
        api.MapGet("/cross/application", (Delegate)((HttpContext http) => ConsoleApi.As(
            console, http, Duties.ReceiveCrossPapers,
            _ => console.Authority.Get<CrossApplication>("operators/cross/application"))));
        api.MapGet("/cross/standing", (Delegate)((HttpContext http) => ConsoleApi.As(
            console, http, Duties.WatchTheSystem,
            _ => console.Authority.Get<CrossStanding[]>("operators/cross/standing"))));
        api.MapGet("/cross/refusals", (Delegate)((HttpContext http) => ConsoleApi.As(
            console, http, Duties.WatchTheSystem,
            _ => console.Authority.Get<CrossRefusal[]>("operators/cross/refusals"))));
        api.MapPost("/cross", (CrossReception form, HttpContext http) => ConsoleApi.As(
            console, http, officer => console.Cross.Receive(officer, form)));
        api.MapGet("/cross/{id}", (string id, HttpContext http) => ConsoleApi.As(console, http, _ => Task.FromResult(
            console.Cross.Find(id) is { } known
                ? (Outcome<CrossCase>)known
                : new Refusal("5-2-1-1(3)", "there is no such case"))));
        api.MapPost("/cross/{id}/examination", (string id, CrossFinding said, HttpContext http) => ConsoleApi.As(
            console, http, officer => console.Cross.Examine(officer, id, said)));
        api.MapPost("/cross/{id}/approval", (string id, CrossFinding said, HttpContext http) => ConsoleApi.As(
            console, http, officer => console.Cross.Approve(officer, id, said)));
        api.MapPost("/cross/{id}/receipt", (string id, CrossReceiptForm form, HttpContext http) => ConsoleApi.As(
            console, http, officer => console.Cross.File(officer, id, form.Receipt)));
    }
}
