using Jpki.ControlRoom.Acts;
using Jpki.ControlRoom.Pages;
using Jpki.Cps;
using Jpki.Forms.Viewing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Jpki.ControlRoom;

/// <summary>
/// The control room's door: pages for people, routes for programs. It stands behind TLS with client certificates; only
/// who enrols comes without one.
/// </summary>
public static class Door
{
    public static void MapControlRoom(this IEndpointRouteBuilder routes, OperatorsConsole console)
    {
        PageDoor door = new(console);
        HouseStyle.Map(routes, "/console.css");
        routes.MapGet("/", door.Get(visit => Home(visit, console)));
        routes.MapGet("/officers", door.Get(visit => Task.FromResult(PageDoor.Show<OfficersPage>(
            visit.Http, PageDoor.Frame(visit, "要員と役割", "Officers and roles"),
            ("Officers", console.Officers), ("Now", console.Now)))));
        LogInPages.Map(routes, console, door);
        ActPages.Map(routes, console, door);
        InstructionPages.Map(routes, console, door);
        CeremonyPages.Map(routes, console, door);
        CrossPages.Map(routes, console, door);
        CertificatePages.Map(routes, console, door);
        SearchPages.Map(routes, console, door);
        CrlPages.Map(routes, console, door);
        LogPages.Map(routes, console, door);
        routes.MapGet("/schedule", door.Get(Duties.WatchTheSystem, visit => Schedule(visit, console)));
        ConsoleApi.Map(routes, console);
        Registers.RegisterPages.Map(routes, door, console.Registers, console.Enter);
    }

    /// <summary>What is due and what is wrong, for those who watch; his own work for everybody.</summary>
    private static async Task<IResult> Home(Visit visit, OperatorsConsole console)
    {
        var watches = visit.Officer.ObjectionTo(Duties.WatchTheSystem) is null;
        var acts = console.Acts.Open;
        var state = watches ? await console.Watch.Look(console.Recorded, acts.Count, visit.Http.RequestAborted) : null;
        bool Concerns(Duty duty) => watches || visit.Officer.ObjectionTo(duty) is null;
        return PageDoor.Show<HomePage>(
            visit.Http, PageDoor.Frame(visit, "現在の状態", "How things are"),
            ("State", state), ("Console", console), ("OwnEnds", console.Renewals.DueOf(visit.Officer)),
            ("Due", console.Registers.Desk.Due(visit.Officer)),
            ("Acts", acts.Where(a => Concerns(console.Acts.KindOf(a).Duty)).ToList()),
            ("Instructions", console.Instructions.Open.Where(i =>
                Concerns(Duties.Find(i.Duty)!) || Instructions.Objection(visit.Officer, Duties.Find(i.Duty)!) is null)
                .ToList()));
    }

    /// <summary>What happens when.</summary>
    private static async Task<IResult> Schedule(Visit visit, OperatorsConsole console) =>
        PageDoor.Show<SchedulePage>(
            visit.Http, PageDoor.Frame(visit, "予定", "What is due when"),
            ("Events", Watch.Schedule.Of(await console.Watch.Authority(), console.Recorded, console.Now)),
            ("Now", console.Now));
}
