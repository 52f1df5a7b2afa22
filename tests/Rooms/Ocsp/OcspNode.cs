using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Jpki.Forms;
using Jpki.Hsm;
using Jpki.Ledger;
using Jpki.Ocsp;
using Jpki.X509;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;
using Xunit;
using PublicKey = Jpki.X509.PublicKey;

namespace Jpki.Tests.Rooms.Ocsp;

/// <summary>A real responder on a free port, an admitted verifier, a stranger, and the Authority it hears.</summary>
internal sealed class OcspNode : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly List<LedgerEvent> events = [];
    private WebApplication app = null!;
    private Task running = Task.CompletedTask;

    private OcspNode(FeedAuthority authority) => Authority = authority;

    public static Asker Stranger => new("192.0.2.1", null);

    public FeedAuthority Authority { get; }

    public Responder Responder { get; private set; } = null!;

    public Party Verifier { get; } = Party.New("bank");

    public Party Outsider { get; } = Party.New("nosy");

    public Asker Admitted => new("192.0.2.2", Verifier.Sha256);

    public AdmissionList Admissions { get; set; } = new(0, []);

    /// <summary>A real log, when a test is about the log.</summary>
    public FileLog? Log { get; set; }

    public bool LogIsBroken { get; set; }

    public string Folder { get; } = Directory.CreateTempSubdirectory("jpki-ocsp-").FullName;

    public string Url => app.Urls.First(u => u.StartsWith("http:", StringComparison.Ordinal)) + "/ocsp";

    /// <summary>The same door, for callers with a client certificate.</summary>
    public string TlsUrl => app.Urls.First(u => u.StartsWith("https:", StringComparison.Ordinal)) + "/ocsp";

    public IReadOnlyList<LedgerEvent> Events
    {
        get
        {
            lock (events)
                return [.. events];
        }
    }

    public static async Task<OcspNode> Start(TimeSpan? silenceLimit = null, KeySpec keySpec = KeySpec.EcP256)
    {
        OcspNode node = new(await FeedAuthority.Start());
        await node.Open(node.Parts(silenceLimit ?? TimeSpan.FromSeconds(30)) with { KeySpec = keySpec });
        await Until(() => node.Responder.Health.IsAnswering, () => string.Join("; ", node.Responder.Health.Troubles));
        return node;
    }

    public ResponderParts Parts(TimeSpan silenceLimit) => new()
    {
        Authority = Authority.Client,
        Hsm = new SoftwareHsm(Path.Combine(Folder, "keys")),
        Folder = Folder,
        NodeName = Name.Of(("C", "JP"), ("O", "JPKI-TEST"), ("CN", "ocsp-1")),
        Admissions = () => Admissions,
        Record = Record,
        Clock = TimeProvider.System,
        KeySpec = KeySpec.EcP256,
        SilenceLimit = silenceLimit,
    };

    public CertId Id(long counter, int generation = 1) => CertId.Of(
        HashAlgorithmName.SHA1, FeedAuthority.CaName, Authority.CaCertificate(generation).PublicKey,
        Authority.Serial(counter, generation));

    public async Task<OcspResponse> Ask(Asker asker, params CertId[] certIds) =>
        OcspResponse.Read(await Responder.Answer(OcspRequest.Create(certIds), asker));

    public async Task<SingleResponse> AskOne(CertId certId) => (await Ask(Admitted, certId)).Basic!.Responses.Single();

    /// <summary>Waits until the node has read everything the Authority has said so far.</summary>
    public Task Heard(long position) =>
        Until(() => Responder.Health is { IsAnswering: true } health && health.Position >= position);

    public static async Task Until(Func<bool> isSo, Func<string>? why = null)
    {
        var start = Stopwatch.StartNew();
        while (!isSo())
        {
            Assert.True(start.Elapsed < TimeSpan.FromSeconds(10), $"waited in vain {why?.Invoke()}");
            await Task.Delay(2);
        }
    }

    public string PathOf(string name, string pem)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, pem);
        return path;
    }

    public static string Pem(Certificate certificate) => PemEncoding.WriteString("CERTIFICATE", certificate.Der.Span);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        await app.DisposeAsync();
        await Authority.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
        stop.Dispose();
    }

    private async Task Open(ResponderParts parts)
    {
        Admissions = new(1, [Verifier.Admission]);
        Responder = new(parts);
        running = Responder.Run(stop.Token);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
            {
                https.ServerCertificate = Party.New("ocsp-1").ForTls;
                https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                https.AllowAnyClientCertificate();
            }));
        });
        app = builder.Build();
        app.MapOcsp(Responder);
        await app.StartAsync();
    }

    private Task Record(LedgerEvent happened)
    {
        lock (events)
            events.Add(happened);
        return LogIsBroken
            ? Task.FromException(new IOException("disk full"))
            : Log?.Append(happened) ?? Task.CompletedTask;
    }

    /// <summary>Somebody with a key and a certificate of the operations CA.</summary>
    internal sealed record Party(string Id, RSA Key, Certificate Certificate)
    {
        public string Sha256 => Convert.ToHexString(SHA256.HashData(Certificate.Der.Span));

        public Admission Admission => new()
        {
            Id = Id,
            Name = Id,
            ClientCertificateSha256 = Sha256,
            LdapDn = "",
            LdapPasswordHash = "",
        };

        public OcspRequestor Requestor => new(
            Certificate.Subject, SignatureAlgorithm.Sha256WithRsa,
            hash => Key.SignHash(hash, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), [Certificate.Der]);

        public X509Certificate2 ForTls
        {
            get
            {
                using var bare = X509CertificateLoader.LoadCertificate(Certificate.Der.Span);
                return bare.CopyWithPrivateKey(Key);
            }
        }

        public static Party New(string id, TimeSpan? life = null)
        {
            var key = FeedAuthority.Keys.GetOrAdd(id, _ => RSA.Create(2048));
            var subject = Name.Parse($"CN={id},OU=Verifier,OU=Operations,O=JPKI-TEST,C=JP");
            return new(id, key, FeedAuthority.Issue(
                key, subject, PublicKey.From(key), SerialNumber.Parse("05"), life ?? TimeSpan.FromDays(30)));
        }
    }
}
