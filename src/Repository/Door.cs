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
    public static void MapRepository(this IEndpointRouteBuilder routes, Shelves shelves, DirectoryLimits limits)
    {
        var publications = routes.MapGroup("/publications");
        publications.AddEndpointFilterFactory((_, next) => context => Caller.Only(CallerRole.Authority, next)(context));

        publications.MapPut("", (HttpContext http, CancellationToken stop) =>
            Publish(http, shelves, limits, stop));
    }

    private static async Task<IResult> Publish(
        HttpContext http, Shelves shelves, DirectoryLimits limits, CancellationToken stop)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = limits.MaxPublication;
        try
        {
            var publication = await http.Request.ReadFromJsonAsync<Publication>(FormJson.Options, stop);
            return publication is null || HasNothings(publication)
                ? Answers.Malformed("null is no publication")
                : Answers.Of(await shelves.Publish(publication, Caller.Of(http)!.Id));
        }
        catch (Exception malformed) when (malformed is AsnContentException or FormatException or JsonException)
        {
            return Answers.Malformed(malformed.Message);
        }
    }

    /// <summary>JSON can say null where a list of octet strings wants one.</summary>
    private static bool HasNothings(Publication publication) =>
        publication.Certificates.Concat(publication.Crls)
            .Concat(publication.CrossCertificatePairs ?? []).Any(o => o is null);
}
