using Jpki.Counter.Pages;
using Jpki.Forms;
using Microsoft.AspNetCore.Http;

namespace Jpki.Counter;

/// <summary>What a page's visitor is told when too many are at the door at once. 順番待ち</summary>
internal static class WaitingLine
{
    public static async Task<IResult> Tell(HttpContext http, int position)
    {
        var path = http.Request.Path.Value ?? "";
        if (!IsPage(path))
            return Turnstile.Problem(position);
        return await Paper.Print<WaitPage>(http, new()
        {
            ["Position"] = position,
            ["Again"] = path + http.Request.QueryString,
            ["IsForm"] = HttpMethods.IsPost(http.Request.Method),
            ["Typed"] = await Kept(http),
        }, StatusCodes.Status503ServiceUnavailable);
    }

    private static bool IsPage(string path) => path == "/"
        || path.StartsWith("/terminal", StringComparison.Ordinal)
        || (path.StartsWith("/device", StringComparison.Ordinal) && path != "/device/key-pair");

    /// <summary>What was typed, to be sent again with one press; null when it cannot be, or holds a password.</summary>
    private static async Task<IReadOnlyList<KeyValuePair<string, string>>?> Kept(HttpContext http)
    {
        if (http.Request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.Ordinal) != true)
            return null;
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        return form.Keys.Any(k => k.StartsWith("password", StringComparison.Ordinal) || k == "code")
            ? null
            : [.. form.SelectMany(f => f.Value, (f, value) => KeyValuePair.Create(f.Key, value ?? ""))];
    }
}
