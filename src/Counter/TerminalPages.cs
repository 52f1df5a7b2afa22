using Jpki.Counter.Pages;
using Jpki.Cps;
using Jpki.Forms;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Jpki.Counter;

/// <summary>The terminal as pages: what an officer does, with a keyboard and without a script. 受付窓口端末</summary>
internal sealed partial class TerminalPages
{
    private const string Home = "/terminal";

    private readonly CounterRoom room;

    private TerminalPages(CounterRoom room) => this.room = room;

    public static void Map(IEndpointRouteBuilder routes, CounterRoom room)
    {
        TerminalPages pages = new(room);
        routes.MapGet("/", () => Results.Redirect(Home));
        pages.MapLogIn(routes);
        pages.MapApplications(routes);
        pages.MapSteps(routes);
        pages.MapRevocations(routes);
        pages.MapCertificates(routes);
        pages.MapRequests(routes);
        pages.MapAgents(routes);
        pages.MapHistory(routes);
        pages.MapPapers(routes);
        DevicePages.Map(routes, room);
    }

    private void MapLogIn(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/terminal/log-in", (Delegate)((HttpContext http) =>
        {
            room.Greet(http);
            return Show<LogInPage>(
                http, new() { Title = "ログイン", FormToken = Visitor.FormToken(http) }, Typed(TypedFields.None));
        }));
        routes.MapPost("/terminal/log-in", (Delegate)(async (HttpContext http) =>
        {
            if (await Read(http) is not { } typed)
                return Results.Redirect("/terminal/log-in");
            if ((await room.LogIns.LogIn(typed["id"], typed["password"])).IsRefused(out var refusal, out var loggedIn))
            {
                PageFrame frame = new() { Title = "ログイン", FormToken = Visitor.FormToken(http), Refusal = refusal };
                return await Show<LogInPage>(http, frame, Typed(typed));
            }
            Visitor.Remember(http, loggedIn.Token);
            return Results.Redirect(Home);
        }));
        routes.MapPost("/terminal/log-out", Post(async (http, _, _) =>
        {
            await room.LogIns.LogOut(Visitor.Token(http)!);
            Visitor.Forget(http);
            return Results.Redirect("/terminal/log-in");
        }));
    }

    private void MapApplications(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Home, Get((http, officer) => Show<TodayPage>(
            http, Frame(http, officer, "本日の受付") with { Waiting = room.Waiting },
            new()
            {
                ["Applications"] = room.Issuance.Recent(officer),
                ["Receipts"] = room.Revocations.Recent(officer),
                ["Requests"] = room.Requests.Of(officer, room.Today),
                ["Letters"] = room.Letters.Open(officer),
            })));
        MapSearch(routes, "/terminal/applications/new", (http, officer, query) =>
            Show<NewApplicationPage>(http, Frame(http, officer, "発行申請"), WithSearch(http, officer, query)));
        routes.MapPost("/terminal/applications", Post(async (http, officer, typed) =>
        {
            var form = TerminalForms.Application(typed);
            if (TerminalForms.ApplicationErrors(typed, form, room.Today) is { Count: > 0 } errors)
                return await ShowForm(http, officer, typed, errors, null);
            return (await room.Issuance.Receive(officer, form)).IsRefused(out var refusal, out var application)
                ? await ShowRefusal(http, officer, refusal)
                : Results.Redirect(PathOf(application.Id));
        }));
        routes.MapGet("/terminal/applications/{id}/correction", Get((http, officer) =>
            room.Issuance.Find(officer, Id(http)).IsRefused(out var refusal, out var application)
                ? ShowRefusal(http, officer, refusal)
                : ShowForm(
                    http, officer, TerminalForms.Of(application.Form, Visitor.FormToken(http)), [], application.Id)));
        routes.MapPost("/terminal/applications/{id}/correction", Post(async (http, officer, typed) =>
        {
            var form = TerminalForms.Application(typed);
            if (TerminalForms.ApplicationErrors(typed, form, room.Today) is { Count: > 0 } errors)
                return await ShowForm(http, officer, typed, errors, Id(http));
            return await After(await room.Issuance.Correct(officer, Id(http), form), http, officer, typed);
        }));
        routes.MapGet("/terminal/applications/{id}", Get((http, officer) =>
            ShowApplication(http, officer, TypedFields.None, null, [])));
    }

    private void MapRevocations(IEndpointRouteBuilder routes)
    {
        MapSearch(routes, "/terminal/revocations/new", (http, officer, query) =>
            Show<RevocationPage>(http, Frame(http, officer, "失効申請"), WithSearch(http, officer, query)));
        routes.MapPost("/terminal/revocations", Post(async (http, officer, typed) =>
        {
            var person = TerminalForms.Application(typed);
            var hasReason = Enum.TryParse<RevocationReason>(typed["reason"], out var reason);
            FieldError[] errors =
            [
                .. hasReason ? Array.Empty<FieldError>() : [new("reason", "失効の事由を選んでください。") { Clause = "4-4-2-1" }],
                .. FormCheck.Errors(person, room.Today),
                .. TerminalForms.WhoCameErrors(typed, person.Agent, room.Today),
            ];
            if (errors.Length > 0)
                return await ShowRevocation(http, officer, typed, null, errors);
            var taken = await room.Revocations.Take(officer, new()
            {
                Person = person,
                Reason = reason,
                Identity = person.Agent is null ? TerminalForms.Identity(typed, byAgent: false) : null,
            });
            return taken.IsRefused(out var refusal, out var receipt)
                ? await ShowRevocation(http, officer, typed, refusal, [])
                : Results.Redirect($"/terminal/receipts/{receipt.Id}");
        }));
        routes.MapGet("/terminal/receipts/{id}", Get((http, officer) =>
            ShowReceipt(http, officer, TypedFields.None, null, [])));
        MapSearch(routes, "/terminal/register-events/new", (http, officer, query) =>
            Show<RegisterEventPage>(http, Frame(http, officer, "異動の入力"), WithSearch(http, officer, query)));
        routes.MapPost("/terminal/register-events", Post(EnterEvent));
    }

    private async Task<IResult> EnterEvent(HttpContext http, OfficerOnDuty officer, TypedFields typed)
    {
        var frame = Frame(http, officer, "異動の入力");
        var content = WithSearch(http, officer);
        content["Typed"] = typed;
        if (!Enum.TryParse<RegisterEventKind>(typed["event"], out var kind))
        {
            return await Show<RegisterEventPage>(
                http, frame with { Errors = [new("event", "異動の種類を選んでください。") { Clause = "4-4-1-1" }] }, content);
        }

        var paper = TerminalForms.Application(typed) with { AppliedOn = room.Today, Agent = null, Substitutes = [] };
        if (kind == RegisterEventKind.AttributesChanged
            && FormCheck.Errors(paper, room.Today) is { Count: > 0 } errors)
        {
            return await Show<RegisterEventPage>(http, frame with { Errors = errors }, content);
        }
        var entered = await room.Events.Enter(officer, new()
        {
            ResidentId = http.Request.Query["resident"].ToString(),
            Event = kind,
            Attributes = paper.Attributes,
            NameKana = paper.NameKana,
        });
        if (entered.IsRefused(out var refusal, out var done))
            return await Show<RegisterEventPage>(http, Beside(frame, refusal), content);
        return await Show<RegisterEventPage>(
            http, frame, new() { ["Done"] = done, ["Typed"] = TypedFields.None, ["Today"] = Today });
    }

    private async Task<IResult> After<T>(Outcome<T> outcome, HttpContext http, OfficerOnDuty officer, TypedFields typed)
        where T : class =>
        outcome.IsRefused(out var refusal, out _)
            ? await ShowApplication(http, officer, typed, refusal, [])
            : Results.Redirect(PathOf(Id(http)));

    private Task<IResult> ShowApplication(
        HttpContext http, OfficerOnDuty officer, TypedFields typed, Refusal? refusal, IReadOnlyList<FieldError> errors,
        HandOver? handOver = null)
    {
        if (room.Issuance.Find(officer, Id(http)).IsRefused(out var notFound, out var application))
            return ShowRefusal(http, officer, notFound);
        var said = application.State == ApplicationState.Refused ? null : refusal;
        return Show<ApplicationPage>(http, WithRefusal(Frame(http, officer, "発行申請"), said, errors), new()
        {
            ["Place"] = application.State == ApplicationState.Waiting ? room.PlaceOf(application.Id) : null,
            ["Application"] = application,
            ["Typed"] = typed,
            ["Comparisons"] = application.State == ApplicationState.Received
                ? room.Issuance.Compare(officer, application.Id) : null,
            ["Substitutes"] = room.Issuance.Substitutes(officer, application.Id),
            ["HandOver"] = handOver,
            ["Letters"] = room.Letters.About(officer, application.Id),
            ["Payment"] = room.Issuance.PaymentOf(officer, application.Id),
            ["Fee"] = room.Options.Fee,
            ["Today"] = Today,
            ["KeyKinds"] = KeyKinds(room.Options),
            ["Delivery"] = application.State == ApplicationState.Delivered
                ? room.Issuance.Papers(officer, application.Id).Value : null,
        });
    }

    private Task<IResult> ShowForm(
        HttpContext http, OfficerOnDuty officer, TypedFields typed, IReadOnlyList<FieldError> errors,
        string? application) =>
        Show<NewApplicationPage>(http, Frame(http, officer, "発行申請") with { Errors = errors },
            new() { ["Typed"] = typed, ["ApplicationId"] = application, ["Today"] = Today });

    private Task<IResult> ShowRevocation(
        HttpContext http, OfficerOnDuty officer, TypedFields typed, Refusal? refusal,
        IReadOnlyList<FieldError> errors) =>
        Show<RevocationPage>(http, Frame(http, officer, "失効申請") with { Refusal = refusal, Errors = errors },
            new() { ["Typed"] = typed, ["Today"] = Today });

    private static Task<IResult> ShowRefusal(HttpContext http, OfficerOnDuty officer, Refusal refusal) =>
        Show<RefusalPage>(http, Frame(http, officer, "手続を行えません") with { Refusal = refusal }, []);

    /// <summary>A page with a search on it. A name goes in the body: addresses are kept in histories.</summary>
    private void MapSearch(
        IEndpointRouteBuilder routes, string path, Func<HttpContext, OfficerOnDuty, string, Task<IResult>> show)
    {
        routes.MapGet(path, Get((http, officer) => show(http, officer, "")));
        routes.MapPost(path, Post((http, officer, typed) => show(http, officer, typed["query"])));
    }

    private Dictionary<string, object?> WithSearch(HttpContext http, OfficerOnDuty officer, string query = "") =>
        new()
        {
            ["Typed"] = TypedFields.None,
            ["Today"] = Today,
            ["Query"] = query,
            ["Found"] = query.Length == 0
                ? [] : room.Register.Search(officer.Municipality, query, withoutCertificate: false, 20),
            ["Resident"] = room.Register.Find(http.Request.Query["resident"].ToString(), officer.Municipality),
        };

    internal static (string, string)[] KeyKinds(CounterOptions options) =>
        [.. Enum.GetValues<KeyKind>().Where(k => KeyPairDevice.Allows(k, options))
            .Select(k => (k.ToString(), Wording.Of(k)))];

    private string Today => TerminalForms.Text(room.Today);

    private static PageFrame Frame(HttpContext http, OfficerOnDuty officer, string title) =>
        new() { Title = title, Officer = officer, FormToken = Visitor.FormToken(http) };

    private static Dictionary<string, object?> Typed(TypedFields typed) => new() { ["Typed"] = typed };

    private static Task<IResult> Show<T>(
        HttpContext http, PageFrame frame, Dictionary<string, object?> content) where T : IComponent
    {
        content["Page"] = frame;
        return Paper.Print<T>(http, content, frame.Refusal is not null || frame.Errors.Count > 0);
    }

    /// <summary>A page that only shows something, to an officer on duty.</summary>
    private Delegate Get(Func<HttpContext, OfficerOnDuty, Task<IResult>> show) => async (HttpContext http) =>
        await Visitor.OnDuty(http, room.LogIns) is { } officer
            ? await show(http, officer) : Results.Redirect("/terminal/log-in");

    /// <summary>An act, sent from one of our own pages by an officer on duty.</summary>
    private Delegate Post(Func<HttpContext, OfficerOnDuty, TypedFields, Task<IResult>> act) =>
        async (HttpContext http) =>
        await Visitor.OnDuty(http, room.LogIns) is not { } officer ? Results.Redirect("/terminal/log-in")
        : await Read(http) is not { } typed
            ? await ShowRefusal(http, officer, new("5-1-2-2", "この画面の有効期限が切れました。もう一度操作してください。"))
        : await act(http, officer, typed);

    private static async Task<TypedFields?> Read(HttpContext http)
    {
        if (!http.Request.HasFormContentType)
            return null;
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        return Visitor.SentFromOurPage(http, form) ? new(form.ToDictionary(f => f.Key, f => f.Value.ToString())) : null;
    }

    private static string PathOf(string application) => $"/terminal/applications/{application}";

    private static string Id(HttpContext http) => Door.Id(http);
}
