using System.Text.Json;
using Jpki.Forms;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Jpki.Validation;

/// <summary>The room's door: one question in JSON, one answer, for anybody (CPS 2-1-2(12)).</summary>
public static class Door
{
    private const string SignedType = "application/jose";

    /// <summary>The largest question: CRLs may come with it.</summary>
    public const int MaxBodyOctets = 16 << 20;

    public static void MapValidation(this IEndpointRouteBuilder routes, ValidationRoom room) =>
        routes.MapPost("/validate", http => Answer(http, room));

    /// <summary>JSON, or for who accepts only <c>application/jose</c> the same JSON under a signature.</summary>
    private static IResult ResultOf(ValidationAnswer answer, HttpContext http, ValidationRoom room) =>
        http.Request.Headers.Accept != SignedType ? Results.Json(answer, FormJson.Options)
        : room.Sign(JsonSerializer.SerializeToUtf8Bytes(answer, FormJson.Options)) is { } signed
            ? Results.Bytes(signed, SignedType)
            : Answers.Unavailable("検証サーバの証明書がまだありません。 The server has no certificate to sign with now.");

    private static async Task Answer(HttpContext http, ValidationRoom room)
    {
        ReadOnlyMemory<byte> body;
        try
        {
            body = await Bounded.Read(http.Request.Body, MaxBodyOctets, http.RequestAborted);
            var answer = await room.Validate(body, $"{http.Connection.RemoteIpAddress}", http.RequestAborted);
            // A verdict is for the one who asked, and for the moment.
            http.Response.Headers.CacheControl = "no-store";
            await ResultOf(answer, http, room).ExecuteAsync(http);
        }
        catch (Exception e) when (e is JsonException or IOException and not BadHttpRequestException)
        {
            await Answers.Malformed(e.Message).ExecuteAsync(http);
        }
    }
}
