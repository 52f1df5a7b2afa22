using System.Text.Json;
using Jpki.ControlRoom.Cross;
using Jpki.ControlRoom.Pages;
using Jpki.Cps;
using Jpki.Forms;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Jpki.ControlRoom;

/// <summary>Papers about cross certificates, from hand to hand. (CPS 4-6 … 4-10, 5-2-1-1(3)(4)(5))</summary>
internal sealed class CrossPages(OperatorsConsole console)
{
    private const int LargestFile = 64 * 1024;

    public static void Map(IEndpointRouteBuilder routes, OperatorsConsole console, PageDoor door)
    {
        CrossPages pages = new(console);
        routes.MapGet("/cross", door.Get(visit => pages.List(visit, null)));
        routes.MapPost("/cross", door.Post(Duties.ReceiveCrossPapers, pages.Receive));
        routes.MapGet("/cross/application.p10", door.Get(Duties.ReceiveCrossPapers, async visit =>
            (await console.Authority.Get<CrossApplication>("operators/cross/application"))
                .IsRefused(out var no, out var application)
                    ? PageDoor.Refused(visit, no)
                    : Results.File(application.CertificationRequest, "application/pkcs10", "governor.p10")));
        routes.MapGet("/cross/{id}", door.Get(visit => Task.FromResult(pages.One(visit, null))));
        routes.MapGet("/cross/{id}/certificate", door.Get(visit => Task.FromResult(
            console.Cross.Find(visit.Route("id"))?.Answer is { } answer
                ? Results.File(answer.Certificate, "application/pkix-cert", $"{answer.Serial}.cer")
                : Results.NotFound())));
        routes.MapPost("/cross/{id}/examination", door.Post(async visit => pages.One(
            visit, (await console.Cross.Examine(visit.Officer, visit.Route("id"), Said(visit))).Refusal)));
        routes.MapPost("/cross/{id}/approval", door.Post(async visit => pages.One(
            visit, (await console.Cross.Approve(visit.Officer, visit.Route("id"), Said(visit))).Refusal)));
        routes.MapPost("/cross/{id}/receipt", door.Post(async visit => pages.One(
            visit, (await console.Cross.File(visit.Officer, visit.Route("id"), visit["receipt"])).Refusal)));
    }

    private static CrossFinding Said(Visit visit) => new(visit["finding"], visit["passes"] == "yes");

    private async Task<IResult> List(Visit visit, Refusal? refusal) => PageDoor.Show<CrossListPage>(
        visit.Http, PageDoor.Frame(visit, "相互認証", "Cross certification") with { Refusal = refusal },
        ("Cases", console.Cross.All), ("Id", console.Acts.NewId()), ("Typed", visit.Typed),
        ("Refusals", await Refusals()));

    /// <summary>Null when the Authority cannot be asked.</summary>
    private async Task<IReadOnlyList<CrossRefusal>?> Refusals()
    {
        try
        {
            return (await console.Authority.Get<CrossRefusal[]>("operators/cross/refusals")).Value;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private IResult One(Visit visit, Refusal? refusal) => console.Cross.Find(visit.Route("id")) is { } known
        ? PageDoor.Show<CrossCasePage>(
            visit.Http, PageDoor.Frame(visit, $"相互認証の申請 {known.Id}", "Papers on a cross certificate") with
            {
                Refusal = refusal,
            }, ("Case", known))
        : Results.NotFound();

    private async Task<IResult> Receive(Visit visit)
    {
        var received = await console.Cross.Receive(visit.Officer, new()
        {
            Id = visit["id"],
            Work = visit["work"],
            Subject = JsonSerializer.SerializeToElement(await SubjectOf(visit), FormJson.Options),
            RequesterProof = visit["requesterProof"],
            ConnectionTest = visit["connectionTest"] is { Length: > 0 } passed ? passed : null,
            Finding = visit["finding"],
        });
        return received.IsRefused(out var refusal, out var known)
            ? await List(visit, refusal)
            : Results.Redirect($"/cross/{known.Id}");
    }

    private static async Task<object> SubjectOf(Visit visit) => visit["work"] switch
    {
        CrossWorks.Issue => new CrossRequest
        {
            Occasion = visit.Chosen<CrossOccasion>("occasion"),
            CertificationRequest = await File(visit),
            KeySha256 = visit["keySha256"].Replace(":", "", StringComparison.Ordinal).ToUpperInvariant(),
        },
        CrossWorks.Acceptance => new CrossAcceptance(await File(visit)),
        CrossWorks.Revocation => new CrossRevocation(
            visit["serial"].ToUpperInvariant(), visit.Chosen<CrossEnd>("cause"), visit.Chosen<CrossParty>("askedBy")),
        _ => throw new JsonException("work"),
    };

    /// <summary>Nothing when no file was chosen or it is too large: the desk says so beside the field.</summary>
    private static async Task<byte[]> File(Visit visit) =>
        visit.Typed.Files.GetFile("file") is { Length: <= LargestFile } file ? await Visit.Octets(file) : [];
}
