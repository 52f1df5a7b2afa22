using System.Formats.Asn1;
using System.Net;
using Jpki.Forms;
using Jpki.Repository;

namespace Jpki.Host.Outside;

/// <summary>A Repository's door without a network between, for an Authority in the same process.</summary>
internal sealed class ShelfDoor(Shelves shelves) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            var path = request.RequestUri!.Segments;
            return path[^1] == "publications"
                ? await Publish(request, cancellationToken)
                : await Keep(path[^1], request, cancellationToken);
        }
        catch (Exception malformed) when (malformed is AsnContentException or FormatException)
        {
            return new(HttpStatusCode.BadRequest) { Content = new StringContent(malformed.Message) };
        }
    }

    private async Task<HttpResponseMessage> Keep(string digest, HttpRequestMessage request, CancellationToken stop)
    {
        await shelves.Keep(digest, await request.Content!.ReadAsStreamAsync(stop), stop);
        return new(HttpStatusCode.NoContent);
    }

    private async Task<HttpResponseMessage> Publish(HttpRequestMessage request, CancellationToken stop)
    {
        var publication = await request.Content!.ReadFromJsonAsync<Publication>(FormJson.Options, stop);
        return (await shelves.Publish(publication!, "authority")).IsRefused(out var refusal, out var receipt)
            ? new(HttpStatusCode.UnprocessableEntity) { Content = new StringContent(refusal.Reason) }
            : new(HttpStatusCode.OK) { Content = JsonContent.Create(receipt, options: FormJson.Options) };
    }
}
