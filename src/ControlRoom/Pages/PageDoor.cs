using System.Text.Json;
using Jpki.ControlRoom.Officers;
using Jpki.Cps;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Jpki.ControlRoom.Pages;

/// <summary>An officer on duty at a page.</summary>
/// <param name="Http">The request.</param>
/// <param name="Officer">Who sent it.</param>
/// <param name="Typed">The fields of the form, as typed; empty for a page that is only looked at.</param>
public sealed record Visit(HttpContext Http, OfficerOnDuty Officer, IFormCollection Typed)
{
    public string this[string field] => Typed[field].ToString().Trim();

    public string Route(string name) => Http.Request.RouteValues[name]?.ToString() ?? "";

    /// <summary>What was chosen of a list.</summary>
    /// <exception cref="JsonException">Nothing that the list has.</exception>
    internal T Chosen<T>(string field) where T : struct, Enum =>
        Enum.TryParse<T>(this[field], out var value) && Enum.IsDefined(value) ? value : throw new JsonException(field);

    /// <summary>A file that was sent with the form.</summary>
    internal static async Task<byte[]> Octets(IFormFile file)
    {
        using MemoryStream octets = new();
        await file.CopyToAsync(octets);
        return octets.ToArray();
    }
}

/// <summary>
/// How every page is reached: by an officer on duty, and an act only from a form of our own. (CPS 5-2-3)
/// </summary>
public sealed class PageDoor(OperatorsConsole console)
{
    private const string StaleForm = "この画面の有効期限が切れました。もう一度操作してください。 The form is too old.";

    /// <summary>A page that only shows something.</summary>
    public Delegate Get(Func<Visit, Task<IResult>> show) => async (HttpContext http) =>
    {
        if ((await console.Enter(http)).IsRefused(out var refusal, out var officer))
            return AtTheDoor(http, refusal);
        return await WithNeighbours(new(http, officer, FormCollection.Empty), show);
    };

    /// <summary>The same for those whose duty it is.</summary>
    public Delegate Get(Duty duty, Func<Visit, Task<IResult>> show) => Get(async visit =>
        (await console.Enter(visit.Http, duty)).IsRefused(out var refusal, out _)
            ? Refused(visit, refusal)
            : await show(visit));

    /// <summary>An act, sent from one of our own pages.</summary>
    public Delegate Post(Func<Visit, Task<IResult>> act) => async (HttpContext http) =>
    {
        if ((await console.Enter(http)).IsRefused(out var refusal, out var officer))
            return AtTheDoor(http, refusal);
        if (!await IsOurForm(http))
            return Refused(new(http, officer, FormCollection.Empty), new("5-2-3", StaleForm));
        Visit visit = new(http, officer, await http.Request.ReadFormAsync(http.RequestAborted));
        try
        {
            return await WithNeighbours(visit, act);
        }
        catch (JsonException e)
        {
            return Refused(visit, new("5-2-2①", e.Message));
        }
    };

    /// <summary>The same for those whose duty it is.</summary>
    public Delegate Post(Duty duty, Func<Visit, Task<IResult>> act) => Post(async visit =>
        (await console.Enter(visit.Http, duty)).IsRefused(out var refusal, out _)
            ? Refused(visit, refusal)
            : await act(visit));

    public static PageFrame Frame(Visit visit, string title, string english) =>
        Frame(visit.Http, title, english) with { Officer = visit.Officer };

    public static PageFrame Frame(HttpContext http, string title, string english) => new()
    {
        Title = title,
        English = english,
        Token = Antiforgery(http).GetAndStoreTokens(http),
    };

    /// <summary>A page: a component with its frame as <c>Page</c> and what it shows besides.</summary>
    public static IResult Show<T>(HttpContext http, PageFrame frame, params (string Name, object? Value)[] content)
        where T : IComponent
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.ContentSecurityPolicy =
            "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; "
            + "base-uri 'none'";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers["Referrer-Policy"] = "same-origin";
        Dictionary<string, object?> parameters = content.ToDictionary(c => c.Name, c => c.Value);
        parameters["Page"] = frame;
        return new RazorComponentResult<T>(parameters)
        {
            StatusCode = frame.Trouble is not null ? StatusCodes.Status503ServiceUnavailable
                : frame.Refusal is not null ? StatusCodes.Status422UnprocessableEntity
                : StatusCodes.Status200OK,
        };
    }

    public static IResult Refused(Visit visit, Refusal refusal) => Show<MessagePage>(
        visit.Http, Frame(visit, "できません", "Refused") with { Refusal = refusal });

    internal static async Task<bool> IsOurForm(HttpContext http) =>
        http.Request.HasFormContentType && await Antiforgery(http).IsRequestValidAsync(http);

    /// <summary>A neighbour that is away is told as such.</summary>
    private static async Task<IResult> WithNeighbours(Visit visit, Func<Visit, Task<IResult>> act)
    {
        try
        {
            return await act(visit);
        }
        catch (HttpRequestException e)
        {
            return Show<MessagePage>(
                visit.Http, Frame(visit, "いまは行えません", "Not possible at this moment") with { Trouble = e.Message });
        }
    }

    private static IResult AtTheDoor(HttpContext http, Refusal refusal) => Forms.Caller.Of(http) is null
        ? Show<MessagePage>(http, Frame(http, "証明書を示してください", "Show your certificate") with { Refusal = refusal })
        : Results.Redirect("/log-in");

    private static IAntiforgery Antiforgery(HttpContext http) =>
        (IAntiforgery)http.RequestServices.GetService(typeof(IAntiforgery))!;
}
