using System.Globalization;
using Jpki.ControlRoom.Pages;
using Jpki.ControlRoom.Watch;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Forms.Viewing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Jpki.ControlRoom;

/// <summary>Where an operator looks at every run of CRLs, and into each list. 失効記録</summary>
internal static class CrlPages
{
    private const int MostEntries = 1000;

    public static void Map(IEndpointRouteBuilder routes, OperatorsConsole console, PageDoor door)
    {
        routes.MapGet("/crls", door.Get(Duties.WatchTheSystem, async visit =>
            Show<CrlRuns>(await console.Authority.Get<CrlRuns>("operators/crl-runs" + Before(visit)), visit, runs =>
                PageDoor.Show<CrlRunsPage>(
                    visit.Http, PageDoor.Frame(visit, "失効記録", "CRLs and ARL"), ("Runs", runs)))));
        routes.MapGet("/crls/{number:long}", door.Get(Duties.WatchTheSystem, async visit =>
            Show<CrlRunLists>(
                await console.Authority.Get<CrlRunLists>($"operators/crl-runs/{visit.Route("number")}"), visit, run =>
                    PageDoor.Show<CrlRunPage>(
                        visit.Http, PageDoor.Frame(visit, $"失効記録 {run.Run.Number}", "One run of CRLs"),
                        ("Run", run)))));
        routes.MapGet("/crls/{number:long}/{generation:long}/{scope}", door.Get(Duties.WatchTheSystem, async visit =>
            Show<CrlCopy>(await console.Authority.Get<CrlCopy>(
                $"operators/crl-runs/{visit.Route("number")}/{visit.Route("generation")}/"
                + Uri.EscapeDataString(visit.Route("scope"))), visit, copy => ViewerPage.Of(
                    visit, $"失効記録 {visit.Route("number")} {WatchWords.OfScope(visit.Route("scope"))}", "A CRL",
                    Viewer.Show(copy.Crl, new() { MostEntries = MostEntries })))));
    }

    private static IResult Show<T>(Outcome<T> outcome, Visit visit, Func<T, IResult> show) where T : class =>
        outcome.IsRefused(out var refusal, out var value) ? PageDoor.Refused(visit, refusal) : show(value);

    private static string Before(Visit visit) => long.TryParse(
        visit.Http.Request.Query["before"], NumberStyles.None, CultureInfo.InvariantCulture, out var before)
        ? string.Create(CultureInfo.InvariantCulture, $"?before={before}")
        : "";
}
