using System.Net;
using System.Security.Cryptography;
using Jpki.Cps;
using Jpki.Hsm;
using Jpki.Site;
using Jpki.Tests.Rooms.Cps;
using Jpki.Tests.Rooms.Hsm;
using Jpki.X509;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Jpki.Tests.Rooms.Site;

public sealed class SiteTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2014, 4, 1, 3, 0, 0, TimeSpan.Zero);
    private static readonly Certificate Governor = SelfSigned("0A");

    private readonly WebApplication app = CreateApp();
    private readonly HttpClient client = new();

    private SiteContent content = new()
    {
        Names = PrefectureNames.Sandbox,
        Certificates = () => [Governor],
        Checkpoint = () => "jpki.test/authority\n42\nAAAA\n\n— jpki.test/authority signature\n",
        TlsAuthority = () => Governor,
        Doors = new()
        {
            Site = "http://127.0.0.1:7000",
            Counter = "https://127.0.0.1:7001",
            ControlRoom = "https://127.0.0.1:7002",
            Ocsp = "http://127.0.0.1:7003/ocsp",
            Ldap = "ldap://127.0.0.1:7389",
            Ldaps = "ldaps://127.0.0.1:7636",
        },
    };

    public async ValueTask InitializeAsync()
    {
        // The content is asked for at every request, so a test may change it.
        app.MapSite(content with
        {
            Certificates = () => content.Certificates(),
            Notices = () => content.Notices(),
            CrossCertified = () => content.CrossCertified(),
            Checkpoint = () => content.Checkpoint(),
            TlsRevocations = () => content.TlsRevocations(),
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        client.BaseAddress = new(app.Urls.Single());
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await app.DisposeAsync();
    }

    [Theory, Cps("2-6-1")]
    [InlineData("/", "ja", "検証用サンドボックス")]
    [InlineData("/en", "en", "Sandbox")]
    public async Task The_page_says_what_this_is_and_that_it_has_no_legal_force(
        string path, string language, string banner)
    {
        var answer = await Get(path);
        var html = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal("text/html; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.StartsWith("<!DOCTYPE html>", html.TrimStart());
        Assert.Contains($"<html lang=\"{language}\">", html);
        Assert.Contains(banner, html);
        Assert.Contains("O=JPKI-TEST", html);
        Assert.Contains("1.2.392.200149.8.5.1.0.10", html);
        Assert.DoesNotContain("<script", html);
    }

    [Fact, Cps("2-6-1")]
    public async Task The_page_shows_fingerprints_doors_and_the_newest_checkpoint()
    {
        var html = WebUtility.HtmlDecode(await Text("/"));

        Assert.Contains(Pairs(SHA256.HashData(Governor.Der.Span)), html);
        Assert.Contains(Pairs(CryptographicOperations.HashData(HashAlgorithmName.SHA1, Governor.Der.Span)), html);
        Assert.Contains("2014年4月1日から2024年3月31日まで", html);
        Assert.Contains("openssl ocsp -url http://127.0.0.1:7003/ocsp", html);
        Assert.Contains("ldap://127.0.0.1:7389", html);
        Assert.Contains("ldaps://127.0.0.1:7636", html);
        Assert.Contains("href=\"https://127.0.0.1:7001\"", html);
        Assert.Contains("href=\"https://127.0.0.1:7002\"", html);
        Assert.Contains("jpki.test/authority\n42\n", html);
    }

    [Theory, Cps("2-6-3")]
    [InlineData("/ca.cer", "application/pkix-cert")]
    [InlineData("/ca/0A.cer", "application/pkix-cert")]
    [InlineData("/ca.pem", "application/x-pem-file")]
    [InlineData("/ca/0A.pem", "application/x-pem-file")]
    [InlineData("/tls-ca.pem", "application/x-pem-file")]
    public async Task Openssl_reads_the_certificate_that_anybody_may_fetch(string path, string type)
    {
        using ScratchFolder folder = new();
        var answer = await Get(path);
        File.WriteAllBytes(folder["ca"], await Bytes(path));

        Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal($"sha256 Fingerprint={Pairs(SHA256.HashData(Governor.Der.Span))}",
            Openssl.Run("x509", "-in", folder["ca"], "-noout", "-fingerprint", "-sha256").Trim());
    }

    [Fact, Cps("5-2-2③"), Cps("2-6-3")]
    public async Task Anybody_may_fetch_the_newest_list_of_revoked_certificates_of_the_inner_network()
    {
        var list = Specimens.Crl(null, CrlKind.Operations, ListFixtures.Entry);
        content = content with { TlsRevocations = () => list };

        Assert.Equal("application/pkix-crl", (await Get("/tls-ca.crl")).Content.Headers.ContentType?.MediaType);
        Assert.Equal(list.Der.ToArray(), await Bytes("/tls-ca.crl"));
    }

    [Fact, Cps("2-6-2")]
    public async Task A_new_certificate_is_there_at_once_and_the_old_one_stays()
    {
        var next = SelfSigned("0B");
        content = content with { Certificates = () => [next, Governor] };

        Assert.Equal(next.Der.ToArray(), await Bytes("/ca.cer"));
        Assert.Equal(Governor.Der.ToArray(), await Bytes("/ca/0A.cer"));
    }

    [Fact, Cps("8-2")]
    public async Task Notices_and_cross_certified_authorities_are_told()
    {
        content = content with { Notices = () => ["<お知らせ>"], CrossCertified = () => ["CN=BridgeCA,O=JPKI-TEST,C=JP"] };

        var html = await Text("/");

        Assert.Contains("&lt;お知らせ&gt;", html);
        Assert.Contains("CN=BridgeCA,O=JPKI-TEST,C=JP", html);
    }

    [Theory]
    [InlineData("/ca/0C.cer")]
    [InlineData("/ca/../site.css.pem")]
    [InlineData("/nowhere")]
    public async Task What_is_not_there_is_not_found(string path) =>
        Assert.Equal(HttpStatusCode.NotFound, (await Get(path)).StatusCode);

    [Fact]
    public async Task Before_the_first_certificate_the_page_says_so()
    {
        content = content with { Certificates = () => [], Checkpoint = () => null, TlsRevocations = () => null };

        Assert.Contains("まだ発行されていません", await Text("/"));
        Assert.Equal(HttpStatusCode.NotFound, (await Get("/ca.cer")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Get("/checkpoint")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Get("/tls-ca.crl")).StatusCode);
    }

    [Fact]
    public async Task Nothing_from_elsewhere_can_run_in_a_page()
    {
        var answer = await Get("/");

        Assert.StartsWith("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("text/css", (await Get("/site.css")).Content.Headers.ContentType?.MediaType);
    }

    private static string Pairs(byte[] hash) => string.Join(':', hash.Select(octet => $"{octet:X2}"));

    private Task<HttpResponseMessage> Get(string path) => client.GetAsync(path, TestContext.Current.CancellationToken);

    private Task<string> Text(string path) => client.GetStringAsync(path, TestContext.Current.CancellationToken);

    private Task<byte[]> Bytes(string path) => client.GetByteArrayAsync(path, TestContext.Current.CancellationToken);

    private static WebApplication CreateApp()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        return builder.Build();
    }

    private static Certificate SelfSigned(string serial)
    {
        using var rsa = RSA.Create(2048);
        var key = SigningKey.FromPkcs8("governor", rsa.ExportPkcs8PrivateKey());
        return new CertificateContent
        {
            Serial = SerialNumber.Parse(serial),
            Algorithm = SignatureAlgorithm.Sha256WithRsa,
            Issuer = PrefectureNames.Sandbox.Authority,
            NotBefore = Noon,
            NotAfter = JapanTime.EndOfYears(Noon, 10),
            Subject = PrefectureNames.Sandbox.Authority,
            PublicKey = key.PublicKey,
        }.Sign(key.With(SignatureAlgorithm.Sha256WithRsa));
    }
}
