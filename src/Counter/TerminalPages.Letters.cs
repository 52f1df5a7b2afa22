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
        const string Applications = "/terminal/applications", Receipts = "/terminal/receipts";
        const string Requests = "/terminal/requests";
        ShowPaper application = (http, officer, typed, refusal, errors) =>
            ShowApplication(http, officer, typed, refusal, errors);
        ShowPaper request = (http, officer, typed, refusal, errors) =>
            ShowRequest(http, officer, typed, refusal, null, errors);
        routes.MapPost("/terminal/applications/{id}/letter", MakeLetter(Applications, application));
        routes.MapPost("/terminal/applications/{id}/letter/sent", SendLetter(Applications, application));
        routes.MapPost("/terminal/applications/{id}/letter/reply", AnswerLetter(Applications, application));
        routes.MapPost("/terminal/receipts/{id}/letter", MakeLetter(Receipts, ShowReceipt));
        routes.MapPost("/terminal/receipts/{id}/letter/sent", SendLetter(Receipts, ShowReceipt));
        routes.MapPost("/terminal/receipts/{id}/letter/reply", AnswerLetter(Receipts, ShowReceipt));
        routes.MapPost("/terminal/receipts/{id}/identity", Again(Receipts, ShowReceipt, room.Revocations.Prove));
        routes.MapPost("/terminal/requests/{id}/letter", MakeLetter(Requests, request));
        routes.MapPost("/terminal/requests/{id}/letter/sent", SendLetter(Requests, request));
        routes.MapPost("/terminal/requests/{id}/letter/reply", AnswerLetter(Requests, request));
        routes.MapPost("/terminal/requests/{id}/identity", Again(Requests, request, room.Requests.Prove));
    }

    private Delegate MakeLetter(string at, ShowPaper show) => Post((http, officer, typed) =>
        After(http, officer, typed, at, show, () => room.Letters.Make(officer, Id(http))));

    private Delegate SendLetter(string at, ShowPaper show) => Post((http, officer, typed) =>
        After(http, officer, typed, at, show, () => Newest(http, officer, letter => room.Letters.Send(
            officer, letter.Id, new(TerminalForms.Day(typed["sentOn"]) ?? DateOnly.MaxValue)))));

    private Delegate AnswerLetter(string at, ShowPaper show) => Post((http, officer, typed) =>
        After(http, officer, typed, at, show, () => Newest(http, officer, letter => room.Letters.Answer(
            officer, letter.Id, new(
                Enum.TryParse<LetterState>(typed["reply"], out var reply) ? reply : LetterState.Made,
                TerminalForms.Day(typed["cameOn"]) ?? DateOnly.MaxValue)))));

    /// <summary>The agent's identity, when the answer to the letter is there.</summary>
    private Delegate Again<T>(
        string at, ShowPaper show, Func<OfficerOnDuty, string, IdentityEvidence, Task<Outcome<T>>> prove)
        where T : class => Post(async (http, officer, typed) =>
        TerminalForms.IdentityErrors(typed, byAgent: true, room.Today) is { Count: > 0 } errors
            ? await show(http, officer, typed, null, errors)
            : await After(http, officer, typed, at, show, () =>
                prove(officer, Id(http), TerminalForms.Identity(typed, byAgent: true))));

    private static async Task<IResult> After<T>(
        HttpContext http, OfficerOnDuty officer, TypedFields typed, string at, ShowPaper show,
        Func<Task<Outcome<T>>> act) where T : class =>
        (await act()).IsRefused(out var refusal, out _)
            ? await show(http, officer, typed, refusal, [])
            : Results.Redirect($"{at}/{Id(http)}");

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
            ? Beside(frame with { Errors = errors }, refusal)
            : frame with { Refusal = refusal, Errors = errors };

    /// <summary>The same on a page that has every field a refusal may name.</summary>
    private static PageFrame Beside(PageFrame frame, Refusal refusal) => refusal.Field is { } field
        ? frame with { Errors = [.. frame.Errors, new(field, refusal.Reason) { Clause = refusal.Clause }] }
        : frame with { Refusal = refusal };
}
