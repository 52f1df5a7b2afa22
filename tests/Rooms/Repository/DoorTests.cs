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

        var answer = await door.PublishFirst();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var receipt = await Receipt(answer);
        Assert.Equal((1, 3, 0), (receipt.Version, receipt.Changed, receipt.Missing.Count));
    }

    [Theory, Cps("5-2-3"), InlineData("Terminal"), InlineData("Verifier"), InlineData(null)]
    public async Task Nobody_else_does(string? role)
    {
        await using var door = await OpenDoor.Open(role);

        Assert.Equal(HttpStatusCode.Forbidden, (await door.HandOver("arl", door.Room.Arl(1))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await door.PublishFirst()).StatusCode);
        Assert.Equal(0, door.Room.Shelves.Version);
        Assert.Empty(door.Objects);
    }

    [Fact, Cps("2-1-9"), Cps("2-6-4")]
    public async Task What_was_not_handed_over_is_asked_for_and_until_it_comes_nothing_is_public()
    {
        await using var door = await OpenDoor.Open("Authority");
        var (crl, arl) = (door.Room.Crl(1), door.Room.Arl(1));
        byte[][] certificates = [door.Room.Pki.Certificate.Der.ToArray()];
        await door.HandOver(certificates[0]);
        await door.HandOver(arl);

        var lacking = await Receipt(await door.Publish(Publishing.Naming(certificates, [crl, arl])));
        Assert.Equal([Publication.DigestOf(crl)], lacking.Missing);
        Assert.Equal(0, door.Room.Shelves.Version);

        await door.HandOver(crl);
        var taken = await Receipt(await door.Publish(Publishing.Naming(certificates, [crl, arl])));
        Assert.Equal((1, 3, 0), (taken.Version, taken.Changed, taken.Missing.Count));
    }

    [Fact]
    public async Task Octets_of_another_digest_or_too_many_or_cut_short_are_not_kept()
    {
        await using var door = await OpenDoor.Open("Authority", new() { MaxObject = 4_096, MaxWaiting = 10_000 });
        var arl = door.Room.Arl(1);
        var large = new byte[4_097];

        Assert.Equal(HttpStatusCode.BadRequest,
            (await door.HandOver(Publication.DigestOf(arl), arl[..^1])).StatusCode);
        Assert.False((await door.HandOver(large)).IsSuccessStatusCode);
        Assert.False((await door.HandOver("..%2Fmanifest.json", arl)).IsSuccessStatusCode);
        Assert.Empty(door.Objects);

        Assert.True((await door.HandOver(new byte[4_096])).IsSuccessStatusCode);
        Assert.True((await door.HandOver(new byte[4_095])).IsSuccessStatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await door.HandOver(new byte[4_094])).StatusCode);
        Assert.Equal(2, door.Objects.Length);
    }

    [Fact, Cps("2-6-1")]
    public async Task A_refusal_names_its_clause()
    {
        await using var door = await OpenDoor.Open("Authority");
        using var key = TestKey.P256();
        var resident = door.Room.Pki.Sign(door.Room.Pki.Leaf(key.PublicKey)).Der.ToArray();
        await door.HandOver(resident);

        var answer = await door.Publish(Publishing.Naming([resident]));

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
    [InlineData("{\"crls\":[\"../../manifest.json\"]}")]
    [InlineData("{\"crls\":[\"\"]}")]
    [InlineData("{\"unheardOf\":[]}")]
    public async Task A_publication_that_is_none_is_malformed(string body)
    {
        await using var door = await OpenDoor.Open("Authority");

        var answer = await door.Put("publications", new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.True(answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity, body);
        Assert.Equal(0, door.Room.Shelves.Version);
    }

    [Theory, InlineData("30030101FF", false), InlineData("", false), InlineData("3000", true)]
    public async Task Octets_that_are_neither_list_nor_pair_are_malformed(string hex, bool isPair)
    {
        await using var door = await OpenDoor.Open("Authority");
        byte[][] objects = [Convert.FromHexString(hex)];
        await door.HandOver(objects[0]);

        var answer = await door.Publish(
            isPair ? Publishing.Naming(pairs: objects) : Publishing.Naming(crls: objects));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(0, door.Room.Shelves.Version);
    }

    private static async Task<PublicationReceipt> Receipt(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<PublicationReceipt>(
            FormJson.Options, TestContext.Current.CancellationToken))!;

    /// <summary>The door on a loopback port, in front of which somebody of that role stands.</summary>
    private sealed class OpenDoor : IAsyncDisposable
    {
        private readonly WebApplication host;
        private readonly HttpClient client = new();

        private OpenDoor(DirectoryRoom room, WebApplication host) => (Room, this.host) = (room, host);

        internal DirectoryRoom Room { get; }

        internal static async Task<OpenDoor> Open(string? role, DirectoryLimits? limits = null)
        {
            var room = await DirectoryRoom.Open(limits, isPublished: false);
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
            host.MapRepository(room.Shelves);
            await host.StartAsync();
            return new(room, host);
        }

        /// <summary>Everything that was kept, named by a publication or not.</summary>
        internal string[] Objects =>
            Directory.GetFiles(Path.Combine(Room.Scratch.Root, "repository", "objects"));

        internal Task<HttpResponseMessage> HandOver(byte[] octets) =>
            HandOver(Publication.DigestOf(octets), octets);

        internal Task<HttpResponseMessage> HandOver(string digest, byte[] octets) =>
            Put($"objects/{digest}", new ByteArrayContent(octets));

        internal Task<HttpResponseMessage> Publish(Publication publication) =>
            Put("publications", JsonContent.Create(publication, options: FormJson.Options));

        internal async Task<HttpResponseMessage> PublishFirst()
        {
            byte[][] objects = [Room.Pki.Certificate.Der.ToArray(), Room.Crl(1), Room.Arl(1)];
            foreach (var der in objects)
                await HandOver(der);
            return await Publish(Publishing.Naming(objects[..1], objects[1..]));
        }

        internal Task<HttpResponseMessage> Put(string path, HttpContent content) =>
            client.PutAsync(new Uri(new Uri(host.Urls.First()), path), content);

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
