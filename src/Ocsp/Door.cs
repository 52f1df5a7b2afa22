using System.Security.Cryptography;
using Jpki.X509;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Jpki.Ocsp;

/// <summary>The responder's door: OCSP over HTTP. (RFC 6960, appendix A)</summary>
public static class Door
{
    private const string Path = "/ocsp";
    private const string RequestType = "application/ocsp-request";
    private const string ResponseType = "application/ocsp-response";

    public static void MapOcsp(this IEndpointRouteBuilder routes, Responder responder)
    {
        routes.MapPost(Path, (HttpContext http) => Post(http, responder));
        routes.MapGet(Path + "/{**question}", (HttpContext http) => Answer(http, responder, FromTarget(http)));
    }

    private static async Task<IResult> Post(HttpContext http, Responder responder)
    {
        var type = http.Request.ContentType?.Split(';')[0].Trim();
        if (!RequestType.Equals(type, StringComparison.OrdinalIgnoreCase))
            return Results.Problem($"POST takes {RequestType}", statusCode: StatusCodes.Status415UnsupportedMediaType);
        // One octet more than a request may have: reading it makes the request malformed.
        var body = new byte[OcspRequest.MaxOctets + 1];
        var length = await http.Request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, http.RequestAborted);
        return await Answer(http, responder, body.AsMemory(0, length));
    }

    private static async Task<IResult> Answer(HttpContext http, Responder responder, ReadOnlyMemory<byte> question)
    {
        var connection = http.Connection;
        var certificate = connection.ClientCertificate?.GetCertHashString(HashAlgorithmName.SHA256);
        var response = await responder.Answer(question, new($"{connection.RemoteIpAddress}", certificate));
        // An answer is for the one who asked, and true when it was asked.
        http.Response.Headers.CacheControl = "no-store";
        return Results.Bytes(response, ResponseType);
    }

    /// <summary>
    /// The question in the target as it was sent, before anybody decodes or tidies the slashes of its base64. What is no
    /// base64 is no question: it comes back empty, and is malformed like any other. (RFC 6960, A.1)
    /// </summary>
    private static byte[] FromTarget(HttpContext http)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var start = target.IndexOf(Path + "/", StringComparison.OrdinalIgnoreCase) + Path.Length + 1;
        var text = Uri.UnescapeDataString(target[start..]).Replace('-', '+').Replace('_', '/').TrimEnd('=');
        var padded = text.PadRight((text.Length + 3) / 4 * 4, '=');
        var question = new byte[padded.Length];
        return Convert.TryFromBase64String(padded, question, out var length) ? question[..length] : [];
    }
}
