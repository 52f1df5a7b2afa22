using System.Formats.Asn1;
using System.Text.Json;
using Jpki.ControlRoom.Acts;
using Jpki.ControlRoom.Officers;
using Jpki.Cps;
using Jpki.Forms;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Jpki.ControlRoom;

/// <summary>Asks to be let in.</summary>
public sealed record LogInForm(string Password)
{
    public override string ToString() => "(password)";
}

/// <summary>Proposes an act.</summary>
/// <param name="Id">A number of the caller's choice: the same paper twice is one act.</param>
/// <param name="Instruction">The instruction it follows; null where none is needed.</param>
/// <param name="Order">As its kind has it.</param>
public sealed record ProposalForm(string Id, string? Instruction, JsonElement Order);

/// <summary>Says yes to an act.</summary>
/// <param name="Digest">SHA-256 of the order that was shown, in hexadecimal digits.</param>
/// <param name="Password">The officer's own, once more.</param>
public sealed record ConsentForm(string Digest, string Password)
{
    public override string ToString() => Digest;
}

/// <summary>The console for programs: the same rules, as JSON. Every route but enrolment needs a session.</summary>
internal static class ConsoleApi
{
    public static void Map(IEndpointRouteBuilder routes, OperatorsConsole console)
    {
        var api = routes.MapGroup("/api").DisableAntiforgery();
        api.MapPost("/enrolments", (EnrolmentForm form) => Take(() => console.Enrolment.Enrol(form)));
        api.MapPost("/sessions", (LogInForm form, HttpContext http) => Take(async () =>
            Caller.Of(http) is { } caller
                ? await console.LogIns.LogIn(caller, form.Password)
                : new Refusal("5-2-3", "show an officer's certificate")));
        api.MapPost("/certificate", (SignedForm form, HttpContext http) => As(console, http, officer =>
            console.Renewals.Renew(officer, Caller.Of(http)!, form)));
        api.MapGet("/report", (Delegate)((HttpContext http) =>
            As(console, http, Duties.WatchTheSystem, _ => console.Report())));
        api.MapGet("/compromises", (Delegate)((HttpContext http) =>
            As(console, http, Duties.WatchTheSystem, _ => console.Compromises())));
        api.MapGet("/certificates/{serial}", (string serial, HttpContext http) =>
            As(console, http, Duties.WatchTheSystem, _ => console.Find(serial)));

        api.MapPost("/instructions", (InstructionForm form, HttpContext http) => As(
            console, http, Duties.InstructWork, officer => console.Instructions.Give(officer, form)));
        api.MapGet("/instructions/{id}", (string id, HttpContext http) => As(console, http, _ =>
            Task.FromResult(console.Instructions.Find(id) is { } known
                ? (Outcome<Instruction>)known
                : new Refusal("5-2-2②", "there is no such instruction"))));
        api.MapPost("/instructions/{id}/confirmation", (string id, HttpContext http) => As(
            console, http, Duties.InstructWork, officer => console.Instructions.Confirm(officer, id)));

        CrossApi.Map(api, console);
        api.MapGet("/acts/{id}", (string id, HttpContext http) => As(console, http, _ =>
            Task.FromResult(console.Acts.Find(id) is { } act
                ? (Outcome<Act>)act
                : new Refusal("5-2-2①", "there is no such act"))));
        api.MapPost("/acts/{kind}", (string kind, ProposalForm form, HttpContext http) => As(console, http, officer =>
            console.Acts.Kinds.FirstOrDefault(k => k.Name == kind) is { } known
                ? console.Acts.Propose(officer, known, form.Id, form.Order.GetRawText(), form.Instruction)
                : Task.FromResult<Outcome<ActStep>>(new Refusal("5-2-2①", $"there is no act \"{kind}\""))));
        api.MapPost("/acts/{id}/consents", (string id, ConsentForm form, HttpContext http) => As(
            console, http, async officer => await console.LogIns.Confirm(Caller.Of(http)!, form.Password) is { } notHe
                ? notHe
                : await console.Acts.Consent(officer, id, form.Digest)));
    }

    internal static Task<IResult> As<T>(
        OperatorsConsole console, HttpContext http, Duty duty, Func<OfficerOnDuty, Task<Outcome<T>>> act)
        where T : class => Take(async () =>
            (await console.Enter(http, duty)).IsRefused(out var refusal, out var officer)
                ? refusal
                : await act(officer));

    internal static Task<IResult> As<T>(
        OperatorsConsole console, HttpContext http, Func<OfficerOnDuty, Task<Outcome<T>>> act)
        where T : class => Take(async () =>
            (await console.Enter(http)).IsRefused(out var refusal, out var officer) ? refusal : await act(officer));

    /// <summary>Bad bytes get one clear answer; an Authority that is away is told as such.</summary>
    private static async Task<IResult> Take<T>(Func<Task<Outcome<T>>> act) where T : class
    {
        try
        {
            return Answers.Of(await act());
        }
        catch (Exception e) when (e is AsnContentException or JsonException or FormatException)
        {
            return Answers.Malformed(e.Message);
        }
        catch (HttpRequestException e)
        {
            return Results.Problem(
                $"埼玉県 CA につながりません。 The Authority cannot be reached: {e.Message}",
                statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
