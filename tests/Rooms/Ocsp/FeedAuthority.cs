using System.Collections.Concurrent;
using System.Security.Cryptography;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.X509;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Jpki.Tests.Rooms.Ocsp;

/// <summary>As much of an Authority as an OCSP node sees, on loopback: a feed and a door for responders.</summary>
internal sealed class FeedAuthority : IAsyncDisposable
{
    public static readonly Name CaName = Name.Of(
        ("C", "JP"), ("O", "JPKI-TEST"), ("OU", "Saitama Prefecture"), ("OU", "The Governor of Saitama Prefecture"));

    /// <summary>Making a key takes longer than most tests: each is made once.</summary>
    public static readonly ConcurrentDictionary<string, RSA> Keys = [];

    private readonly Lock gate = new();
    private readonly List<StatusChange> changes = [];
    private readonly Dictionary<int, Generation> generations = [];
    private readonly WebApplication app;

    private FeedAuthority(WebApplication app) => this.app = app;

    /// <summary>False: the connection stays open and nothing comes.</summary>
    public bool IsTalking { get; set; } = true;

    /// <summary>The position that the next connection leaves out.</summary>
    public long Missing { get; set; }

    public int Connections { get; private set; }

    public int Certified { get; private set; }

    public TimeSpan ResponderLife { get; set; } = TimeSpan.FromDays(365);

    public HttpClient Client => new() { BaseAddress = new(app.Urls.First() + "/") };

    public static async Task<FeedAuthority> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        FeedAuthority authority = new(app);
        app.MapGet("/status-feed", (HttpContext http, long after) => authority.Feed(http, after));
        app.MapPost("/responders", async (HttpRequest request) =>
        {
            var form = await request.ReadFromJsonAsync<ResponderRequest>(FormJson.Options);
            return Results.Json(authority.Certify(form!), FormJson.Options);
        });
        await app.StartAsync();
        authority.Begin(1);
        return authority;
    }

    public void Begin(int number)
    {
        var key = Keys.GetOrAdd($"{number}", _ => RSA.Create(2048));
        using var random = RandomNumberGenerator.Create();
        var secret = new byte[SerialCipher.KeyBytes];
        random.GetBytes(secret);
        var certificate = Issue(
            key, CaName, PublicKey.From(key), SerialNumber.Parse($"{number:X2}"), TimeSpan.FromDays(3650),
            Extensions.BasicConstraints(true), Extensions.KeyUsage(KeyUsages.KeyCertSign | KeyUsages.CrlSign),
            Extensions.SubjectKeyIdentifier(PublicKey.From(key).KeyIdentifier));
        lock (gate)
            generations[number] = new(key, certificate, secret, new(secret));
    }

    public Certificate CaCertificate(int generation = 1) => generations[generation].Certificate;

    public SerialNumber Serial(long counter, int generation = 1) =>
        generations[generation].Cipher.Encrypt(generation, counter);

    public void Change(long counter, RevocationReason? reason = null, DateTimeOffset? at = null, int generation = 1)
    {
        lock (gate)
            changes.Add(new(changes.Count + 1, generation, counter, reason, at ?? TimeProvider.System.GetUtcNow()));
    }

    /// <summary>The Authority is replaced by one whose history is shorter.</summary>
    public void Forget(int count)
    {
        lock (gate)
            changes.RemoveRange(changes.Count - count, count);
    }

    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource now = new(TimeSpan.Zero);
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }

    private async Task Feed(HttpContext http, long after)
    {
        Connections++;
        HashSet<int> introduced = [];
        var missing = Missing;
        Missing = 0;
        var stop = http.RequestAborted;
        while (!stop.IsCancellationRequested && !app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            long last;
            StatusChange[] news;
            KeyValuePair<int, Generation>[] newcomers;
            lock (gate)
            {
                news = [.. changes.Where(c => c.Position > after)];
                last = changes.Count;
                newcomers = [.. generations.Where(g => introduced.Add(g.Key))];
            }
            foreach (var (number, generation) in newcomers)
            {
                FeedGeneration introduction = new(number, generation.Certificate.Der.ToArray(), generation.Secret);
                await http.Response.Body.WriteAsync(StatusFeed.Frame(introduction), stop);
            }
            foreach (var change in news.Where(c => c.Position != missing))
                await http.Response.Body.WriteAsync(StatusFeed.Frame(change), stop);
            after += news.Length;
            if (IsTalking)
                await http.Response.Body.WriteAsync(StatusFeed.Heartbeat(last), stop);
            await http.Response.Body.FlushAsync(stop);
            await Task.Delay(2, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private ResponderAnswer Certify(ResponderRequest form)
    {
        Certified++;
        var request = CertificationRequest.Read(form.CertificationRequest);
        if (!request.IsSelfSigned)
            throw new InvalidOperationException("no proof of possession");
        var certificate = Issue(
            generations[form.Generation].Key, Name.Of(("C", "JP"), ("CN", "OCSP")), request.PublicKey,
            SerialNumber.Parse($"7000{Certified:X4}"), ResponderLife,
            Extensions.KeyUsage(KeyUsages.DigitalSignature), Extensions.ExtendedKeyUsage(Oids.OcspSigning),
            Extensions.OcspNoCheck());
        return new(certificate.Der.ToArray());
    }

    internal static Certificate Issue(RSA issuer, Name subject, PublicKey key, SerialNumber serial, TimeSpan life,
        params Extension[] extensions)
    {
        var now = TimeProvider.System.GetUtcNow();
        CertificateContent content = new()
        {
            Serial = serial,
            Algorithm = SignatureAlgorithm.Sha256WithRsa,
            Issuer = CaName,
            NotBefore = now.AddDays(-1),
            NotAfter = now + life,
            Subject = subject,
            PublicKey = key,
            Extensions = extensions,
        };
        return content.Sign(hash => issuer.SignHash(hash, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    private sealed record Generation(RSA Key, Certificate Certificate, byte[] Secret, SerialCipher Cipher);
}
