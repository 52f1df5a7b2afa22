using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Hsm;
using Jpki.Ledger;
using Jpki.Repository;
using Jpki.X509;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Jpki.Tests.Rooms.Repository;

/// <summary>A Repository on loopback ports of its own, with one admitted verifier, and whoever asks it.</summary>
internal sealed class DirectoryRoom : IAsyncDisposable
{
    internal const string VerifierDn = "cn=V00001,ou=Verifiers,ou=Operations,o=JPKI-TEST,c=JP";
    internal const string Password = "correct horse battery";
    internal const string AuthorityDn = "ou=The Governor of Saitama Prefecture,ou=Saitama Prefecture,o=JPKI-TEST,c=JP";
    internal const string KawagoeDn =
        "cn=Kawagoe-shi CRLDP,ou=Saitama-ken,ou=CRL Distribution Points,ou=Saitama Prefecture,o=JPKI-TEST,c=JP";

    private static readonly string PasswordHashed = PasswordHash.Create(Password, RandomNumberGenerator.Create());

    private readonly X509Certificate2 serverCertificate = SelfSigned("CN=localhost");
    private WebApplication? host;
    private LdapServer? server;

    private DirectoryRoom(DirectoryLimits? limits)
    {
        Clock.SetUtcNow(TestPki.Start.AddHours(1));
        Admissions = new(1, [AdmissionOf("V00001", VerifierDn)]);
        Limits = limits ?? new();
        Shelves = OpenShelves();
        CaFile = Scratch.WritePem("tls.pem", "CERTIFICATE", serverCertificate.RawData);
    }

    internal ScratchFolder Scratch { get; } = new();

    internal TestPki Pki { get; } = new(TestKey.P256());

    internal FakeTimeProvider Clock { get; } = new();

    internal ConcurrentQueue<LedgerEvent> Log { get; } = [];

    /// <summary>Set to make the log fail.</summary>
    internal bool LogIsBroken { get; set; }

    internal AdmissionList Admissions { get; set; }

    internal X509Certificate2 VerifierCertificate { get; } = SelfSigned("CN=V00001");

    internal DirectoryLimits Limits { get; }

    internal Shelves Shelves { get; }

    internal string CaFile { get; }

    internal int LdapPort { get; private set; }

    internal int LdapsPort { get; private set; }

    internal static async Task<DirectoryRoom> Open(DirectoryLimits? limits = null, bool isPublished = true)
    {
        DirectoryRoom room = new(limits);
        if (isPublished)
            await room.Shelves.Publish([room.Pki.Certificate.Der.ToArray()], [room.Crl(1), room.Arl(1)]);
        room.Log.Clear();
        await room.Listen();
        return room;
    }

    /// <summary>The shelves on this room's folder, as a restart would find them.</summary>
    internal Shelves OpenShelves() =>
        new(Path.Combine(Scratch.Root, "repository"), PrefectureNames.Sandbox, Append, Clock, Limits);

    internal byte[] Crl(int number, params RevokedEntry[] entries) =>
        List(number, TestPki.CrldpName, isForAuthorities: false, entries);

    internal byte[] Arl(int number) => List(number, TestPki.CaName, isForAuthorities: true);

    internal byte[] List(int number, Name point, bool isForAuthorities, params RevokedEntry[] entries) =>
        (Pki.CrlContent() with
        {
            Extensions =
        [
            Pki.AuthorityKeyIdentifier,
            Extensions.CrlNumber(number),
            Extensions.IssuingDistributionPoint(new(DistributionPointName.Of(point))
            {
                OnlyContainsUserCerts = !isForAuthorities,
                OnlyContainsCaCerts = isForAuthorities,
            }),
        ],
        }).Sign(entries, Pki.Key.SignHash).Der.ToArray();

    internal string Ldap => $"ldap://127.0.0.1:{LdapPort}";

    internal string Ldaps => $"ldaps://127.0.0.1:{LdapsPort}";

    /// <summary>Runs one of the ldap-utils, which trusts this server's certificate.</summary>
    internal ToolAnswer Run(string program, params string[] arguments) =>
        Tool.Run("env", [$"LDAPTLS_CACERT={CaFile}", "LDAPCONF=/dev/null", .. Variables, program, .. arguments]);

    /// <summary>More of the environment for <see cref="Run"/>.</summary>
    internal List<string> Variables { get; } = [];

    /// <summary>ldapsearch over StartTLS, anonymous unless the arguments say otherwise.</summary>
    internal ToolAnswer Search(params string[] arguments) =>
        Run("ldapsearch", ["-x", "-ZZ", "-LLL", "-o", "ldif-wrap=no", "-H", Ldap, .. arguments]);

    internal ToolAnswer SearchAsVerifier(params string[] arguments) =>
        Search(["-D", VerifierDn, "-w", Password, .. arguments]);

    public async ValueTask DisposeAsync()
    {
        if (host is not null)
            await host.DisposeAsync();
        server?.Dispose();
        Shelves.Dispose();
        serverCertificate.Dispose();
        VerifierCertificate.Dispose();
        Pki.Dispose();
        Scratch.Dispose();
    }

    private Task Append(LedgerEvent entry)
    {
        if (LogIsBroken)
            throw new IOException("disk full");
        Log.Enqueue(entry);
        return Task.CompletedTask;
    }

    private Admission AdmissionOf(string id, string dn) => new()
    {
        Id = id,
        Name = "A verifier",
        ClientCertificateSha256 = VerifierCertificate.GetCertHashString(HashAlgorithmName.SHA256),
        LdapDn = dn,
        LdapPasswordHash = PasswordHashed,
    };

    private async Task Listen()
    {
        LdapSettings settings = new()
        {
            Limits = Limits,
            Tls = new SslServerAuthenticationOptions { ServerCertificate = serverCertificate },
        };
        server = new(Shelves, () => Admissions, settings, TimeProvider.System);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Use(_ => server.OnConnectedAsync));
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen
                .UseHttps(new HttpsConnectionAdapterOptions
                {
                    ServerCertificate = serverCertificate,
                    ClientCertificateMode = ClientCertificateMode.AllowCertificate,
                    ClientCertificateValidation = (_, _, _) => true,
                })
                .Use(_ => server.OnConnectedAsync));
        });
        host = builder.Build();
        await host.StartAsync();
        var ports = host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
            .Select(a => new Uri(a).Port).ToArray();
        (LdapPort, LdapsPort) = (ports[0], ports[1]);
    }

    private static X509Certificate2 SelfSigned(string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(subject, key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        // GnuTLS trusts CAs only
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow()
            .AddDays(1));
    }
}
