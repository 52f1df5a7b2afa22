using System.Net.Http.Headers;
using System.Net.Http.Json;
using Jpki.Forms;

namespace Jpki.Authority;

/// <summary>
/// The Repository as the Authority knows it: told by digests what is to be published, it says which octets it lacks, is
/// handed those one object at a time, and is told again. Any of it may be said twice. 公開 (CPS 2-1-9)
/// </summary>
internal sealed class RepositoryDoor(HttpClient door)
{
    /// <summary>A Repository that goes on lacking what it was handed is not asked for ever.</summary>
    private const int MostRounds = 3;

    /// <summary>Null when it is published; otherwise why it is not.</summary>
    public async Task<string?> Publish(
        Publication publication, Func<string, byte[]> octetsOf, CancellationToken stop)
    {
        try
        {
            for (var round = 0; round < MostRounds; round++)
            {
                using var answer = await door.PutAsJsonAsync("publications", publication, FormJson.Options, stop);
                if (await Objection(answer, stop) is { } trouble)
                    return trouble;
                var receipt = await answer.Content.ReadFromJsonAsync<PublicationReceipt>(FormJson.Options, stop);
                if (receipt!.Missing is [])
                    return null;
                if (await HandOver(receipt.Missing, octetsOf, stop) is { } lost)
                    return lost;
            }
            return "the Repository does not keep what it is handed";
        }
        catch (HttpRequestException e)
        {
            return $"the Repository cannot be reached: {e.Message}";
        }
        catch (TaskCanceledException e) when (!stop.IsCancellationRequested)
        {
            return $"the Repository does not answer in time: {e.Message}";
        }
    }

    private async Task<string?> HandOver(
        IEnumerable<string> digests, Func<string, byte[]> octetsOf, CancellationToken stop)
    {
        foreach (var digest in digests)
        {
            using ByteArrayContent octets = new(octetsOf(digest));
            octets.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            using var answer = await door.PutAsync(new Uri($"objects/{digest}", UriKind.Relative), octets, stop);
            if (await Objection(answer, stop) is { } trouble)
                return trouble;
        }
        return null;
    }

    private static async Task<string?> Objection(HttpResponseMessage answer, CancellationToken stop) =>
        answer.IsSuccessStatusCode
            ? null
            : $"the Repository answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(stop)}";
}
