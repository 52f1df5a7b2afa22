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
    private const string BeforeQuestion = "/ocsp/";
    private const string RequestType = "application/ocsp-request";
    private const string ResponseType = "application/ocsp-response";

    public static void MapOcsp(this IEndpointRouteBuilder routes, Responder responder)
    {
        routes.MapPost("/ocsp", http => Post(http, responder));
        routes.MapGet("/ocsp/{**question}", http => Answer(http, responder, FromTarget(http)));
    }

    private static async Task Post(HttpContext http, Responder responder)
    {
        var type = http.Request.ContentType?.Split(';')[0].Trim();
        if (!RequestType.Equals(type, StringComparison.OrdinalIgnoreCase))
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            await http.Response.WriteAsync($"POST takes {RequestType}\n", http.RequestAborted);
            return;
        }
        await Answer(http, responder, await ReadBody(http));
    }

    /// <summary>At most one octet more than a request may have; with that octet it is malformed.</summary>
    private static async Task<ReadOnlyMemory<byte>> ReadBody(HttpContext http)
    {
        const int Most = OcspRequest.MaxOctets + 1;
        var body = new byte[Math.Min(http.Request.ContentLength ?? Most, Most)];
        var length = await http.Request.Body.ReadAtLeastAsync(
            body, body.Length, throwOnEndOfStream: false, http.RequestAborted);
        return body.AsMemory(0, length);
    }

    private static async Task Answer(HttpContext http, Responder responder, ReadOnlyMemory<byte> question)
    {
        var connection = http.Connection;
        var certificate = connection.ClientCertificate?.GetCertHashString(HashAlgorithmName.SHA256);
        var response = await responder.Answer(question, new($"{connection.RemoteIpAddress}", certificate));
        http.Response.ContentType = ResponseType;
        http.Response.ContentLength = response.Length;
        // An answer is for the one who asked, and true when it was asked.
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.Body.WriteAsync(response, http.RequestAborted);
    }

    /// <summary>
    /// The question in the target as it was sent, before anybody decodes or tidies the slashes of its base64. What is
    /// no base64 is no question: it comes back empty, and is malformed like any other. (RFC 6960, A.1)
    /// </summary>
    private static byte[] FromTarget(HttpContext http)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var start = target.IndexOf(BeforeQuestion, StringComparison.OrdinalIgnoreCase) + BeforeQuestion.Length;
        var text = Uri.UnescapeDataString(target[start..]).Replace('-', '+').Replace('_', '/').TrimEnd('=');
        var padded = text.PadRight((text.Length + 3) / 4 * 4, '=');
        var question = new byte[padded.Length];
        return Convert.TryFromBase64String(padded, question, out var length) ? question[..length] : [];
    }
}
