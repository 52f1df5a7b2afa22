using System.Net;
using System.Net.Http.Headers;
using CsCheck;
using Jpki.Cps;
using Jpki.Hsm;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.Ocsp;

public sealed class DoorTests
{
    [Theory, Cps("4-4-4-2")]
    [InlineData(KeySpec.Rsa2048)]
    [InlineData(KeySpec.EcP256)]
    public async Task Openssl_hears_and_believes_every_status(KeySpec keySpec)
    {
        await using var node = await OcspNode.Start(keySpec: keySpec);
        node.Authority.Change(1);
        node.Authority.Change(2, RevocationReason.KeyCompromise, new(2026, 4, 1, 12, 0, 0, TimeSpan.Zero));
        await node.Heard(2);

        var said = Openssl(node, node.Verifier, "-nonce", "-serial", Hex(node, 1), "-serial", Hex(node, 2),
            "-sha256", "-serial", Hex(node, 3));

        Assert.Contains("Response verify OK", said, StringComparison.Ordinal);
        Assert.Contains($"{Hex(node, 1)}: good", said, StringComparison.Ordinal);
        Assert.Contains($"{Hex(node, 2)}: revoked", said, StringComparison.Ordinal);
        Assert.Contains("Reason: keyCompromise", said, StringComparison.Ordinal);
        Assert.Contains("Revocation Time: Apr  1 12:00:00 2026 GMT", said, StringComparison.Ordinal);
        Assert.Contains($"{Hex(node, 3)}: unknown", said, StringComparison.Ordinal);
        Assert.DoesNotContain("WARNING", said, StringComparison.Ordinal);
    }

    [Fact, Cps("4-4-4-3")]
    public async Task Openssl_hears_nothing_without_an_admitted_signature()
    {
        await using var node = await OcspNode.Start();

        var unsigned = Openssl(node, null, "-serial", Hex(node, 1));
        var stranger = Openssl(node, node.Outsider, "-serial", Hex(node, 1));

        Assert.Contains("Responder Error: sigrequired (5)", unsigned, StringComparison.Ordinal);
        Assert.Contains("Responder Error: unauthorized (6)", stranger, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Openssl_reads_the_answer_as_we_meant_it()
    {
        await using var node = await OcspNode.Start();
        node.Authority.Change(1);
        await node.Heard(1);
        var der = await node.Responder.Answer(OcspRequest.Create([node.Id(1)], new byte[] { 1, 2, 3 }), node.Admitted);
        var path = Path.Combine(node.Folder, "answer.der");
        await File.WriteAllBytesAsync(path, der, TestContext.Current.CancellationToken);

        var said = Tool.Run("openssl", "ocsp", "-respin", path, "-resp_text", "-noverify").Succeeded().Text;

        Assert.Contains("OCSP Response Status: successful (0x0)", said, StringComparison.Ordinal);
        Assert.Contains("Cert Status: good", said, StringComparison.Ordinal);
        Assert.Contains("Hash Algorithm: sha1", said, StringComparison.Ordinal);
        Assert.Contains("OCSP Nonce", said, StringComparison.Ordinal);
        Assert.Contains("OCSP Signing", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Next Update", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("as RFC 6960 says", true, false)]
    [InlineData("slashes left as they are", false, false)]
    [InlineData("the URL's own base64", false, true)]
    public async Task GET_takes_base64_however_it_is_written(string why, bool isEscaped, bool isUrlSafe)
    {
        await using var node = await OcspNode.Start();
        node.Authority.Change(1);
        await node.Heard(1);
        // A nonce that makes slashes, plus signs and doubled slashes for sure.
        var question = OcspRequest.Create(
            [node.Id(1)], Convert.FromHexString("FFFFFFFFFFFFFBEFBEFBEFBEFFFFFFFF"), node.Verifier.Requestor);
        var text = Convert.ToBase64String(question);
        Assert.Contains("//", text, StringComparison.Ordinal);
        text = isUrlSafe ? text.Replace('+', '-').Replace('/', '_').TrimEnd('=') : text;
        using HttpClient client = new();

        Uri url = new($"{node.Url}/{(isEscaped ? Uri.EscapeDataString(text) : text)}");
        using var answer = await client.GetAsync(url, TestContext.Current.CancellationToken);

        Assert.Equal("application/ocsp-response", answer.Content.Headers.ContentType?.MediaType);
        var body = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.True(OcspResponse.Read(body).Basic is { } basic && basic.Responses[0].Status == CertStatus.Good, why);
    }

    [Fact, Cps("4-4-4-3")]
    public async Task Over_TLS_the_client_certificate_admits()
    {
        await using var node = await OcspNode.Start();
        var question = OcspRequest.Create([node.Id(1)]);

        Assert.NotNull((await Ask(node.Verifier)).Basic);
        Assert.Equal(OcspResponseStatus.Unauthorized, (await Ask(node.Outsider)).Status);

        async Task<OcspResponse> Ask(OcspNode.Party caller)
        {
            using HttpClientHandler tls = new()
            {
                ServerCertificateCustomValidationCallback = (_, _, _, _) => true,
                ClientCertificates = { caller.ForTls },
            };
            using HttpClient client = new(tls);
            using var answer = await client.PostAsync(new Uri(node.TlsUrl), Content(question));
            return OcspResponse.Read(await answer.Content.ReadAsByteArrayAsync());
        }
    }

    [Theory]
    [InlineData("nothing", 0)]
    [InlineData("zeros", 100)]
    [InlineData("too much", OcspRequest.MaxOctets + 1)]
    [InlineData("far too much", 5_000_000)]
    public async Task What_is_no_request_is_malformed_and_in_the_log(string why, int octets)
    {
        await using var node = await OcspNode.Start();

        var (code, response) = await Post(node, new byte[octets]);

        Assert.Equal((HttpStatusCode.OK, OcspResponseStatus.MalformedRequest), (code, response.Status));
        Assert.True(node.Events is [{ Result: "malformedRequest" }], why);
        Assert.NotNull((await node.Ask(node.Admitted, node.Id(1))).Basic);
    }

    [Theory]
    [InlineData("no base64", "/***")]
    [InlineData("no question", "/")]
    [InlineData("escapes that are none", "/%zz%f")]
    public async Task A_bad_GET_is_malformed(string why, string path)
    {
        await using var node = await OcspNode.Start();
        using HttpClient client = new();
        Uri url = new(node.Url + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

        var body = await client.GetByteArrayAsync(url, TestContext.Current.CancellationToken);

        Assert.True(OcspResponse.Read(body).Status == OcspResponseStatus.MalformedRequest, why);
    }

    [Fact]
    public async Task Another_content_type_is_refused()
    {
        await using var node = await OcspNode.Start();
        using HttpClient client = new();

        using var answer = await client.PostAsync(
            new Uri(node.Url), new StringContent("{}"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
    }

    [Fact]
    public async Task Random_and_damaged_questions_get_an_answer_every_time()
    {
        await using var node = await OcspNode.Start();
        var sound = OcspRequest.Create([node.Id(1)], new byte[8], node.Verifier.Requestor);

        await Gen.Select(Gen.Byte.Array[0, 300], Gen.Int[0, sound.Length - 1], Gen.Byte).SampleAsync(
            async (octets, index, octet) =>
            {
                byte[] damaged = [.. sound];
                damaged[index] = octet;
                OcspResponse.Read(await node.Responder.Answer(octets, OcspNode.Stranger));
                OcspResponse.Read(await node.Responder.Answer(damaged, OcspNode.Stranger));
            },
            iter: 500);
    }

    private static string Hex(OcspNode node, long counter) => "0x" + node.Authority.Serial(counter);

    private static string Openssl(OcspNode node, OcspNode.Party? signer, params string[] questions)
    {
        var ca = node.PathOf("ca.pem", OcspNode.Pem(node.Authority.CaCertificate()));
        string[] signing = signer is null ? [] :
        [
            "-signer", node.PathOf("signer.pem", OcspNode.Pem(signer.Certificate)),
            "-signkey", node.PathOf("signer.key", signer.Key.ExportPkcs8PrivateKeyPem()),
        ];
        var answer = Tool.Run("openssl",
            ["ocsp", "-url", node.Url, "-issuer", ca, "-CAfile", ca, "-timeout", "10", .. signing, .. questions]);
        return answer.Text + answer.Errors;
    }

    private static async Task<(HttpStatusCode, OcspResponse)> Post(OcspNode node, byte[] body)
    {
        using HttpClient client = new();
        var stop = TestContext.Current.CancellationToken;
        using var answer = await client.PostAsync(new Uri(node.Url), Content(body), stop);
        var octets = await answer.Content.ReadAsByteArrayAsync(stop);
        return (answer.StatusCode, OcspResponse.Read(octets));
    }

    private static ByteArrayContent Content(byte[] question) =>
        new(question) { Headers = { ContentType = new MediaTypeHeaderValue("application/ocsp-request") } };
}
