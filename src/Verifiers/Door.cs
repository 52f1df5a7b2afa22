using System.Formats.Asn1;
using System.Text.Json;
using Jpki.Cps;
using Jpki.Forms;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Jpki.Verifiers;

/// <summary>
/// The Verifiers' door. Anybody may give notice and sign the agreement; the CA manager admits and two senior operators
/// end an admission, at the control room; the rooms that must know who is admitted follow the list.
/// </summary>
public static class Door
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    public static void MapVerifiers(this IEndpointRouteBuilder routes, VerifiersRoom room)
    {
        routes.MapPost("/notifications", (VerifierNotification notice) => Take(() => room.Notify(notice)));
        routes.MapPost("/agreements", (SignedAgreement agreement) => Take(() => room.Agree(agreement)));
        routes.MapPost("/credentials", (CredentialsRequest asked) => Take(() => room.Collect(asked)));
        routes.MapPost("/admissions", (ApprovedOrder papers, HttpContext http) =>
            ForControlRoom(http, controlRoom => Take(() => room.Admit(papers, controlRoom))));
        routes.MapPost("/endings", (ApprovedOrder papers, HttpContext http) =>
            ForControlRoom(http, controlRoom => Take(() => room.End(papers, controlRoom))));
        routes.MapGet("/approvals/{id}", (string id, HttpContext http) =>
            ForControlRoom(http, _ => Task.FromResult(Results.Json(room.UseOf(id), FormJson.Options))));
        routes.MapGet("/admissions", async (long after, HttpContext http) =>
            Caller.Of(http) is { Role: CallerRole.Repository or CallerRole.OcspNode }
                ? Results.Json(await room.Admissions(after, LongestWait, http.RequestAborted), FormJson.Options)
                : Answers.Forbidden(new Refusal("2-6-3", "only the Repository and OCSP nodes follow this list")));
    }

    private static Task<IResult> ForControlRoom(HttpContext http, Func<Caller, Task<IResult>> act) =>
        Caller.Of(http) is { Role: CallerRole.ControlRoom } controlRoom
            ? act(controlRoom)
            : Task.FromResult(Answers.Forbidden(new Refusal("5-2-3", "only the control room admits")));

    private static async Task<IResult> Take<T>(Func<Task<Outcome<T>>> act) where T : class
    {
        try
        {
            return Answers.Of(await act());
        }
        catch (Exception e) when (e is AsnContentException or JsonException)
        {
            return Answers.Malformed(e.Message);
        }
    }
}
