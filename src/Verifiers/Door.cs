using System.Formats.Asn1;
using Jpki.Cps;
using Jpki.Forms;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Jpki.Verifiers;

/// <summary>
/// The Verifiers' door. Anybody may give notice and sign the agreement; an officer admits; the rooms that must know
/// who is admitted follow the list.
/// </summary>
public static class Door
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    public static void MapVerifiers(this IEndpointRouteBuilder routes, VerifiersRoom room)
    {
        routes.MapPost("/notifications", (VerifierNotification notice) => Take(() => room.Notify(notice)));
        routes.MapPost("/agreements", (SignedAgreement agreement) => Take(() => room.Agree(agreement)));
        routes.MapPost("/admissions/{id}", (string id, HttpContext http) =>
            Caller.Of(http) is { Role: CallerRole.Officer } officer
                ? Take(() => room.Admit(id, officer))
                : Task.FromResult(Answers.Forbidden(new Refusal("5-2-3", "only an officer admits"))));
        routes.MapGet("/admissions", async (long after, HttpContext http) =>
            Caller.Of(http) is { Role: CallerRole.Repository or CallerRole.OcspNode }
                ? Results.Json(await room.Admissions(after, LongestWait, http.RequestAborted), FormJson.Options)
                : Answers.Forbidden(new Refusal("2-6-3", "only the Repository and OCSP nodes follow this list")));
    }

    private static async Task<IResult> Take<T>(Func<Task<Outcome<T>>> act) where T : class
    {
        try
        {
            return Answers.Of(await act());
        }
        catch (AsnContentException e)
        {
            return Answers.Malformed(e.Message);
        }
    }
}
