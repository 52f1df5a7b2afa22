using System.Net;
using System.Security.Authentication;
using Jpki.Forms;
using Jpki.Ledger;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Jpki.Host;

/// <summary>
/// How a door is to be opened: its port, and whether it is behind TLS and asks for a client certificate.
/// </summary>
internal sealed record DoorPlan(string Name, int Port)
{
    /// <summary>The door's own, as it is at each handshake.</summary>
    public TlsIdentity? Certificate { get; init; }

    public ClientCertificateMode ClientCertificates { get; init; } = ClientCertificateMode.NoCertificate;

    /// <summary>True when the door serves pages with forms.</summary>
    public bool HasPages { get; init; }

    /// <summary>What /healthz answers with 503; null when all is well.</summary>
    public Func<string?> Trouble { get; init; } = () => null;

    /// <summary>What /healthz adds to its "ok": the room does its work, but something about it is not well.</summary>
    public Func<string?> Remark { get; init; } = () => null;

    /// <summary>What else the room says of itself to the operators' console.</summary>
    public Func<RoomHealth, RoomHealth> Facts { get; init; } = health => health;

    /// <summary>The room's log; null where it has none.</summary>
    public Func<LedgerEvent, Task>? Record { get; init; }

    public long MaxBodyBytes { get; init; } = 1024 * 1024;
}

/// <summary>
/// Opens and closes the doors. Each has its own small web server, so that no request can reach a room by another's
/// port.
/// </summary>
internal sealed class Doors(IPAddress address, OperationsTrust trust, TimeProvider clock) : IAsyncDisposable
{
    private readonly List<WebApplication> open = [];

    /// <exception cref="BrokenException">The port is in use.</exception>
    public async Task Open(DoorPlan plan, Action<WebApplication> map)
    {
        var builder = NewBuilder(plan);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(address, plan.Port, listen => Secure(listen, plan)));
        if (plan.HasPages)
        {
            builder.Services.AddRazorComponents();
            // Forms live for minutes: their tokens need not outlive the process, and leave nothing on the disk.
            builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
            builder.Services.AddAntiforgery(options => options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest);
        }

        var door = builder.Build();
        MalformedRequests.Watch(door, plan.Record, clock);
        RevokedCallers.Stop(door, trust, plan.Record, clock);
        door.MapGet("/healthz", (HttpContext http) => Health(plan, http));
        if (plan.HasPages)
            door.UseAntiforgery();
        map(door);
        await Start(door, plan);
    }

    /// <summary>Opens a door that does not speak HTTP.</summary>
    public async Task OpenRaw(DoorPlan plan, Func<ConnectionContext, Task> serve)
    {
        var builder = NewBuilder(plan);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(address, plan.Port, listen =>
        {
            Secure(listen, plan);
            listen.Run(connection => serve(connection));
        }));
        await Start(builder.Build(), plan);
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(open.Select(async door =>
        {
            await door.StopAsync(new CancellationTokenSource(TimeSpan.FromSeconds(3)).Token);
            await door.DisposeAsync();
        }));
    }

    /// <summary>A line for people and scripts; the whole report for who accepts JSON.</summary>
    private IResult Health(DoorPlan plan, HttpContext http)
    {
        RoomHealth health = new() { Trouble = plan.Trouble(), Remark = plan.Remark(), Now = clock.GetUtcNow() };
        var status = health.Trouble is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        if (http.Request.Headers.Accept == "application/json")
            return Results.Json(plan.Facts(health), FormJson.Options, statusCode: status);
        return Results.Text(
            (health.Trouble ?? (health.Remark is { } remark ? $"ok, but: {remark}" : "ok")) + "\n", statusCode: status);
    }

    private static WebApplicationBuilder NewBuilder(DoorPlan plan)
    {
        var builder = WebApplication.CreateEmptyBuilder(
            new() { ApplicationName = "jpki", ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = plan.MaxBodyBytes;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Limits.MaxConcurrentConnections = 10_000;
        });
        builder.Services.AddRoutingCore();
        builder.Services.ConfigureHttpJsonOptions(json => FormJson.Apply(json.SerializerOptions));
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning)
            // A start that fails is told once, by whoever catches it.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.Logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(
            console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        return builder;
    }

    private void Secure(ListenOptions listen, DoorPlan plan)
    {
        if (plan.Certificate is not { } identity)
            return;
        listen.UseHttps(https =>
        {
            https.ServerCertificateSelector = (_, _) => identity.Current;
            https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
            https.ClientCertificateMode = plan.ClientCertificates;
            https.ClientCertificateValidation = (certificate, _, _) => trust.AcceptsClient(certificate);
        });
    }

    private async Task Start(WebApplication door, DoorPlan plan)
    {
        try
        {
            await door.StartAsync();
            open.Add(door);
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            await door.DisposeAsync();
            throw new BrokenException(
                $"port {plan.Port} ({plan.Name}) is in use: "
                + "stop the program that has it, or choose other ports with --port", e);
        }
    }
}
