using Jpki.Forms;
using Jpki.Ledger;

namespace Jpki.Host;

/// <summary>
/// What comes to an HTTP door and cannot be understood gets one clear answer, and before it an entry in the
/// room's log.
/// </summary>
internal static class MalformedRequests
{
    /// <param name="door">Where it is watched.</param>
    /// <param name="record">The room's log; null where a room has none.</param>
    /// <param name="clock">The prefecture's time.</param>
    public static void Watch(IApplicationBuilder door, Func<LedgerEvent, Task>? record, TimeProvider clock) =>
        door.Use(async (http, next) =>
        {
            if (record is not null)
            {
                http.Response.OnStarting(() => IsMalformed(http)
                    ? record(new("malformed request", clock.GetUtcNow(), $"refused {http.Response.StatusCode}",
                        Caller.Of(http)?.Id ?? "a stranger",
                        (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText))
                    : Task.CompletedTask);
            }
            await next(http);
            if (IsMalformed(http) && !http.Response.HasStarted && http.Response.ContentType is null)
                await Unreadable(http.Response.StatusCode).ExecuteAsync(http);
        });

    private static bool IsMalformed(HttpContext http) => http.Response.StatusCode
        is StatusCodes.Status400BadRequest
        or StatusCodes.Status413PayloadTooLarge
        or StatusCodes.Status415UnsupportedMediaType;

    private static IResult Unreadable(int status) => Results.Problem(
        status switch
        {
            StatusCodes.Status413PayloadTooLarge => "the body is too long for this door",
            StatusCodes.Status415UnsupportedMediaType => "this route takes another content type",
            _ => "the request is not what this route takes",
        }, title: "malformed", statusCode: status);
}
