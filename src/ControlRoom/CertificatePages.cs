using System.Formats.Asn1;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Forms.Viewing;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Jpki.ControlRoom;

/// <summary>Where an operator looks at a certificate, a CRL or an OCSP message: by serial number, or a file.</summary>
internal static class CertificatePages
{
    private const int MostOctets = 1024 * 1024;

    private const string NothingToShow = "証明書、失効リスト又は OCSP の DER か PEM ではありません。";

    public static void Map(IEndpointRouteBuilder routes, OperatorsConsole console)
    {
        routes.MapGet("/certificates", async (HttpContext http, string? serial) =>
        {
            var wanted = (serial ?? "").Trim().ToUpperInvariant();
            return wanted.Length == 0
                ? Page(http, wanted, null, Words(await console.Objection(http)))
                : (await console.Copy(http, wanted)).IsRefused(out var refusal, out var copy)
                    ? Page(http, wanted, null, Words(refusal))
                    : Page(http, wanted, Viewer.Show(copy.Certificate, new()), null);
        });
        routes.MapPost("/certificates", async (HttpContext http, IFormFile file) =>
            await console.Objection(http) is { } refusal
                ? Page(http, "", null, Words(refusal))
                : await Read(file) is { } lines ? Page(http, "", lines, null) : Page(http, "", null, NothingToShow));
    }

    private static RazorComponentResult<CertificatePage> Page(
        HttpContext http, string serial, IReadOnlyList<ViewLine>? lines, string? trouble)
    {
        var antiforgery = (IAntiforgery)http.RequestServices.GetService(typeof(IAntiforgery))!;
        http.Response.Headers.CacheControl = "no-store";
        return new(new
        {
            Officer = Caller.Of(http)?.Id ?? "",
            Serial = serial,
            Lines = lines,
            Trouble = trouble,
            Token = antiforgery.GetAndStoreTokens(http),
        });
    }

    private static string? Words(Refusal? refusal) =>
        refusal is null ? null : $"できません（{refusal.Clause}）: {refusal.Reason}";

    /// <summary>Null when the file holds nothing that can be shown.</summary>
    private static async Task<IReadOnlyList<ViewLine>?> Read(IFormFile file)
    {
        if (file.Length > MostOctets)
            return null;
        using MemoryStream octets = new();
        await file.CopyToAsync(octets);
        try
        {
            return Viewer.Show(octets.ToArray(), new());
        }
        catch (Exception e) when (e is FormatException or AsnContentException)
        {
            return null;
        }
    }
}
