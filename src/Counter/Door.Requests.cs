using Jpki.Forms;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Jpki.Counter;

/// <summary>The routes of letters, the device, fees and requests.</summary>
public static partial class Door
{
    private static void MapDevice(IEndpointRouteBuilder routes, CounterRoom room)
    {
        routes.MapPost("/applications/{id}/hand-over", Act(room, room.Issuance.SendToDevice));
        routes.MapPost("/requests/{id}/hand-over", Act(room, room.Requests.SendToDevice));
        routes.MapPost("/device/key-pair", (Delegate)(async (HttpContext http) => await Guard(async () =>
        {
            var form = await Body<DeviceForm>(http);
            if (await room.HandOvers.Take(form.Code) is not { } token || room.HandOvers.Find(token) is not { } visit)
                return Problem(NotHandedOver, StatusCodes.Status401Unauthorized);
            var made = await room.Issuance.MakeKeyPair(visit, form.Kind, form.Password, form.PasswordAgain);
            await room.HandOvers.End(token);
            return made.IsRefused(out var refusal, out var application)
                ? No(refusal)
                : Results.Json(new KeyPairMade(application.Id, DevicePages.DigestOf(application)), FormJson.Options);
        })));
    }

    private static void MapRequests(IEndpointRouteBuilder routes, CounterRoom room)
    {
        MapLetters(routes, room);
        routes.MapPost("/applications/{id}/fee", Act(room, room.Fees.Take));
        routes.MapPost("/fees/closing", Act<ClosingForm, Closing>(room, (officer, _, form) =>
            room.Fees.Close(officer, form)));
        routes.MapPost("/requests", Act<RequestForm, CounterRequest>(room, (officer, _, form) =>
            room.Requests.Take(officer, form)));
        routes.MapGet("/requests/{id}", Find(room, room.Requests.Find));
        routes.MapPost("/requests/{id}/card", Act(room, room.Requests.ActOnCard));
        routes.MapPost("/requests/{id}/answer", Act<RequestAnswer, CounterRequest>(room, room.Requests.Answer));
    }

    /// <summary>The letters about what an agent brought, and the agent's second visit.</summary>
    private static void MapLetters(IEndpointRouteBuilder routes, CounterRoom room)
    {
        var (ask, make) = (Ask(room, (officer, http) => room.Letters.About(officer, Id(http))),
            Act(room, room.Letters.Make));
        routes.MapGet("/applications/{id}/letters", ask);
        routes.MapPost("/applications/{id}/letters", make);
        routes.MapGet("/receipts/{id}/letters", ask);
        routes.MapPost("/receipts/{id}/letters", make);
        routes.MapGet("/requests/{id}/letters", ask);
        routes.MapPost("/requests/{id}/letters", make);
        routes.MapPost("/letters/{id}/sent", Act<LetterSending, Letter>(room, room.Letters.Send));
        routes.MapPost("/letters/{id}/reply", Act<LetterReply, Letter>(room, room.Letters.Answer));
        routes.MapPost("/receipts/{id}/identity", Act<IdentityEvidence, Receipt>(room, room.Revocations.Prove));
        routes.MapPost("/requests/{id}/identity", Act<IdentityEvidence, CounterRequest>(room, room.Requests.Prove));
    }
}
