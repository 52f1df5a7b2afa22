using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Jpki.Authority;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Hsm;
using Jpki.Ledger;

namespace Jpki.Host;

/// <summary>
/// A whole prefecture in one process: every room, wired by hand in the order in which they need each other. Rooms know
/// each other only by the doors that are given to them here.
/// </summary>
internal sealed partial class Prefecture : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly Stack<object> owned = new();
    private readonly Dictionary<string, LogReader> logs = [];
    private readonly List<Task> loops = [];
    private readonly string data;
    private readonly SiteFile site;
    private readonly PrefectureNames names;
    private readonly SandboxClock clock;
    private readonly RandomNumberGenerator random;
    private readonly Ports ports;
    private readonly Action<string> progress;

    private Prefecture(
        string data, SiteFile site, SandboxClock clock, RandomNumberGenerator random, Action<string> progress)
    {
        (this.data, this.site, this.clock, this.random, this.progress) = (data, site, clock, random, progress);
        (names, ports) = (site.PrefectureNames, new(site.Port));
    }

    public Endpoints Endpoints { get; private set; } = null!;

    /// <summary>Ends, with its exception, when a loop that must not end has died.</summary>
    public Task Broken => Task.WhenAny(loops).Unwrap();

    /// <exception cref="BrokenException">A port is in use.</exception>
    /// <exception cref="UsageException">The site's file asks for something that cannot be.</exception>
    public static async Task<Prefecture> Open(
        string data, SiteFile site, SandboxClock clock, RandomNumberGenerator random, Action<string> progress)
    {
        Prefecture prefecture = new(data, site, clock, random, progress);
        try
        {
            await prefecture.OpenEverything();
            return prefecture;
        }
        catch
        {
            await prefecture.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(loops).ContinueWith(static _ => { }, TaskScheduler.Default);
        while (owned.TryPop(out var thing))
        {
            if (thing is IAsyncDisposable closing)
                await closing.DisposeAsync();
            else
                (thing as IDisposable)?.Dispose();
        }
        outsideGate.Dispose();
        stop.Dispose();
    }

    private async Task OpenEverything()
    {
        if (site.CryptoPolicy.IsLiteral)
            WarnOfLiteralPolicy();
        progress("鍵と帳簿を開いています / opening keys and books");
        var hsm = Own(site.HsmLocation.Open(Folder("authority/keys")));
        var opened = await AuthorityRoom.Open(new()
        {
            Folder = Folder("authority"),
            Database = Database("authority"),
            Hsm = hsm,
            OperationsHsm = site.OperationsHsmLocation == site.HsmLocation
                ? hsm : Own(site.OperationsHsmLocation.Open(Folder("authority/keys"))),
            OperationsCrlUri = TlsCrlUri,
            Names = names,
            Clock = clock,
            Random = random,
            Policy = site.CryptoPolicy,
            Governor = site.GovernorAlgorithm,
            WeakKeys = site.ReadWeakKeys(),
            Choices = site.Profiles,
        });
        if (opened.IsRefused(out var no, out var authority))
            throw new RefusedException(no);
        Own(authority);
        logs.Add("authority", authority.Log);
        TlsIdentities identities = new(Folder("tls"), authority.Operations, Hosts());
        WriteAnchors(authority);
        OperationsTrust trust = new(
            X509CertificateLoader.LoadCertificate(authority.Operations.Anchor.Der.Span), clock,
            authority.Operations.ObjectionTo);
        var doors = Own(new Doors(site.ListenAddress, trust, clock));
        var officers = SandboxOfficers.Open(
            Path.Combine(data, "officers.json"), withOperators: site.Officers is null, identities, random);

        await OpenRepository(doors, trust, identities);
        var publisher = await OpenAuthority(doors, trust, identities, authority);
        await OpenVerifiers(doors, trust, identities);
        await OpenOcsp(doors, trust, identities);
        await OpenCounter(doors, trust, identities, officers);
        await OpenControlRoom(doors, trust, identities, officers);
        await OpenValidation(doors, trust, identities, authority);
        Endpoints = WriteEndpoints(officers);
        await OpenSite(doors, authority);
        Task Renew() => identities.RenewDue(trust, Https(ports.Authority), clock.GetUtcNow(), stop.Token);
        await Renew();
        Loop(stopping => identities.KeepAlive(trust, Https(ports.Authority), clock, stopping));
        await OpenWatch(doors, publisher, authority, Renew);
        await OpenOutside(doors);
    }

    private void WarnOfLiteralPolicy()
    {
        progress("########################################################################");
        progress($"警告: 方針 {CryptoPolicy.Literal.Name}。RSA 1024 ビットと SHA-1 を認めます。どちらも破られています。");
        progress($"WARNING: policy {CryptoPolicy.Literal.Name} lets residents have RSA of 1024 bits and the governor");
        progress("sign with SHA-1. Both are broken. Nobody may rely on what is issued here.");
        progress("########################################################################");
    }

    private T Own<T>(T thing) where T : class
    {
        owned.Push(thing);
        return thing;
    }

    private void Loop(Func<CancellationToken, Task> run) => loops.Add(Task.Run(() => run(stop.Token)));

    private string Folder(string name)
    {
        var folder = Path.Combine(data, name);
        SecretFile.CreateFolder(folder);
        return folder;
    }

    private string Database(string room) =>
        site.Database == "sqlite" ? Path.Combine(Folder(room), "store.db") : site.Database;

    /// <summary>The log of a room that has no store; like every room's, it tells of each start. (CPS 4-11-9)</summary>
    private async Task<FileLog> OpenLog(string room)
    {
        var key = Own(LogKey.OpenOrCreate(Path.Combine(Folder(room), "log.key"), $"{room}.jpki-test", random));
        var log = Own(FileLog.Open(Path.Combine(Folder(room), "log.frames"), key));
        logs.Add(room, log.Log);
        await log.Append(new("start", clock.GetUtcNow(), "ok", room));
        return log;
    }

    private Uri Https(int port) => new($"https://{site.Address}:{port}/");

    private List<string> Hosts() => ["localhost", Environment.MachineName, "127.0.0.1", "::1", .. Extra()];

    private IEnumerable<string> Extra() => site.Address is "127.0.0.1" or "0.0.0.0" or "::" ? [] : [site.Address];

    private void WriteAnchors(AuthorityRoom authority)
    {
        File.WriteAllBytes(TrustAnchorFile, authority.Governor.TrustAnchor.Der.ToArray());
        File.WriteAllText(
            TlsAnchorFile, PemEncoding.WriteString("CERTIFICATE", authority.Operations.Anchor.Der.Span) + "\n");
    }

    private string TrustAnchorFile => Path.Combine(data, "ca.cer");

    private string TlsCrlUri => $"http://{site.Address}:{ports.Site}/tls-ca.crl";

    private string TlsAnchorFile => Path.Combine(data, "tls-ca.pem");

    private Endpoints WriteEndpoints(IReadOnlyList<OfficerLogin> officers)
    {
        var host = site.Address;
        var token = new byte[16];
        random.GetBytes(token);
        Endpoints endpoints = new()
        {
            Site = $"http://{host}:{ports.Site}",
            Counter = $"https://{host}:{ports.Counter}",
            ControlRoom = $"https://{host}:{ports.ControlRoom}",
            Authority = $"https://{host}:{ports.Authority}",
            Ocsp = $"http://{host}:{ports.Ocsp}/ocsp",
            OcspTls = $"https://{host}:{ports.OcspTls}/ocsp",
            Ldap = $"ldap://{host}:{ports.Ldap}",
            Ldaps = $"ldaps://{host}:{ports.Ldaps}",
            Verifiers = $"https://{host}:{ports.Verifiers}",
            Validation = $"http://{host}:{ports.Validation}",
            Metrics = $"http://{host}:{ports.Watch}/metrics",
            Sandbox = $"http://{host}:{ports.Watch}",
            SandboxToken = Convert.ToHexStringLower(token),
            TrustAnchor = TrustAnchorFile,
            TlsAnchor = TlsAnchorFile,
            TlsCrl = TlsCrlUri,
            Logs = [.. logs.Keys.Order(StringComparer.Ordinal).Select(room => new LogPlace(
                room, Path.Combine(data, room), Path.Combine(data, room, "log.pub"),
                $"http://{host}:{ports.Watch}/logs/{Convert.ToHexStringLower(token)}/{room}"))],
            Officers = officers,
        };
        SecretFile.Write(
            Path.Combine(data, Endpoints.FileName), JsonSerializer.SerializeToUtf8Bytes(endpoints, FormJson.Indented));
        return endpoints;
    }
}
