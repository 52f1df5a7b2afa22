using Jpki.ControlRoom.Pages;
using Jpki.Cps;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Jpki.ControlRoom;

/// <summary>Ceremonies that were agreed on, their files for the table, and their records. (CPS 6-1-1-1)</summary>
internal static class CeremonyPages
{
    public static void Map(IEndpointRouteBuilder routes, OperatorsConsole console, PageDoor door)
    {
        routes.MapGet("/ceremonies", door.Get(visit => Task.FromResult(PageDoor.Show<CeremoniesPage>(
            visit.Http, PageDoor.Frame(visit, "鍵の儀式", "Key ceremonies"), ("Ceremonies", console.Ceremonies.Newest)))));
        routes.MapGet("/ceremonies/{id}", door.Get(visit => Task.FromResult(One(console, visit, null))));
        routes.MapGet("/ceremonies/{id}/file", door.Get(visit => Task.FromResult(File(console, visit))));
        routes.MapPost("/ceremonies/{id}/record", door.Post(Duties.PlanCeremonies, async visit =>
            One(console, visit, visit.Typed.Files.GetFile("record") is { } file
                ? (await console.Ceremonies.Attach(visit.Officer, visit.Route("id"), await Visit.Octets(file))).Refusal
                : new("6-1-1-1", "記録のファイルを選んでください。") { Field = "record" })));
    }

    private static IResult One(OperatorsConsole console, Visit visit, Refusal? refusal) =>
        console.Ceremonies.Find(visit.Route("id")) is { } planned
            ? PageDoor.Show<CeremonyPage>(
                visit.Http, PageDoor.Frame(visit, planned.Title, "Key ceremony") with { Refusal = refusal },
                ("Ceremony", planned))
            : Results.NotFound();

    /// <summary>It holds hashes of passwords: only for those who take it to the table. (CPS 5-2-3)</summary>
    private static IResult File(OperatorsConsole console, Visit visit)
    {
        if (visit.Officer.ObjectionTo(Duties.HoldCeremonies) is { } notHis
            && visit.Officer.ObjectionTo(Duties.PlanCeremonies) is not null)
        {
            return PageDoor.Refused(visit, notHis);
        }
        return console.Ceremonies.Find(visit.Route("id")) is { } planned
            ? Results.File(planned.File, "application/json", $"ceremony-{planned.Id}.json")
            : Results.NotFound();
    }
}
