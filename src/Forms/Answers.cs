using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Jpki.Cps;
using Microsoft.AspNetCore.Http;

namespace Jpki.Forms;

/// <summary>What every HTTP door says, whatever room it leads to.</summary>
public static class Answers
{
    /// <summary>
    /// A refusal is an answer, not an error: 422 with its clause as the title (RFC 9457), and the field if it has one.
    /// </summary>
    public static IResult Of<T>(Outcome<T> outcome) where T : class =>
        outcome.IsRefused(out var refusal, out var value) ? Refused(refusal) : Results.Json(value, FormJson.Options);

    public static IResult Refused(Refusal refusal) =>
        Results.Problem(
            refusal.Reason, title: refusal.Clause.ToString(), statusCode: StatusCodes.Status422UnprocessableEntity,
            extensions: refusal.Field is { } field ? new Dictionary<string, object?> { ["field"] = field } : null);

    /// <summary>The refusal that another door answered with; null when it was none.</summary>
    public static async Task<Refusal?> RefusalIn(HttpResponseMessage answer)
    {
        if (answer.StatusCode != HttpStatusCode.UnprocessableEntity)
            return null;
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return new(
            problem.GetProperty("title").GetString()!["CPS ".Length..], problem.GetProperty("detail").GetString()!);
    }

    /// <summary>The caller is known but may not do this.</summary>
    public static IResult Forbidden(Refusal refusal) =>
        Results.Problem(refusal.Reason, title: refusal.Clause.ToString(), statusCode: StatusCodes.Status403Forbidden);

    /// <summary>The bytes are bad: 400 with what is wrong with them.</summary>
    public static IResult Malformed(string reason) =>
        Results.Problem(reason, title: "malformed", statusCode: StatusCodes.Status400BadRequest);

    /// <summary>Something behind the door does not work now: 503 with what, and what to do.</summary>
    public static IResult Unavailable(string reason) =>
        Results.Problem(reason, title: "unavailable", statusCode: StatusCodes.Status503ServiceUnavailable);
}
