using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Jpki.Counter;

/// <summary>Turns a page and its content into HTML, once, on the server.</summary>
internal static class Paper
{
    public static Task<IResult> Print<T>(HttpContext http, Dictionary<string, object?> content, bool isRefusal)
        where T : IComponent =>
        Print<T>(http, content, isRefusal ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);

    public static async Task<IResult> Print<T>(HttpContext http, Dictionary<string, object?> content, int status)
        where T : IComponent
    {
        var html = await Html<T>(http, content);
        var headers = http.Response.Headers;
        headers.CacheControl = "no-store";
        headers.XFrameOptions = "DENY";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.ContentSecurityPolicy =
            "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        return Results.Content(html, "text/html; charset=utf-8", statusCode: status);
    }

    public static async Task<string> Html<T>(HttpContext http, Dictionary<string, object?> content)
        where T : IComponent
    {
        var services = http.RequestServices;
        await using HtmlRenderer renderer = new(services, services.GetRequiredService<ILoggerFactory>());
        return "<!DOCTYPE html>\n" + await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<T>(ParameterView.FromDictionary(content))).ToHtmlString());
    }
}
