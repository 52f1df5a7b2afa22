using System.Globalization;
using System.Text.Json;
using Jpki.ControlRoom.Acts;
using Jpki.ControlRoom.Ceremonies;
using Jpki.ControlRoom.Cross;
using Jpki.ControlRoom.Pages;
using Jpki.Cps;
using Jpki.Forms;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Jpki.ControlRoom;

/// <summary>Where work is proposed, looked at by the other person, agreed on and done. (CPS 5-2-2①)</summary>
internal sealed class ActPages(OperatorsConsole console)
{
    private const int LargestFile = 256 * 1024;

    public static void Map(IEndpointRouteBuilder routes, OperatorsConsole console, PageDoor door)
    {
        ActPages pages = new(console);
        routes.MapGet("/acts", door.Get(visit => Task.FromResult(PageDoor.Show<ActsPage>(
            visit.Http, PageDoor.Frame(visit, "作業と承認", "Acts and approvals"), ("Console", console),
            ("Kinds", console.Acts.Kinds.Where(k => visit.Officer.ObjectionTo(k.Duty) is null).ToList())))));
        routes.MapGet("/acts/new/{kind}", door.Get(async visit => pages.KindOf(visit) is { } kind
            ? visit.Officer.ObjectionTo(kind.Duty) is { } notHis
                ? PageDoor.Refused(visit, notHis)
                : await pages.Form(visit with { Typed = InAddress(visit) }, kind, console.Acts.NewId(), null)
            : Results.NotFound()));
        routes.MapPost("/acts/new/{kind}", door.Post(pages.Propose));
        routes.MapGet("/acts/{id}", door.Get(visit => Task.FromResult(pages.Show(visit, null, null))));
        routes.MapPost("/acts/{id}/consent", door.Post(async visit =>
            await console.LogIns.Confirm(Caller.Of(visit.Http)!, visit["password"]) is { } notHe
                ? pages.Show(visit, notHe, null)
                : pages.After(visit, await console.Acts.Consent(visit.Officer, visit.Route("id"), visit["digest"]))));
        routes.MapPost("/acts/{id}/drop", door.Post(async visit =>
            pages.After(visit, await console.Acts.Drop(visit.Officer, visit.Route("id"), visit["why"]))));
        routes.MapPost("/acts/{id}/retry", door.Post(async visit =>
            pages.After(visit, await console.Acts.Retry(visit.Officer, visit.Route("id")))));
    }

    /// <summary>What another page has filled in already.</summary>
    private static FormCollection InAddress(Visit visit) =>
        new(visit.Http.Request.Query.ToDictionary(q => q.Key, q => q.Value));

    private ActKind? KindOf(Visit visit) => console.Acts.Kinds.FirstOrDefault(k => k.Name == visit.Route("kind"));

    private async Task<IResult> Form(Visit visit, ActKind kind, string id, Refusal? refusal) =>
        PageDoor.Show<ProposalPage>(
            visit.Http, PageDoor.Frame(visit, kind.Japanese, kind.English) with { Refusal = refusal },
            ("Kind", kind), ("Id", id), ("Typed", visit.Typed),
            ("Instructions", console.Instructions.Open
                .Where(i => i.Duty == kind.Duty.Name && i.State == InstructionState.Given).ToList()),
            ("Cases", console.Cross.All.Where(c => c.Work == kind.Name && c.State == CrossState.Approved).ToList()),
            ("Generations", IsAboutKeys(kind) ? (await console.Watch.Authority())?.Generations ?? [] : []));

    private static bool IsAboutKeys(ActKind kind) =>
        kind.Duty == Duties.RenewAuthorityKey || kind.Duty == Duties.DeclareCompromise;

    private async Task<IResult> Propose(Visit visit)
    {
        if (KindOf(visit) is not { } kind)
            return Results.NotFound();
        var instruction = visit["instruction"] is { Length: > 0 } chosen ? chosen : null;
        var proposed = await console.Acts.Propose(
            visit.Officer, kind, visit["id"], JsonSerializer.Serialize(await OrderOf(kind, visit), FormJson.Options),
            instruction);
        return proposed.IsRefused(out var refusal, out var step)
            ? await Form(visit, kind, visit["id"], refusal)
            : step.Half is { } half
                ? Show(visit, step.Act, null, half)
                : Results.Redirect($"/acts/{step.Act.Id}");
    }

    /// <summary>What was typed, as the order that is agreed on.</summary>
    private async Task<object> OrderOf(ActKind kind, Visit visit) => kind.Name switch
    {
        "publication" => new PublishOrder(visit["why"]),
        "revocation" => new ExOfficioRevocation
        {
            NoticeId = $"X{visit["id"]}",
            Serial = visit["serial"].ToUpperInvariant(),
            Reason = visit.Chosen<RevocationReason>("reason"),
        },
        "other-revocation" => new OtherRevocation(
            visit["serial"].ToUpperInvariant(), visit.Chosen<RevocationReason>("reason"), visit["why"]),
        "registration" => new OfficerRegistration
        {
            Id = visit["officer"],
            StaffNumber = visit["staffNumber"],
            Name = visit["name"],
            Roles = [.. visit.Typed["roles"].Select(r =>
                Enum.TryParse<Role>(r, out var role) ? role : throw new JsonException("roles"))],
        },
        "ceremony" => new CeremonyOrder(
            visit.Typed.Files.GetFile("file") is { Length: < LargestFile } file
                ? await new StreamReader(file.OpenReadStream()).ReadToEndAsync()
                : ""),
        "rollover" => new RolloverOrder(Generation(visit), visit["algorithm"] is { Length: > 0 } other ? other : null),
        "compromise" => new CompromiseOrder(Generation(visit), visit["why"]),
        "admission" => new AdmissionOrder(visit["verifier"]),
        "admission-ending" => new AdmissionEnding(visit["verifier"], visit["why"]),
        CrossWorks.Issue or CrossWorks.Acceptance or CrossWorks.Revocation => JsonSerializer.Deserialize<JsonElement>(
            console.Cross.Find(visit["case"])?.Order ?? throw new JsonException("承認された受付番号を選んでください。")),
        "withdrawal" => new OfficerWithdrawal(visit["officer"], visit["why"]),
        _ => throw new JsonException("kind"),
    };

    /// <summary>0, which is none, for what is no number.</summary>
    private static int Generation(Visit visit) =>
        int.TryParse(visit["generation"], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private IResult After(Visit visit, Outcome<ActStep> outcome) => outcome.IsRefused(out var refusal, out var step)
        ? Show(visit, refusal, null)
        : Show(visit, step.Act, null, step.Half);

    private IResult Show(Visit visit, Refusal? refusal, string? half) =>
        console.Acts.Find(visit.Route("id")) is { } act ? Show(visit, act, refusal, half) : Results.NotFound();

    private IResult Show(Visit visit, Act act, Refusal? refusal, string? half)
    {
        var kind = console.Acts.KindOf(act);
        return PageDoor.Show<ActPage>(
            visit.Http, PageDoor.Frame(visit, kind.Japanese, kind.English) with { Refusal = refusal },
            ("Act", act), ("Kind", kind), ("Half", half), ("HasEnded", act.HasEnded(console.Now)));
    }
}
