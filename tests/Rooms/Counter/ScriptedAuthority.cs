using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Jpki.Cps;
using Jpki.Forms;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Jpki.Tests.Rooms.Counter;

/// <summary>
/// An Authority no deeper than its door, which does as the test says: it checks signatures, issues, revokes, refuses,
/// errs, and can be away.
/// </summary>
internal sealed class ScriptedAuthority : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, object> answers = [];
    private readonly RSA key = RSA.Create(2048);
    private readonly X509Certificate2 self;
    private readonly int port = FreePort();
    private WebApplication? app;
    private int lastSerial = 0x0F;

    public ScriptedAuthority() => self = new CertificateRequest(
        "CN=Governor", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(
            new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2036, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public Uri Address => new($"http://127.0.0.1:{port}/");

    /// <summary>The terminals' certificates, which tell who signed.</summary>
    public Dictionary<string, X509Certificate2> Terminals { get; } = [];

    public Refusal? Refuses { get; set; }

    /// <summary>Has a line: come back in seven seconds.</summary>
    public bool IsBusy { get; set; }

    /// <summary>Does its work, and hangs up before it has answered.</summary>
    public bool LosesAnswers { get; set; }

    /// <summary>Answers with a certificate for somebody else's key.</summary>
    public bool MixesUpKeys { get; set; }

    /// <summary>Gives a number that it has given before.</summary>
    public bool RepeatsSerials { get; set; }

    /// <summary>Every notice that arrived, as often as it did.</summary>
    public ConcurrentQueue<object> Arrived { get; } = [];

    /// <summary>Every certificate it ever signed.</summary>
    public int Issued => answers.Values.OfType<IssuanceAnswer>().Count();

    public async Task Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Address.ToString());
        app = builder.Build();
        app.MapPost("/counters/issuance", (Delegate)((HttpContext http) =>
            Take<IssuanceNotice>(http, n => (n.NoticeId, n.Municipality), Issue)));
        app.MapPost("/counters/revocations", (Delegate)((HttpContext http) =>
            Take<RevocationNotice>(http, n => (n.NoticeId, n.Municipality), n =>
                Revoke(n.NoticeId, n.Serial, n.Reason, n.At))));
        app.MapPost("/counters/register-events", (Delegate)((HttpContext http) =>
            Take<RegisterEventNotice>(http, n => (n.NoticeId, n.Municipality), n => Revoke(n.NoticeId, n.Serial,
                n.Event == RegisterEventKind.AttributesChanged ? RevocationReason.AffiliationChanged
                    : RevocationReason.CessationOfOperation, n.At))));
        await app.StartAsync();
    }

    public async Task Stop()
    {
        if (app is null)
            return;
        await app.StopAsync();
        await app.DisposeAsync();
        app = null;
    }

    public async ValueTask DisposeAsync() => await Stop();

    private async Task<IResult> Take<T>(HttpContext http, Func<T, (string Id, string Municipality)> about, Func<T,
        object> act) where T : class
    {
        if (IsBusy)
        {
            http.Response.Headers.RetryAfter = "7";
            return Answers.Unavailable("busy");
        }
        var form = await http.Request.ReadFromJsonAsync<SignedForm>(FormJson.Options);
        var notice = Terminals.Values.Select(form!.Open<T>).First(n => n is not null)!;
        var (id, municipality) = about(notice);
        Assert(form.Open<T>(Terminals[municipality]) is not null);
        Arrived.Enqueue(notice);
        if (Refuses is { } refusal)
            return Answers.Refused(refusal);
        var answer = answers.GetOrAdd(id, _ => act(notice));
        if (LosesAnswers)
            http.Abort();
        return Results.Json(answer, FormJson.Options);
    }

    private IssuanceAnswer Issue(IssuanceNotice notice)
    {
        var request = CertificateRequest.LoadSigningRequest(notice.CertificationRequest, HashAlgorithmName.SHA256,
            CertificateRequestLoadOptions.Default, RSASignaturePadding.Pkcs1);
        using var other = RSA.Create(2048);
        CertificateRequest made = new(
            new X500DistinguishedName($"CN={notice.SubjectCommonName}"),
            MixesUpKeys ? new PublicKey(other) : request.PublicKey, HashAlgorithmName.SHA256);
        byte[] serial = [(byte)Interlocked.Add(ref lastSerial, RepeatsSerials ? 0 : 1), 0x01];
        var certificate = made.Create(self.SubjectName,
            X509SignatureGenerator.CreateForRSA(key, RSASignaturePadding.Pkcs1),
            notice.At.AddSeconds(-1), notice.At.AddYears(3), serial);
        return new()
        {
            NoticeId = notice.NoticeId,
            Serial = Convert.ToHexString(serial),
            Certificate = certificate.RawData,
            AuthorityCertificate = self.RawData,
        };
    }

    private static RevocationAnswer Revoke(string id, string serial, RevocationReason reason, DateTimeOffset at) =>
        new() { NoticeId = id, Serial = serial, Reason = reason, RevokedAt = at, FeedPosition = 1 };

    private static void Assert(bool isTrue) => Xunit.Assert.True(isTrue);

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
