using System.Globalization;
using Jpki.ControlRoom.Acts;
using Jpki.ControlRoom.Pages;
using Jpki.Cps;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Jpki.ControlRoom;

/// <summary>Where work is instructed in writing and its result confirmed. (CPS 5-2-2②③)</summary>
internal sealed class InstructionPages(OperatorsConsole console)
{
    public static void Map(IEndpointRouteBuilder routes, OperatorsConsole console, PageDoor door)
    {
        InstructionPages pages = new(console);
        routes.MapGet("/instructions", door.Get(visit => Task.FromResult(pages.All(visit, null))));
        routes.MapPost("/instructions", door.Post(async visit =>
        {
            var given = await console.Instructions.Give(
                visit.Officer, new(visit["duty"], visit["text"], DayIn(visit["dueOn"])));
            return given.IsRefused(out var refusal, out var instruction)
                ? pages.All(visit, refusal)
                : Results.Redirect($"/instructions/{instruction.Id}");
        }));
        routes.MapGet("/instructions/{id}", door.Get(visit => Task.FromResult(pages.One(visit, null))));
        routes.MapPost("/instructions/{id}/report", door.Post(async visit => pages.One(visit,
            (await console.Instructions.Report(visit.Officer, visit.Route("id"), visit["report"])).Refusal)));
        routes.MapPost("/instructions/{id}/confirm", door.Post(async visit => pages.One(visit,
            (await console.Instructions.Confirm(visit.Officer, visit.Route("id"))).Refusal)));
        routes.MapPost("/instructions/{id}/recall", door.Post(async visit => pages.One(visit,
            (await console.Instructions.Recall(visit.Officer, visit.Route("id"))).Refusal)));
    }

    private static DateOnly? DayIn(string typed) =>
        DateOnly.TryParseExact(typed, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : null;

    private IResult All(Visit visit, Refusal? refusal) => PageDoor.Show<InstructionsPage>(
        visit.Http, PageDoor.Frame(visit, "作業指示", "Instructions") with { Refusal = refusal },
        ("Console", console), ("Typed", visit.Typed),
        ("Work", Duties.All.Where(d => Instructions.Objection(visit.Officer, d) is null).ToList()));

    private IResult One(Visit visit, Refusal? refusal) =>
        console.Instructions.Find(visit.Route("id")) is { } instruction
            ? PageDoor.Show<InstructionPage>(
                visit.Http, PageDoor.Frame(visit, "作業指示", "Instruction") with { Refusal = refusal },
                ("Instruction", instruction))
            : Results.NotFound();
}
