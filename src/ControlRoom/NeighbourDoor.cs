using System.Net.Http.Json;
using System.Text.Json;
using Jpki.Cps;
using Jpki.Forms;

namespace Jpki.ControlRoom;

/// <summary>Another room's door, as this room asks at it.</summary>
/// <param name="door">Shows it this room's certificate.</param>
public sealed class NeighbourDoor(HttpClient door)
{
    /// <exception cref="HttpRequestException">The room cannot be reached, or something in it is broken.</exception>
    public Task<Outcome<T>> Get<T>(string path) where T : class => Read<T>(door.GetAsync(path));

    /// <exception cref="HttpRequestException">The room cannot be reached, or something in it is broken.</exception>
    public Task<Outcome<T>> Send<T>(string path, object form) where T : class =>
        Read<T>(door.PostAsJsonAsync(path, form, FormJson.Options));

    private static async Task<Outcome<T>> Read<T>(Task<HttpResponseMessage> asking) where T : class
    {
        using var answer = await asking;
        if (await Answers.RefusalIn(answer) is { } refusal)
            return refusal;
        if (!answer.IsSuccessStatusCode)
            throw new HttpRequestException(await Reason(answer), null, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<T>(FormJson.Options))!;
    }

    /// <summary>What the room itself says of its trouble; its status code when it says nothing.</summary>
    private static async Task<string> Reason(HttpResponseMessage answer)
    {
        var code = $"{(int)answer.StatusCode}";
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json")
            return code;
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return problem.TryGetProperty("detail", out var detail) ? detail.GetString() ?? code : code;
    }
}
