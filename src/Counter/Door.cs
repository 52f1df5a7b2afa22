using System.Text.Json;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Forms.Viewing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Jpki.Counter;

/// <summary>
/// The counters' door: one route an act, for programs; the same acts as pages, for people, under /terminal.
/// </summary>
public static partial class Door
{
    private const int LongestBody = 64 * 1024;

    private static readonly Refusal NoSuchResident = new("5-1-2-2", "この市町村の住民基本台帳に記録されている者ではありません。");

    private static readonly Refusal NotHandedOver = new("5-1-2-2", "引継ぎ番号が違うか、期限が切れています。");

    private static readonly Refusal NotOnDuty = new("5-1-2-2", "ログインしてください。");

    public static void MapCounter(this IEndpointRouteBuilder door, CounterRoom room)
    {
        // What somebody in the line needs is not behind the turnstile.
        HouseStyle.Map(door, "/terminal/terminal.css");
        MapPlace(door, room);
        var routes = door.MapGroup("")
            .AddEndpointFilter(new Turnstile(room.Options.MostAtOnce, WaitingLine.Tell).Pass);
        MapLogIn(routes, room);
        MapIssuance(routes, room);
        MapRevocation(routes, room);
        MapDevice(routes, room);
        MapRequests(routes, room);
        TerminalPages.Map(routes, room);
    }

    private static void MapPlace(IEndpointRouteBuilder routes, CounterRoom room) =>
        routes.MapGet("/applications/{id}/place", Serve(room, (officer, http) =>
            room.Issuance.Find(officer, Id(http)).IsRefused(out var refusal, out _) ? No(refusal)
            : room.PlaceOf(Id(http)) is { } place ? Results.Json(place, FormJson.Options)
            : Results.NoContent()));

    private static void MapLogIn(IEndpointRouteBuilder routes, CounterRoom room)
    {
        routes.MapPost("/login", (Delegate)(async (HttpContext http) => await Guard(async () =>
        {
            var form = await Body<LogInForm>(http);
            return (await room.LogIns.LogIn(form.Id, form.Password)).IsRefused(out var refusal, out var loggedIn)
                ? Problem(refusal, StatusCodes.Status401Unauthorized)
                : Results.Json(loggedIn, FormJson.Options);
        })));
        routes.MapPost("/logout", (Delegate)(async (HttpContext http) =>
        {
            if (Visitor.Token(http) is { } token)
                await room.LogIns.LogOut(token);
            return Results.NoContent();
        }));
    }

    private static void MapIssuance(IEndpointRouteBuilder routes, CounterRoom room)
    {
        var desk = room.Issuance;
        routes.MapGet("/residents", Ask(room, (officer, http) => room.Register.Search(
            officer.Municipality, "", http.Request.Query["withoutCertificate"] == "true", Number(http, "limit", 20))));
        routes.MapPost("/residents/search", Act<ResidentSearchForm, ResidentsFound>(room, (officer, _, form) =>
            Task.FromResult<Outcome<ResidentsFound>>(new ResidentsFound(
                room.Register.Search(officer.Municipality, form.Query, form.WithoutCertificate, form.Limit)))));
        routes.MapGet("/residents/{id}", Find<Resident>(room, (officer, id) =>
            room.Register.Find(id, officer.Municipality) is { } resident ? resident : NoSuchResident));
        routes.MapGet("/residents/{id}/certificates", Ask(room, (officer, http) =>
            room.Revocations.CertificatesOf(officer, Id(http))));
        routes.MapGet("/applications", Ask(room, (officer, _) => desk.Recent(officer)));
        routes.MapPost(
            "/applications", Act<ApplicationForm, IssuanceApplication>(room, (o, _, form) => desk.Receive(o, form)));
        routes.MapGet("/applications/{id}", Find(room, desk.Find));
        routes.MapPut("/applications/{id}", Act<ApplicationForm, IssuanceApplication>(room, desk.Correct));
        routes.MapGet(
            "/applications/{id}/comparison", Ask(room, (officer, http) => desk.Compare(officer, Id(http)) ?? []));
        routes.MapGet(
            "/applications/{id}/substitutes", Ask(room, (officer, http) => desk.Substitutes(officer, Id(http))));
        routes.MapPost("/applications/{id}/match", Act(room, desk.Match));
        routes.MapPost("/applications/{id}/identity", Act<IdentityEvidence, IssuanceApplication>(room, desk.Prove));
        routes.MapPost("/applications/{id}/key-pair", Act<KeyPairForm, IssuanceApplication>(room, (officer, id, form) =>
            desk.MakeKeyPair(officer, id, form.Kind, form.Password, form.PasswordAgain)));
        routes.MapPost("/applications/{id}/notice", Act(room, desk.Notify));
        routes.MapPost("/applications/{id}/delivery", Act(room, desk.Deliver));
        routes.MapGet("/applications/{id}/delivery", Find(room, desk.Papers));
        routes.MapGet("/applications/{id}/card", Serve(room, (officer, http) =>
            desk.Card(officer, Id(http)).IsRefused(out var refusal, out var card) ? No(refusal) : Results.Bytes(card)));
    }

    private static void MapRevocation(IEndpointRouteBuilder routes, CounterRoom room)
    {
        routes.MapGet("/certificates/{id}", Find(room, room.Revocations.FindCertificate));
        routes.MapPost("/revocations", Act<RevocationForm, Receipt>(room, (officer, _, form) =>
            room.Revocations.Take(officer, form)));
        routes.MapGet("/receipts/{id}", Find(room, room.Revocations.Find));
        routes.MapPost("/register-events", Act<RegisterEntry, RegisterEntryAnswer>(room, (o, _, entry) =>
            room.Events.Enter(o, entry)));
        routes.MapPost("/register-files", Serve(room, async (officer, http) =>
        {
            using MemoryStream file = new();
            await http.Request.Body.CopyToAsync(file, http.RequestAborted);
            var report = await room.RegisterFiles.Take(file.ToArray(), officer.Municipality, officer.Id);
            return Results.Json(report, FormJson.Options, statusCode: report.IsTaken
                ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
        }));
    }

    private static Delegate Act<TBody, TAnswer>(
        CounterRoom room, Func<OfficerOnDuty, string, TBody, Task<Outcome<TAnswer>>> act)
        where TBody : class where TAnswer : class =>
        Serve(room, async (officer, http) => Answer(await act(officer, Id(http), await Body<TBody>(http))));

    private static Delegate Act<TAnswer>(
        CounterRoom room, Func<OfficerOnDuty, string, Task<Outcome<TAnswer>>> act) where TAnswer : class =>
        Serve(room, async (officer, http) => Answer(await act(officer, Id(http))));

    private static Delegate Find<TAnswer>(
        CounterRoom room, Func<OfficerOnDuty, string, Outcome<TAnswer>> find) where TAnswer : class =>
        Serve(room, (officer, http) => Answer(find(officer, Id(http))));

    private static Delegate Ask<TAnswer>(CounterRoom room, Func<OfficerOnDuty, HttpContext, TAnswer> ask) =>
        Serve(room, (officer, http) => Results.Json(ask(officer, http), FormJson.Options));

    private static Delegate Serve(CounterRoom room, Func<OfficerOnDuty, HttpContext, IResult> serve) =>
        Serve(room, (officer, http) => Task.FromResult(serve(officer, http)));

    private static Delegate Serve(CounterRoom room, Func<OfficerOnDuty, HttpContext, Task<IResult>> serve) =>
        async (HttpContext http) => await Visitor.OnDuty(http, room.LogIns) is { } officer
            ? await Guard(() => serve(officer, http))
            : Problem(NotOnDuty, StatusCodes.Status401Unauthorized);

    /// <summary>Bad bytes end here, in one clear answer that repeats none of them.</summary>
    private static async Task<IResult> Guard(Func<Task<IResult>> serve)
    {
        try
        {
            return await serve();
        }
        catch (JsonException e)
        {
            return Answers.Malformed($"not the JSON this route takes: {e.Path ?? "$"}");
        }
        catch (BadHttpRequestException e)
        {
            return Results.Problem("the body cannot be read", title: "malformed", statusCode: e.StatusCode);
        }
    }

    private static async Task<T> Body<T>(HttpContext http) where T : class
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = LongestBody;
        return await JsonSerializer.DeserializeAsync<T>(http.Request.Body, FormJson.Options, http.RequestAborted)
            ?? throw new JsonException("null");
    }

    private static IResult Answer<T>(Outcome<T> outcome) where T : class =>
        outcome.Refusal is { } refusal ? No(refusal) : Answers.Of(outcome);

    private static IResult No(Refusal refusal) =>
        refusal == OfficerOnDuty.NotYours ? Answers.Forbidden(refusal) : Answers.Refused(refusal);

    private static IResult Problem(Refusal refusal, int status) =>
        Results.Problem(refusal.Reason, title: refusal.Clause.ToString(), statusCode: status);

    /// <summary>What no id of ours has in it finds nothing.</summary>
    internal static string Id(HttpContext http) =>
        http.GetRouteValue("id") is string id && !id.Any(char.IsControl) ? id : "";

    private static int Number(HttpContext http, string name, int otherwise) =>
        int.TryParse(http.Request.Query[name], System.Globalization.NumberStyles.None,
            System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
