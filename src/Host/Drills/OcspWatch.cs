using System.Diagnostics;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Jpki.Host.Commands;
using Jpki.X509;

namespace Jpki.Host.Drills;

/// <summary>What an admitted verifier heard.</summary>
/// <param name="Asked">How often it asked.</param>
/// <param name="Silent">How often it got no answer about the certificate.</param>
/// <param name="SlowestSeconds">The longest wait for an answer.</param>
/// <param name="RevokedAfterSeconds">
/// When it first heard that the governor's certificate is revoked; null if never.
/// </param>
internal sealed record OcspHearing(int Asked, int Silent, double SlowestSeconds, double? RevokedAfterSeconds);

/// <summary>
/// An admitted verifier who asks the OCSP node all the time what has become of the governor's own certificate.
/// </summary>
internal sealed class OcspWatch : IAsyncDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource stop = new();
    private readonly HttpClient door;
    private readonly byte[] question;
    private readonly Stopwatch clock = new();
    private Task asking = Task.CompletedTask;
    private int asked, silent;
    private double slowest;
    private double? revokedAfter;

    private OcspWatch(HttpClient door, byte[] question) => (this.door, this.question) = (door, question);

    public OcspHearing Heard => new(asked, silent, slowest, revokedAfter);

    /// <summary>The largest working set of this process since it began to ask.</summary>
    public long PeakMemory { get; private set; }

    /// <summary>Is admitted, and waits until the node has heard of that.</summary>
    public static async Task<OcspWatch> Open(SandboxClient sandbox)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var admitted = await new VerifierVisit(sandbox).BeAdmitted("訓練の署名検証者 drill", key);
        var identity = X509CertificateLoader.LoadCertificate(admitted.ClientCertificate).CopyWithPrivateKey(key);
        var governor = Certificate.Read(File.ReadAllBytes(sandbox.Endpoints.TrustAnchor));
        OcspWatch watch = new(
            sandbox.As(identity, sandbox.Endpoints.OcspTls),
            OcspRequest.Create([CertId.Of(
                HashAlgorithmName.SHA256, governor.Subject, governor.PublicKey, governor.Serial)]));
        while (await watch.Status() is null)
            await Task.Delay(Beat);
        return watch;
    }

    public void Begin()
    {
        clock.Start();
        asking = Ask();
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await asking;
        stop.Dispose();
    }

    private async Task Ask()
    {
        while (!stop.IsCancellationRequested)
        {
            var before = clock.Elapsed;
            var status = await Status();
            asked++;
            silent += status is null ? 1 : 0;
            slowest = Math.Max(slowest, (clock.Elapsed - before).TotalSeconds);
            if (status == CertStatus.Revoked)
                revokedAfter ??= clock.Elapsed.TotalSeconds;
            PeakMemory = Math.Max(PeakMemory, Environment.WorkingSet);
            await Task.Delay(Beat, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Null when there was no answer about it.</summary>
    private async Task<CertStatus?> Status()
    {
        try
        {
            using ByteArrayContent form = new(question);
            form.Headers.ContentType = new MediaTypeHeaderValue("application/ocsp-request");
            using var answer = await door.PostAsync(default(Uri), form);
            return answer.IsSuccessStatusCode
                && OcspResponse.Read(await answer.Content.ReadAsByteArrayAsync()).Basic is { Responses: [var about] }
                    ? about.Status
                    : null;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }
}
