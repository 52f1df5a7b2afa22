using Jpki.ControlRoom.Pages;
using Jpki.Cps;
using Jpki.Forms;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Jpki.ControlRoom;

/// <summary>Logging in and out, and changing a password, which may have expired. (CPS 5-2-3)</summary>
internal static class LogInPages
{
    public static void Map(IEndpointRouteBuilder routes, OperatorsConsole console, PageDoor door)
    {
        routes.MapGet("/log-in", WithCertificate((http, caller) => Task.FromResult(LogIn(http, caller, null))));
        routes.MapPost("/log-in", Form(async (http, caller, typed) =>
        {
            var entered = await console.LogIns.LogIn(caller, typed["password"].ToString());
            if (entered.IsRefused(out var refusal, out var loggedIn))
                return LogIn(http, caller, refusal);
            OperatorsConsole.Remember(http, loggedIn.Token);
            return Results.Redirect("/");
        }));
        routes.MapPost("/log-out", door.Post(async visit =>
        {
            await console.LogIns.LogOut(visit.Officer, OperatorsConsole.TokenOf(visit.Http)!);
            OperatorsConsole.Forget(visit.Http);
            return Results.Redirect("/log-in");
        }));
        routes.MapGet("/password", WithCertificate((http, _) => Task.FromResult(Password(http, null))));
        routes.MapPost("/password", Form(async (http, caller, typed) =>
            await console.LogIns.ChangePassword(
                caller, typed["current"].ToString(), typed["password"].ToString(), typed["again"].ToString())
                is { } refusal
                ? Password(http, refusal)
                : Results.Redirect("/log-in")));
    }

    private static IResult LogIn(HttpContext http, Caller caller, Refusal? refusal) => PageDoor.Show<LogInPage>(
        http, PageDoor.Frame(http, "ログイン", "Log in") with { Refusal = refusal }, ("Id", caller.Id));

    private static IResult Password(HttpContext http, Refusal? refusal) => PageDoor.Show<PasswordPage>(
        http, PageDoor.Frame(http, "パスワードの変更", "Change your password") with { Refusal = refusal });

    private static Delegate WithCertificate(Func<HttpContext, Caller, Task<IResult>> show) => async (HttpContext http) =>
        Caller.Of(http) is { } caller
            ? await show(http, caller)
            : PageDoor.Show<MessagePage>(
                http, PageDoor.Frame(http, "証明書を示してください", "Show your certificate") with
                {
                    Refusal = new("5-2-3", "要員の証明書を示してください。 Show an officer's certificate."),
                });

    private static Delegate Form(Func<HttpContext, Caller, IFormCollection, Task<IResult>> act) =>
        WithCertificate(async (http, caller) => await PageDoor.IsOurForm(http)
            ? await act(http, caller, await http.Request.ReadFormAsync(http.RequestAborted))
            : Results.Redirect("/log-in"));
}
