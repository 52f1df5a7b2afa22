using System.Net.Mime;
using System.Security.Cryptography;
using Jpki.X509;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Jpki.Site;

/// <summary>The site's door: pages for people, files for programs, open to all. (CPS 2-6-1, 2-6-3)</summary>
public static class Door
{
    private const string PkixCert = "application/pkix-cert";   // RFC 2585 4.1
    private const string PkixCrl = "application/pkix-crl";     // RFC 2585 4.2
    private const string Pem = "application/x-pem-file";

    public static void MapSite(this IEndpointRouteBuilder routes, SiteContent content)
    {
        var pages = routes.MapGroup("").AddEndpointFilter(SetHeaders);

        pages.MapGet("/", () => Page.Render(content, Language.Japanese));
        pages.MapGet("/en", () => Page.Render(content, Language.English));
        pages.MapGet("/site.css", Stylesheet);

        pages.MapGet("/ca.cer", () => Der(Newest(content), "ca.cer"));
        pages.MapGet("/ca.pem", () => InPem(Newest(content), "ca.pem"));
        pages.MapGet("/ca/{serial}.cer", (string serial) => Der(Find(content, serial), $"ca-{serial}.cer"));
        pages.MapGet("/ca/{serial}.pem", (string serial) => InPem(Find(content, serial), $"ca-{serial}.pem"));
        pages.MapGet("/tls-ca.pem", () => InPem(content.TlsAuthority(), "tls-ca.pem"));
        pages.MapGet("/tls-ca.crl", () => content.TlsRevocations() is { } list
            ? Results.File(list.Der.ToArray(), PkixCrl, "tls-ca.crl")
            : Results.NotFound());
        pages.MapGet("/checkpoint", () => content.Checkpoint() is { } note
            ? Results.Text(note, MediaTypeNames.Text.Plain)
            : Results.NotFound());
    }

    private static Certificate? Newest(SiteContent content) =>
        content.Certificates() is [var newest, ..] ? newest : null;

    private static Certificate? Find(SiteContent content, string serial) =>
        content.Certificates().FirstOrDefault(c => c.Serial.ToString() == serial);

    private static IResult Der(Certificate? certificate, string name) =>
        certificate is null ? Results.NotFound() : Results.File(certificate.Der.ToArray(), PkixCert, name);

    private static IResult InPem(Certificate? certificate, string name) => certificate is null
        ? Results.NotFound()
        : Results.File(System.Text.Encoding.ASCII.GetBytes(
            PemEncoding.WriteString("CERTIFICATE", certificate.Der.Span) + "\n"), Pem, name);

    private static IResult Stylesheet() => Results.Stream(
        typeof(Door).Assembly.GetManifestResourceStream("site.css")!, MediaTypeNames.Text.Css);

    /// <summary>The pages need their own style sheet and nothing else: no script, no frame, no other site.</summary>
    private static ValueTask<object?> SetHeaders(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var headers = context.HttpContext.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; "
            + "frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        return next(context);
    }
}
