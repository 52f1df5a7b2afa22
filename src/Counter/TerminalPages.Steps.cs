using Jpki.Cps;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Jpki.Counter;

/// <summary>The steps of an application between paper and card: identity, device, fee.</summary>
internal sealed partial class TerminalPages
{
    private void MapSteps(IEndpointRouteBuilder routes)
    {
        var desk = room.Issuance;
        routes.MapPost("/terminal/applications/{id}/match", Post(async (http, officer, typed) =>
            await After(await desk.Match(officer, Id(http)), http, officer, typed)));
        routes.MapPost("/terminal/applications/{id}/identity", Post(Prove));
        routes.MapPost("/terminal/applications/{id}/device", Post(async (http, officer, typed) =>
            (await desk.SendToDevice(officer, Id(http))).IsRefused(out var refusal, out var handOver)
                ? await ShowApplication(http, officer, typed, refusal, [])
                : await ShowApplication(http, officer, typed, null, [], handOver)));
        routes.MapPost("/terminal/applications/{id}/key-pair", Post(async (http, officer, typed) =>
        {
            var made = await desk.MakeKeyPair(
                officer, Id(http), TerminalForms.KeyKindOf(typed), typed.Exactly("password"),
                typed.Exactly("passwordAgain"));
            return await After(made, http, officer, typed);
        }));
        routes.MapPost("/terminal/applications/{id}/notice", Post(async (http, officer, typed) =>
            await After(await desk.Notify(officer, Id(http)), http, officer, typed)));
        routes.MapPost("/terminal/applications/{id}/fee", Post(async (http, officer, typed) =>
            await After(await room.Fees.Take(officer, Id(http)), http, officer, typed)));
        routes.MapPost("/terminal/applications/{id}/delivery", Post(async (http, officer, typed) =>
            await After(await desk.Deliver(officer, Id(http)), http, officer, typed)));
    }

    private async Task<IResult> Prove(HttpContext http, OfficerOnDuty officer, TypedFields typed)
    {
        var byAgent = room.Issuance.Find(officer, Id(http)).Value?.Form.Agent is not null;
        if (TerminalForms.IdentityErrors(typed, byAgent, room.Today) is { Count: > 0 } errors)
            return await ShowApplication(http, officer, typed, null, errors);
        var proven = await room.Issuance.Prove(officer, Id(http), TerminalForms.Identity(typed, byAgent));
        return await After(proven, http, officer, typed);
    }

    /// <summary>What is wrong with a field of the step goes beside it.</summary>
    private static bool IsBesideItsField(Refusal refusal) =>
        refusal.Field is "keyKind" or "password" or "passwordAgain" or "sentOn" or "cameOn" or "reply" or "answer"
            or "agentName";
}
