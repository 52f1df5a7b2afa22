using Jpki.Counter.Pages;
using Jpki.Cps;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Jpki.Counter;

/// <summary>Shows a paper again, with why the last act was refused; null when it was not.</summary>
internal delegate Task<IResult> ShowPaper(
    HttpContext http, OfficerOnDuty officer, TypedFields typed, Refusal? refusal, IReadOnlyList<FieldError> errors);

/// <summary>What an agent brought: the letter to the applicant, its answer, the agent's second visit.</summary>
internal sealed partial class TerminalPages
{
    private const string ReceiptTitle = "失効申請";

    private void MapAgents(IEndpointRouteBuilder routes)
    {
        MapLetters(routes, "/terminal/applications", (http, officer, typed, refusal, errors) =>
            ShowApplication(http, officer, typed, refusal, errors));
        MapLetters(routes, "/terminal/receipts", ShowReceipt);
        MapLetters(routes, "/terminal/requests", (http, officer, typed, refusal, errors) =>
            ShowRequest(http, officer, typed, refusal, null, errors));
        routes.MapPost("/terminal/receipts/{id}/identity", Post((http, officer, typed) =>
            Again(http, officer, typed, "/terminal/receipts", ShowReceipt, room.Revocations.Prove)));
        routes.MapPost("/terminal/requests/{id}/identity", Post((http, officer, typed) => Again(
            http, officer, typed, "/terminal/requests",
            (_, _, _, refusal, errors) => ShowRequest(http, officer, typed, refusal, null, errors),
            room.Requests.Prove)));
    }

    private void MapLetters(IEndpointRouteBuilder routes, string at, ShowPaper show)
    {
        var desk = room.Letters;
        routes.MapPost($"{at}/{{id}}/letter", Post((http, officer, typed) =>
            After(http, officer, typed, at, show, () => desk.Make(officer, Id(http)))));
        routes.MapPost($"{at}/{{id}}/letter/sent", Post((http, officer, typed) =>
            After(http, officer, typed, at, show, () => Newest(http, officer, letter => desk.Send(
                officer, letter.Id, new(TerminalForms.Day(typed["sentOn"]) ?? DateOnly.MaxValue))))));
        routes.MapPost($"{at}/{{id}}/letter/reply", Post((http, officer, typed) =>
            After(http, officer, typed, at, show, () => Newest(http, officer, letter => desk.Answer(
                officer, letter.Id, new(
                    Enum.TryParse<LetterState>(typed["reply"], out var reply) ? reply : LetterState.Made,
                    TerminalForms.Day(typed["cameOn"]) ?? DateOnly.MaxValue))))));
    }

    private static async Task<IResult> After<T>(
        HttpContext http, OfficerOnDuty officer, TypedFields typed, string at, ShowPaper show,
        Func<Task<Outcome<T>>> act) where T : class =>
        (await act()).IsRefused(out var refusal, out _)
            ? await show(http, officer, typed, refusal, [])
            : Results.Redirect($"{at}/{Id(http)}");

    /// <summary>The agent's identity, when the answer to the letter is there.</summary>
    private static async Task<IResult> Again<T>(
        HttpContext http, OfficerOnDuty officer, TypedFields typed, string at, ShowPaper show,
        Func<OfficerOnDuty, string, IdentityEvidence, Task<Outcome<T>>> prove) where T : class =>
        TerminalForms.IdentityErrors(typed, byAgent: true) is { Count: > 0 } errors
            ? await show(http, officer, typed, null, errors)
            : await After(http, officer, typed, at, show, () =>
                prove(officer, Id(http), TerminalForms.Identity(typed, byAgent: true)));

    /// <summary>The paper's letter under way; the newest, when none is.</summary>
    private async Task<Outcome<Letter>> Newest(
        HttpContext http, OfficerOnDuty officer, Func<Letter, Task<Outcome<Letter>>> act) =>
        room.Letters.About(officer, Id(http)) is [var newest, ..]
            ? await act(newest)
            : new Refusal("4-1-1(2)", "照会書は、まだ作成されていません。");

    private Task<IResult> ShowReceipt(
        HttpContext http, OfficerOnDuty officer, TypedFields typed, Refusal? refusal, IReadOnlyList<FieldError> errors)
    {
        if (room.Revocations.Find(officer, Id(http)).IsRefused(out var notFound, out var receipt))
            return ShowRefusal(http, officer, notFound);
        var said = receipt.State == ReceiptState.Refused ? null : refusal;
        return Show<ReceiptPage>(http, WithRefusal(Frame(http, officer, ReceiptTitle), said, errors), new(
            ReceiptContent(officer, receipt).Select(c => KeyValuePair.Create<string, object?>(c.Key, c.Value)))
        {
            ["Typed"] = typed,
            ["Letters"] = room.Letters.About(officer, receipt.Id),
            ["Today"] = Today,
            ["Place"] = room.PlaceOf(receipt.Id),
        });
    }

    /// <summary>What is wrong with a field of the page goes beside it, everything else above.</summary>
    private static PageFrame WithRefusal(PageFrame frame, Refusal? refusal, IReadOnlyList<FieldError> errors) =>
        refusal is not null && IsBesideItsField(refusal)
            ? frame with { Errors = [.. errors, new(refusal.Field!, refusal.Reason) { Clause = refusal.Clause }] }
            : frame with { Refusal = refusal, Errors = errors };
}
