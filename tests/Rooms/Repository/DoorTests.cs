using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Jpki.Forms;
using Jpki.Repository;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Jpki.Tests.Rooms.Repository;

/// <summary>The inner door, over HTTP: who may publish and what they are told.</summary>
public sealed class DoorTests
{
    [Fact, Cps("2-1-9")]
    public async Task The_Authority_publishes()
    {
        await using var door = await OpenDoor.Open("Authority");

        var answer = await door.Put(JsonContent.Create(door.Room.FirstPublication(), options: FormJson.Options));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(new(1, 3), await answer.Content.ReadFromJsonAsync<PublicationReceipt>(
            FormJson.Options, TestContext.Current.CancellationToken));
    }

    [Theory, Cps("5-2-3"), InlineData("Terminal"), InlineData("Verifier"), InlineData(null)]
    public async Task Nobody_else_does(string? role)
    {
        await using var door = await OpenDoor.Open(role);

        var answer = await door.Put(JsonContent.Create(door.Room.FirstPublication(), options: FormJson.Options));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal(0, door.Room.Shelves.Version);
    }

    [Fact, Cps("2-6-1")]
    public async Task A_refusal_names_its_clause()
    {
        await using var door = await OpenDoor.Open("Authority");
        using var key = TestKey.P256();
        var resident = door.Room.Pki.Sign(door.Room.Pki.Leaf(key.PublicKey)).Der.ToArray();

        var answer = await door.Put(
            JsonContent.Create(new Publication { Certificates = [resident] }, options: FormJson.Options));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("CPS 2-6-1", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("{\"certificates\":[null]}")]
    [InlineData("{\"crls\":[\"MAMBAg==\"]}")]
    [InlineData("{\"crls\":[\"not base64\"]}")]
    [InlineData("{\"crls\":[\"\"]}")]
    [InlineData("{\"crossCertificatePairs\":[\"MAA=\",\"AAAA\"]}")]
    [InlineData("{\"unheardOf\":[]}")]
    public async Task Bad_bytes_are_malformed(string body)
    {
        await using var door = await OpenDoor.Open("Authority");

        var answer = await door.Put(new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.True(answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity, body);
        Assert.Equal(0, door.Room.Shelves.Version);
    }

    /// <summary>The door on a loopback port, in front of which somebody of that role stands.</summary>
    private sealed class OpenDoor : IAsyncDisposable
    {
        private readonly WebApplication host;
        private readonly HttpClient client = new();

        private OpenDoor(DirectoryRoom room, WebApplication host) => (Room, this.host) = (room, host);

        internal DirectoryRoom Room { get; }

        internal static async Task<OpenDoor> Open(string? role)
        {
            var room = await DirectoryRoom.Open(isPublished: false);
            var builder = WebApplication.CreateEmptyBuilder(new());
            builder.Logging.ClearProviders();
            builder.Services.AddRoutingCore();
            builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
            var host = builder.Build();
            using var certificate = role is null ? null : CertificateOf(role);
            var shown = certificate is null ? null : X509CertificateLoader.LoadCertificate(certificate.RawData);
            host.Use((http, next) =>
            {
                http.Connection.ClientCertificate = shown;
                return next(http);
            });
            host.UseRouting();
            host.MapRepository(room.Shelves, room.Limits);
            await host.StartAsync();
            return new(room, host);
        }

        internal Task<HttpResponseMessage> Put(HttpContent content) =>
            client.PutAsync(new Uri(new Uri(host.Urls.First()), "publications"), content);

        public async ValueTask DisposeAsync()
        {
            client.Dispose();
            await host.DisposeAsync();
            await Room.DisposeAsync();
        }

        private static X509Certificate2 CertificateOf(string role)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            CertificateRequest request = new(
                $"CN=somebody, OU={role}, OU=Operations, O=JPKI-TEST, C=JP", key, HashAlgorithmName.SHA256);
            var now = TimeProvider.System.GetUtcNow();
            return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        }
    }
}
