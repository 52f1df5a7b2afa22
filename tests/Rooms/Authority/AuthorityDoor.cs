using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Jpki.Authority;
using Jpki.Forms;
using Jpki.Tests.Rooms.ControlRoom;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Jpki.Tests.Rooms.Authority;

/// <summary>A real Authority's door on loopback, as one caller sees it who has shown his certificate.</summary>
internal sealed class AuthorityDoor : IAsyncDisposable
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private WebApplication door = null!;

    public HttpClient Client { get; private set; } = null!;

    public async Task<(HttpStatusCode Status, string Text)> Post<T>(string path, T form)
    {
        var answer = await Client.PostAsJsonAsync(path, form, FormJson.Options);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Under the caller's own key.</summary>
    public SignedForm Sign<T>(T form) => SignedForm.Sign(form, key);

    public static async Task<AuthorityDoor> Open(AuthorityHouse house, CallerRole role, string id)
    {
        AuthorityDoor opened = new();
        var caller = ConsoleHouse.NewCaller(role, id, opened.key);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.ConfigureHttpJsonOptions(json => FormJson.Apply(json.SerializerOptions));
        opened.door = builder.Build();
        opened.door.Use((http, next) =>
        {
            http.Connection.ClientCertificate = caller.Certificate;
            return next(http);
        });
        HttpClient nobody = new() { BaseAddress = new("http://127.0.0.1:9/") };
        opened.door.MapAuthority(house.Room, new Publisher(house.Room, nobody, house.Clock));
        await opened.door.StartAsync();
        Uri address = new(opened.door.Urls.Single() + "/");
        opened.Client = new() { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        return opened;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        using CancellationTokenSource now = new(TimeSpan.Zero);
        await door.StopAsync(now.Token);
        await door.DisposeAsync();
        key.Dispose();
    }
}
