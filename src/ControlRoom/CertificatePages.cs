using System.Formats.Asn1;
using Jpki.ControlRoom.Pages;
using Jpki.Cps;
using Jpki.Forms.Viewing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Jpki.ControlRoom;

/// <summary>Where an operator looks at a certificate, a CRL or an OCSP message: by serial number, or a file.</summary>
internal static class CertificatePages
{
    private const int MostOctets = 1024 * 1024;

    private static readonly Refusal NothingToShow =
        new("4-2-2", "証明書、失効リスト又は OCSP の DER か PEM ではありません。");

    public static void Map(IEndpointRouteBuilder routes, OperatorsConsole console, PageDoor door)
    {
        routes.MapGet("/certificates", door.Get(Duties.WatchTheSystem, async visit =>
        {
            var wanted = visit.Http.Request.Query["serial"].ToString().Trim().ToUpperInvariant();
            return wanted.Length == 0
                ? Page(visit, wanted, null, null)
                : (await console.Copy(visit.Officer, wanted)).IsRefused(out var refusal, out var copy)
                    ? Page(visit, wanted, null, refusal)
                    : Page(visit, wanted, Viewer.Show(copy.Certificate, new()), null);
        }));
        routes.MapPost("/certificates", door.Post(Duties.WatchTheSystem, async visit =>
            visit.Typed.Files.GetFile("file") is { } file && await Read(file) is { } lines
                ? Page(visit, "", lines, null)
                : Page(visit, "", null, NothingToShow)));
    }

    private static IResult Page(Visit visit, string serial, IReadOnlyList<ViewLine>? lines, Refusal? refusal) =>
        PageDoor.Show<CertificatePage>(
            visit.Http, PageDoor.Frame(visit, "証明書を見る", "Look at a certificate") with { Refusal = refusal },
            ("Serial", serial), ("Lines", lines));

    /// <summary>Null when the file holds nothing that can be shown.</summary>
    private static async Task<IReadOnlyList<ViewLine>?> Read(IFormFile file)
    {
        if (file.Length > MostOctets)
            return null;
        try
        {
            return Viewer.Show(await Visit.Octets(file), new());
        }
        catch (Exception e) when (e is FormatException or AsnContentException)
        {
            return null;
        }
    }
}
