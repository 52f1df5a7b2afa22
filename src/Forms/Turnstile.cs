using Microsoft.AspNetCore.Http;

namespace Jpki.Forms;

/// <summary>
/// Lets in as many at once as can be answered soon, and tells the rest their place in the line and when to come back: a
/// notice or a form is kept where it was made, so nothing is lost by it. 受付の順番
/// </summary>
/// <param name="most">How many at once.</param>
/// <param name="tell">
/// How the rest are told: by the place in the line, from 1. A problem (RFC 9457) when absent.
/// </param>
public sealed class Turnstile(int most, Func<HttpContext, int, Task<IResult>>? tell = null)
{
    private const int AnsweredInASecond = 100;

    private int here;

    public async ValueTask<object?> Pass(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var place = Interlocked.Increment(ref here);
        try
        {
            return place <= most ? await next(context) : await Wait(place - most, context.HttpContext);
        }
        finally
        {
            Interlocked.Decrement(ref here);
        }
    }

    /// <summary>503 with the place, for programs.</summary>
    public static IResult Problem(int position) => Results.Problem(
        $"混み合っています。{position}番目です。時間をおいて自動的に再送してください。 "
        + $"You are number {position} in the line; send the same again later.",
        title: "busy", statusCode: StatusCodes.Status503ServiceUnavailable,
        extensions: new Dictionary<string, object?> { ["position"] = position });

    private async Task<IResult> Wait(int position, HttpContext http)
    {
        http.Response.Headers.RetryAfter = $"{1 + position / AnsweredInASecond}";
        return tell is null ? Problem(position) : await tell(http, position);
    }
}
