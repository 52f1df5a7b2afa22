using System.Formats.Asn1;
using System.Security.Cryptography;
using Jpki.Forms;
using Jpki.X509;

namespace Jpki.Host.Outside;

/// <summary>
/// What the bridge CA sends the governor: its request, and its key by another way. (CPS 4-7, 6-1-1-5)
/// </summary>
internal sealed record BridgePapers(byte[] CertificationRequest, string KeySha256);

/// <summary>What the governor sends the bridge CA: his request, and what he gave it. (CPS 4-6, 4-8)</summary>
internal sealed record GovernorPapers(byte[] CertificationRequest, byte[] Certificate);

/// <summary>
/// The governor's receipt for what the bridge CA gave him, which names what it has from him as well. DER. (CPS 4-8)
/// </summary>
internal sealed record GovernorReceipt(byte[] Given, byte[] Taken);

/// <summary>A certificate from outside, DER.</summary>
internal sealed record OutsideCertificate(byte[] Certificate);

/// <summary>PKCS#10 of somebody who is to be an official.</summary>
internal sealed record OfficialRequest(byte[] CertificationRequest);

/// <summary>An official's certificate is to end. Upper-case hexadecimal.</summary>
internal sealed record OfficialRevocation(string Serial);

/// <summary>
/// The world outside at the sandbox's own door: web pages for anybody, acts for who has the sandbox's token.
/// </summary>
internal static class OutsideDoor
{
    /// <param name="routes">The sandbox's door.</param>
    /// <param name="world">Opens the world, once.</param>
    /// <param name="isOpen">Whether it was ever made: a page asked for makes none.</param>
    /// <param name="governor">The governor's key, as everybody knows it.</param>
    /// <param name="mayAct">Whether the caller has the token.</param>
    public static void Map(
        IEndpointRouteBuilder routes, Func<Task<OutsideWorld>> world, Func<bool> isOpen,
        Func<X509.PublicKey> governor, Func<HttpContext, bool> mayAct)
    {
        var outside = routes.MapGroup("/outside");
        outside.MapGet("/{page}", async (string page) => isOpen() && (await world()).Page(page) is { } octets
            ? Results.Bytes(octets, page.EndsWith(".crl", StringComparison.Ordinal)
                ? "application/pkix-crl" : "application/pkix-cert")
            : Results.NotFound());
        outside.MapPost("/bridge", (Delegate)((HttpContext http) => Take(http, mayAct, async () =>
        {
            var bridge = (await world()).Bridge;
            return new BridgePapers(
                bridge.Apply(), Convert.ToHexString(SHA256.HashData(bridge.Certificate.PublicKey.Der.Span)));
        })));
        outside.MapPost("/exchange", (GovernorPapers papers, HttpContext http) => Take(http, mayAct, async () =>
            new OutsideCertificate((await (await world()).Exchange(
                papers.CertificationRequest, papers.Certificate, governor())).Der.ToArray())));
        outside.MapPost("/receipts", (GovernorReceipt receipt, HttpContext http) => Take(http, mayAct, async () =>
        {
            await (await world()).Bridge.Complete(Certificate.Read(receipt.Given), Certificate.Read(receipt.Taken));
            return receipt;
        }));
        outside.MapPost("/officials", (OfficialRequest asked, HttpContext http) => Take(http, mayAct, async () =>
            new OutsideCertificate(
                (await (await world()).CertifyOfficial(asked.CertificationRequest)).Der.ToArray())));
        outside.MapPost("/revocations", (OfficialRevocation asked, HttpContext http) => Take(http, mayAct, async () =>
            (await world()).RevokeOfficial(asked.Serial)
                ? asked
                : throw new RefusedException(new("4-4-2", "the ministry has no such certificate to revoke"))));
    }

    private static async Task<IResult> Take<T>(HttpContext http, Func<HttpContext, bool> mayAct, Func<Task<T>> act)
    {
        if (!mayAct(http))
            return Results.Unauthorized();
        try
        {
            return Results.Json(await act(), FormJson.Options);
        }
        catch (RefusedException e)
        {
            return Answers.Refused(e.Refusal);
        }
        catch (AsnContentException e)
        {
            return Answers.Malformed(e.Message);
        }
    }
}
