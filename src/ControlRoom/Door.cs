using System.Security.Cryptography;
using Jpki.Cps;
using Jpki.Forms;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Jpki.ControlRoom;

/// <summary>
/// The control room's door: two pages for people, three routes for programs. It stands behind mutual TLS.
/// </summary>
public static class Door
{
    public static void MapControlRoom(
        this IEndpointRouteBuilder routes, OperatorsConsole console, RandomNumberGenerator random)
    {
        routes.MapGet("/", (Delegate)((HttpContext http) => Page(http, console, null)));
        CertificatePages.Map(routes, console);
        routes.MapGet("/console.css", () => Results.Stream(
            typeof(Door).Assembly.GetManifestResourceStream("Jpki.ControlRoom.console.css")!,
            "text/css; charset=utf-8"));
        routes.MapPost("/publications", async (HttpContext http, [FromForm] string why) =>
            await Page(http, console, Words(await console.Publish(http, new(why)), r =>
                $"失効記録 {r.LastRun!.Number} を発行しました。{r.PublishingTrouble ?? "リポジトリに公開されています。"}")));
        routes.MapPost("/revocations", async (
            HttpContext http, [FromForm] string serial, [FromForm] RevocationReason reason,
            [FromForm] string noticeId) =>
            await Page(http, console, Words(
                await console.Revoke(http, new() { NoticeId = noticeId, Serial = serial.Trim(), Reason = reason }),
                a => $"{a.Serial} を失効しました（{a.Reason.ToStandardName()}）。")));

        var api = routes.MapGroup("/api").DisableAntiforgery();
        api.MapGet("/report", async (HttpContext http) => Answers.Of(await console.Report(http)));
        api.MapGet("/certificates/{serial}", async (string serial, HttpContext http) =>
            Answers.Of(await console.Find(http, serial)));
        api.MapPost("/publications", async (PublishOrder order, HttpContext http) =>
            Answers.Of(await console.Publish(http, order)));
        api.MapPost("/revocations", async (ExOfficioRevocation order, HttpContext http) =>
            Answers.Of(await console.Revoke(http, order)));

        Task<RazorComponentResult<ConsolePage>> Page(HttpContext http, OperatorsConsole desk, string? message) =>
            Render(http, desk, message, random);
    }

    private static async Task<RazorComponentResult<ConsolePage>> Render(
        HttpContext http, OperatorsConsole console, string? message, RandomNumberGenerator random)
    {
        var report = await console.Report(http);
        var antiforgery = (IAntiforgery)http.RequestServices.GetService(typeof(IAntiforgery))!;
        var notice = new byte[16];
        random.GetBytes(notice);
        return new(new
        {
            Officer = Caller.Of(http)?.Id ?? "",
            Report = report.Value,
            Message = message ?? (report.Refusal is { } refusal ? $"{refusal.Clause}: {refusal.Reason}" : null),
            Token = antiforgery.GetAndStoreTokens(http),
            // One paper per page shown: a form sent twice is one revocation.
            NoticeId = "X" + Convert.ToHexString(notice),
        });
    }

    private static string Words<T>(Outcome<T> outcome, Func<T, string> done) where T : class =>
        outcome.IsRefused(out var refusal, out var value) ? $"できません（{refusal.Clause}）: {refusal.Reason}" : done(value);
}
