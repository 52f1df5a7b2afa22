using Microsoft.AspNetCore.Http;

namespace Jpki.Authority;

/// <summary>
/// Lets in as many counters at once as can be answered soon, and tells the rest their place in the line and when to
/// come back: a notice is kept where it was made, so nothing is lost by it. 受付の順番
/// </summary>
internal sealed class Turnstile(int most)
{
    private const int AnsweredInASecond = 100;

    private int here;

    public async ValueTask<object?> Pass(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var place = Interlocked.Increment(ref here);
        try
        {
            return place <= most ? await next(context) : Wait(place - most, context.HttpContext);
        }
        finally
        {
            Interlocked.Decrement(ref here);
        }
    }

    private static IResult Wait(int position, HttpContext http)
    {
        http.Response.Headers.RetryAfter = $"{1 + position / AnsweredInASecond}";
        return Results.Problem(
            $"混み合っています。{position}番目です。時間をおいて自動的に再送してください。 "
            + $"You are number {position} in the line; send the same again later.",
            title: "busy", statusCode: StatusCodes.Status503ServiceUnavailable,
            extensions: new Dictionary<string, object?> { ["position"] = position });
    }
}
