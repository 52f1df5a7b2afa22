using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Jpki.Tests.Scenarios;

/// <summary>
/// What strangers send that is no question: one clear answer, an entry in the log, and the door stays open for the
/// next.
/// </summary>
[Collection(PrefectureTests.Name)]
public sealed class GarbageAtTheDoors(RunningPrefecture prefecture)
{
    private static readonly byte[] Garbage = [0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF, 0x02, 0x01];

    [Fact]
    public async Task At_the_OCSP_door_is_a_malformed_request()
    {
        using HttpClient client = new();
        using ByteArrayContent body = new(Garbage);
        body.Headers.ContentType = new("application/ocsp-request");

        var entries = await Entries("ocsp");
        var answer = await client.PostAsync(prefecture.Door("ocsp"), body, Stop);

        Assert.Equal([0x30, 0x03, 0x0A, 0x01, 0x01], await answer.Content.ReadAsByteArrayAsync(Stop));
        Assert.True(await Entries("ocsp") > entries);
        await AssertHealthy(client, new(prefecture.Door("ocsp")));
    }

    [Fact]
    public async Task At_the_LDAP_door_ends_with_a_notice_of_disconnection()
    {
        Uri ldap = new(prefecture.Door("ldap"));
        using TcpClient stranger = new(ldap.Host, ldap.Port);

        var entries = await Entries("repository");
        await stranger.GetStream().WriteAsync("\0\0\0 neither BER nor LDAP"u8.ToArray(), Stop);
        using MemoryStream answer = new();
        await stranger.GetStream().CopyToAsync(answer, Stop);

        Assert.Contains("1.3.6.1.4.1.1466.20036", Encoding.Latin1.GetString(answer.ToArray()));
        Assert.True(await Entries("repository") > entries);
        Ldap.Search(prefecture, prefecture.Door("ldap"), "-b", "", "-s", "base").Succeeded();
    }

    [Theory]
    [InlineData("counter", "counter", "login", "application/json", "{\"id\":")]
    [InlineData("counter", "counter", "login", "application/json", "[[[[[[[[[")]
    [InlineData(
        "verifiers", "verifiers", "notifications", "application/json",
        "{\"name\":\"x\",\"certificationRequest\":\"MAA=\"}")]
    [InlineData("authority", "authority", "counters/issuance", "application/json", "{\"form\":1}")]
    [InlineData("authority", "authority", "counters/issuance", "text/plain", "hello")]
    public async Task At_an_HTTP_door_is_answered_with_400_or_415(
        string room, string door, string path, string type, string body)
    {
        using var client = Client();
        using StringContent content = new(body, new MediaTypeHeaderValue(type));

        var entries = await Entries(room);
        var answer = await client.PostAsync(new Uri(new(prefecture.Door(door)), path), content, Stop);

        var problem = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(Stop)).RootElement;
        Assert.True(answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.UnsupportedMediaType,
            $"{answer.StatusCode}");
        Assert.Equal("malformed", problem.GetProperty("title").GetString());
        Assert.True(problem.GetProperty("detail").GetString()!.Length > 10);
        Assert.True(await Entries(room) > entries);
        await AssertHealthy(client, new(prefecture.Door(door)));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static async Task AssertHealthy(HttpClient client, Uri door) =>
        Assert.Equal("ok\n", await client.GetStringAsync(new Uri(door, "/healthz"), Stop));

    /// <summary>Shows a terminal's certificate, as the Authority's door demands; believes our TLS anchor.</summary>
    private HttpClient Client()
    {
        var anchor = X509CertificateLoader.LoadCertificateFromFile(prefecture.Door("tlsAnchor"));
        HttpClientHandler handler = new()
        {
            ServerCertificateCustomValidationCallback = (_, certificate, chain, _) =>
            {
                chain!.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
                chain.ChainPolicy.CustomTrustStore.Add(anchor);
                chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
                return chain.Build(certificate!);
            },
        };
        handler.ClientCertificates.Add(
            X509Certificate2.CreateFromPemFile(Path.Combine(prefecture.Data, "tls", "11201T001.pem")));
        return new(handler);
    }

    /// <summary>How many entries a room's log has, by its checkpoint.</summary>
    private async Task<long> Entries(string room)
    {
        using HttpClient client = new();
        var url = prefecture.Endpoints.GetProperty("logs").EnumerateArray()
            .Single(log => log.GetProperty("room").GetString() == room).GetProperty("url").GetString();
        return long.Parse((await client.GetStringAsync($"{url}/checkpoint", Stop)).Split('\n')[1]);
    }
}
