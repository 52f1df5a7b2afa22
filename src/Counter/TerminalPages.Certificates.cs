using Jpki.Counter.Pages;
using Jpki.Forms.Viewing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Jpki.Counter;

/// <summary>Where an officer looks at a certificate: one of the municipality's by serial number, or any file.</summary>
internal sealed partial class TerminalPages
{
    private const int MostOctets = 1024 * 1024;

    private static readonly FieldError NothingToShow = new("file", "証明書、失効リスト又は OCSP の DER か PEM を選んでください。")
    {
        Clause = null,
    };

    private void MapCertificates(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/terminal/certificates", Get(async (http, officer) =>
        {
            var serial = http.Request.Query["serial"].ToString().Trim().ToUpperInvariant();
            if (serial.Length == 0)
                return await ShowCertificate(http, officer, serial, null);
            return (await room.Revocations.Read(officer, serial)).IsRefused(out var refusal, out var der)
                ? await ShowCertificate(
                    http, officer, serial, null, new FieldError("serial", refusal.Reason) { Clause = refusal.Clause })
                : await ShowCertificate(http, officer, serial, Viewer.Show(der, new()));
        }));
        routes.MapPost("/terminal/certificates", Post(async (http, officer, _) =>
            await ReadFile(http) is { } lines
                ? await ShowCertificate(http, officer, "", lines)
                : await ShowCertificate(http, officer, "", null, NothingToShow)));
    }

    private static Task<IResult> ShowCertificate(
        HttpContext http, OfficerOnDuty officer, string serial, IReadOnlyList<ViewLine>? lines,
        params FieldError[] errors) => Show<CertificatePage>(
            http, Frame(http, officer, "証明書の内容") with { Errors = errors },
            new() { ["Serial"] = serial, ["Lines"] = lines });

    /// <summary>Null when no file was sent, or nothing in it can be shown.</summary>
    private static async Task<IReadOnlyList<ViewLine>?> ReadFile(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (form.Files is not [{ Length: > 0 and <= MostOctets } file])
            return null;
        using MemoryStream octets = new();
        await file.CopyToAsync(octets, http.RequestAborted);
        try
        {
            return Viewer.Show(octets.ToArray(), new());
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
