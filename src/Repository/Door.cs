using System.Formats.Asn1;
using System.Text.Json;
using Jpki.Forms;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Jpki.Repository;

/// <summary>The Repository's inner door: the Authority publishes through it, and nobody else. 公開 (CPS 2-1-9)</summary>
public static class Door
{
    public static void MapRepository(this IEndpointRouteBuilder routes, Shelves shelves)
    {
        var authority = routes.MapGroup("");
        authority.AddEndpointFilterFactory((_, next) => context => Caller.Only(CallerRole.Authority, next)(context));

        authority.MapPut("/objects/{sha256}", (string sha256, HttpContext http, CancellationToken stop) =>
            Keep(sha256, http, shelves, stop));
        authority.MapPut("/publications", (HttpContext http, CancellationToken stop) => Publish(http, shelves, stop));
    }

    private static async Task<IResult> Keep(string sha256, HttpContext http, Shelves shelves, CancellationToken stop)
    {
        Allow(http, shelves.Limits.MaxObject);
        try
        {
            await shelves.Keep(sha256, http.Request.Body, stop);
            return Results.NoContent();
        }
        catch (FormatException malformed)
        {
            return Answers.Malformed(malformed.Message);
        }
    }

    private static async Task<IResult> Publish(HttpContext http, Shelves shelves, CancellationToken stop)
    {
        Allow(http, shelves.Limits.MaxPublication);
        try
        {
            var publication = await http.Request.ReadFromJsonAsync<Publication>(FormJson.Options, stop);
            return publication is null
                ? Answers.Malformed("null is no publication")
                : Answers.Of(await shelves.Publish(publication, Caller.Of(http)!.Id));
        }
        catch (Exception malformed) when (malformed is AsnContentException or FormatException or JsonException)
        {
            return Answers.Malformed(malformed.Message);
        }
    }

    private static void Allow(HttpContext http, long octets)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = octets;
    }
}
