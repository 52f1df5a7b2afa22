using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Jpki.Forms;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Jpki.Authority.Cmp;

/// <summary>
/// The counters' second language at the Authority's door: CMP over HTTP (RFC 4210, RFC 6712), behind the same mutual
/// TLS.
/// </summary>
public static class CmpDoor
{
    private const string MediaType = "application/pkixcmp";

    /// <param name="door">The Authority's.</param>
    /// <param name="room">Whose.</param>
    /// <param name="identity">The door's certificate, as it is now, with its key, which signs the answers.</param>
    /// <param name="random">For nonces and salts.</param>
    public static void MapCmp(
        this IEndpointRouteBuilder door, AuthorityRoom room, Func<X509Certificate2> identity,
        RandomNumberGenerator random)
    {
        CmpDesk desk = new(room, identity, random);
        var routes = door.MapGroup("/counters/cmp");
        routes.AddEndpointFilterFactory((_, next) => context => Caller.Only(CallerRole.Terminal, next)(context));
        routes.AddEndpointFilter(new Turnstile(Door.MostCounters).Pass);
        routes.MapPost("", (Delegate)((HttpContext http) => Answer(desk, http)));
        routes.MapGet("/secret", (HttpContext http) =>
            Results.Json(desk.SecretOf(Caller.Of(http)!), FormJson.Options));
    }

    private static async Task<IResult> Answer(CmpDesk desk, HttpContext http)
    {
        if (http.Request.ContentType != MediaType)
            return Results.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        if (http.Request.ContentLength is not (<= CmpMessage.MaxOctets))
            return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
        var octets = new byte[(int)http.Request.ContentLength];
        await http.Request.Body.ReadExactlyAsync(octets, http.RequestAborted);
        try
        {
            return Results.Bytes(await desk.Answer(octets, Caller.Of(http)!), MediaType);
        }
        catch (AsnContentException e)
        {
            return Answers.Malformed(e.Message);
        }
    }
}
