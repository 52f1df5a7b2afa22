using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Jpki.Authority;
using Jpki.Authority.Cmp;
using Jpki.Card.Readers;
using Jpki.ControlRoom;
using Jpki.Counter;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Hsm;
using Jpki.Ledger;
using Jpki.Ocsp;
using Jpki.Repository;
using Jpki.Site;
using Jpki.Validation;
using Jpki.Verifiers;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Prometheus;

namespace Jpki.Host;

/// <summary>How each room is opened: its books, its neighbours' doors, its own door.</summary>
internal sealed partial class Prefecture
{
    /// <summary>After a compromise the lists are long, and examined one after the other.</summary>
    private static readonly TimeSpan LongestAct = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan LongestStep = RenewalTimes.Opens / 3;

    private async Task<Publisher> OpenAuthority(
        Doors doors, OperationsTrust trust, TlsIdentities identities, AuthorityRoom authority)
    {
        var identity = await identities.Door(CallerRole.Authority, "authority");
        var repository = Own(trust.ClientFor(identity, Https(ports.Repository)));
        repository.Timeout = LongestAct;
        var publisher = Own(new Publisher(authority, repository, clock));
        await doors.Open(
            new("authority", ports.Authority)
            {
                Certificate = identity,
                ClientCertificates = ClientCertificateMode.RequireCertificate,
                Record = authority.Record,
                Trouble = () => authority.Health.Reason ?? publisher.Trouble,
            },
            door =>
            {
                door.MapAuthority(authority, publisher);
                door.MapCmp(authority, () => identity.Current, random);
            });
        progress("失効記録を発行しています / issuing CRLs");
        await publisher.DoWhatIsDue(stop.Token);
        Loop(publisher.Run);
        return publisher;
    }

    private async Task OpenRepository(Doors doors, OperationsTrust trust, TlsIdentities identities)
    {
        var identity = await identities.Door(CallerRole.Repository, "repository");
        var log = await OpenLog("repository");
        Shelves shelves = Own(new Shelves(Folder("repository"), names, log.Append, clock));
        AdmissionFollower admissions = new(Own(trust.ClientFor(identity, Https(ports.Verifiers))));
        LdapSettings settings = new()
        {
            Tls = new SslServerAuthenticationOptions
            {
                ServerCertificateSelectionCallback = (_, _) => identity.Current,
            },
        };
        var ldap = Own(new LdapServer(shelves, () => admissions.Current, settings, TimeProvider.System));
        await doors.OpenRaw(new("ldap", ports.Ldap), ldap.OnConnectedAsync);
        await doors.OpenRaw(new("ldaps", ports.Ldaps) { Certificate = identity }, ldap.OnConnectedAsync);
        await doors.Open(
            new("repository", ports.Repository)
            {
                Certificate = identity,
                ClientCertificates = ClientCertificateMode.RequireCertificate,
                Record = log.Append,
                Trouble = () => shelves.Trouble,
            },
            door => door.MapRepository(shelves));
        Loop(admissions.Run);
    }

    private async Task OpenVerifiers(Doors doors, OperationsTrust trust, TlsIdentities identities)
    {
        var identity = await identities.Door(CallerRole.Verifiers, "verifiers");
        var room = Own(await VerifiersRoom.Open(
            Folder("verifiers"), Database("verifiers"), Own(trust.ClientFor(identity, Https(ports.Authority))),
            $"ou=Verifiers,{names.Operations}", clock, random));
        logs.Add("verifiers", room.Log);
        await doors.Open(
            new("verifiers", ports.Verifiers)
            {
                Certificate = identity,
                ClientCertificates = ClientCertificateMode.AllowCertificate,
                Record = room.Record,
                Trouble = () => room.Health.Reason,
            },
            door => door.MapVerifiers(room));
    }

    private async Task OpenOcsp(Doors doors, OperationsTrust trust, TlsIdentities identities)
    {
        var identity = await identities.Door(CallerRole.OcspNode, "ocsp-1");
        var log = await OpenLog("ocsp");
        AdmissionFollower admissions = new(Own(trust.ClientFor(identity, Https(ports.Verifiers))));
        var authority = Own(trust.ClientFor(identity, Https(ports.Authority)));
        authority.Timeout = Timeout.InfiniteTimeSpan;         // The feed has no end.
        Responder responder = new(new()
        {
            Authority = authority,
            Hsm = Own(HsmLocation.Software.Open(Folder("ocsp/keys"))),
            Folder = Folder("ocsp"),
            NodeName = X509.Name.Of(("CN", "ocsp-1")),
            Admissions = () => admissions.Current,
            IsEnded = trust.IsEnded,
            Record = log.Append,
            Clock = clock,
        });
        string? Trouble() => responder.Health is { IsAnswering: false } ill ? string.Join("; ", ill.Troubles) : null;
        string? Remark() => responder.Health.Troubles is { Count: > 0 } troubles ? string.Join("; ", troubles) : null;
        await doors.Open(
            new("ocsp", ports.Ocsp) { Trouble = Trouble, Remark = Remark }, door => door.MapOcsp(responder));
        await doors.Open(
            new("ocsp (TLS)", ports.OcspTls)
            {
                Certificate = identity,
                ClientCertificates = ClientCertificateMode.RequireCertificate,
                Trouble = Trouble,
                Remark = Remark,
                Facts = health => health with { FeedPosition = responder.Health.Position },
            },
            door => door.MapOcsp(responder));
        Loop(admissions.Run);
        Loop(responder.Run);
        progress("OCSP レスポンダを待っています / waiting for the OCSP responder");
        while (Trouble() is not null)
            await Task.Delay(20, stop.Token);
    }

    private async Task OpenCounter(
        Doors doors, OperationsTrust trust, TlsIdentities identities, IReadOnlyList<OfficerLogin> officers)
    {
        var identity = await identities.Door(CallerRole.Counter, "counter");
        var terminals = (await Task.WhenAll(Municipalities.All.Select(async m =>
        {
            var id = m.Code5 + "T001";
            return (Id: id, Identity: await identities.Client(CallerRole.Terminal, id));
        }))).ToDictionary(t => t.Id[..5]);
        var clients = terminals.ToDictionary(
            t => t.Key, t =>
                new Lazy<HttpClient>(() => Own(trust.ClientFor(t.Value.Identity, Https(ports.Authority)))));
        var store = OpenStore("counter", typeof(CounterRoom));
        var desks = terminals.ToDictionary(
            t => t.Key, t => new Terminal(t.Value.Id, Own(t.Value.Identity.Current.GetECDsaPrivateKey()!)));
        CounterRoom room = new(store, desks, municipality => clients[municipality].Value, clock, random, new()
        {
            CardsFolder = Folder("counter/cards"),
            Policy = site.CryptoPolicy,
            Prefecture = names.Prefecture,
            CardReader = site.CardReader is { } reader ? () => PcscReader.Open(reader) : null,
            AllowsP256 = true,
            Print = Commands.Printer.Pdf,
            PasswordLife = null,                              // The sandbox's clock may be moved by years.
        });
        Task RecordAtCounter(LedgerEvent happened) => store.Write(tx => tx.Record(happened));
        await RecordAtCounter(new("start", clock.GetUtcNow(), "ok", "counter"));              // CPS 4-11-9
        var register = site.RegisterSource;
        await register.BringUpToDate(room);
        await AddMissing(room, officers);
        logs.Add("counter", store.Log);
        await doors.Open(
            new("counter", ports.Counter)
            {
                Certificate = identity,
                HasPages = true,
                Record = RecordAtCounter,
                Trouble = () => room.Health.Reason,
                Facts = health => health with { Waiting = room.Waiting, WaitingSince = room.WaitingSince },
            },
            door => door.MapCounter(room));
        Loop(room.Run);
        if (register.Interval is not null)
            Loop(stopping => room.Follow(register, stopping));
    }

    /// <summary>The books of a room that is given them, with a sealed log of its own.</summary>
    private Store OpenStore(string room, Type main) => Own(Store.Open(new()
    {
        Location = Database(room),
        Room = room,
        Assembly = main.Assembly,
        LogKey = Own(LogKey.OpenOrCreate(Path.Combine(Folder(room), "log.key"), $"{room}.jpki-test", random)),
        Time = clock,
    }));

    /// <summary>All of them at the first start; after a crash in its middle, the rest.</summary>
    private async Task AddMissing(CounterRoom room, IReadOnlyList<OfficerLogin> officers)
    {
        var known = room.LogIns.Known();
        var missing = officers.Where(o => o.Municipality is not null && !known.Contains(o.Id)).ToList();
        if (missing.Count == 0)
            return;
        progress("窓口の職員を登録しています / adding counter officers");
        await Parallel.ForEachAsync(
            missing, async (officer, _) => await room.AddOfficer(officer.Id, officer.Municipality!, officer.Password));
    }

    private async Task OpenControlRoom(
        Doors doors, OperationsTrust trust, TlsIdentities identities, IReadOnlyList<OfficerLogin> officers)
    {
        var identity = await identities.Door(CallerRole.ControlRoom, "control-room");
        var store = OpenStore("control", typeof(OperatorsConsole));
        var authority = Own(trust.ClientFor(identity, Https(ports.Authority)));
        authority.Timeout = LongestAct;
        var console = Own(new OperatorsConsole(new()
        {
            Store = store,
            Authority = authority,
            Verifiers = Own(trust.ClientFor(identity, Https(ports.Verifiers))),
            Signer = Own(identity.Current.GetECDsaPrivateKey()!),
            Clock = clock,
            Random = random,
            // The sandbox's clock may be moved by years.
            Officers = site.Officers is null ? new() { PasswordLife = null } : new(),
            Rooms = Watched(trust, identity),
            Logs = LogPlaces(),
        }));
        Task RecordAtConsole(LedgerEvent happened) => store.Write(tx => tx.Record(happened));
        await RecordAtConsole(new("start", clock.GetUtcNow(), "ok", "control room"));         // CPS 4-11-9
        logs.Add("control", store.Log);
        await doors.Open(
            new("control room", ports.ControlRoom)
            {
                Certificate = identity,
                // Who enrols has none yet; every other route asks for one.
                ClientCertificates = ClientCertificateMode.AllowCertificate,
                HasPages = true,
                Record = RecordAtConsole,
                Trouble = () => console.Health.Reason,
            },
            door => door.MapControlRoom(console));
        await BringInOfficers(console, trust, officers);
    }

    /// <summary>
    /// The site's first officers get their codes by letter; the sandbox's come at once, by the same door.
    /// </summary>
    private async Task BringInOfficers(
        OperatorsConsole console, OperationsTrust trust, IReadOnlyList<OfficerLogin> officers)
    {
        var missing = officers.Where(o => o.Certificate is { } file && !File.Exists(file)).ToDictionary(o => o.Id);
        var first = site.Officers is { } file
            ? console.Officers.Count == 0 ? FirstOfficers.Read(file) : []
            : [.. FirstOfficers.OfSandbox.Where(o => missing.ContainsKey(o.Id))];
        if (first.IsEmpty)
            return;
        if ((await console.Enrolment.Bootstrap(first)).IsRefused(out var refusal, out var codes))
            throw new BrokenException($"the first officers cannot come: {refusal.Reason} ({refusal.Clause})");
        if (site.Officers is not null)
        {
            FirstOfficers.WriteLetters(Path.Combine(data, "letters"), codes);
            progress($"初期登録コードを {data}/letters に置きました / one-time codes for the first officers are there");
            return;
        }
        progress("要員を登録しています / the officers enrol");
        using var door = trust.ClientFor(null, Https(ports.ControlRoom));
        await Parallel.ForEachAsync(
            missing.Values, async (officer, _) => await SandboxOfficers.Enrol(door, officer, codes[officer.Id]));
    }

    private async Task OpenValidation(
        Doors doors, OperationsTrust trust, TlsIdentities identities, AuthorityRoom authority)
    {
        var identity = await identities.Door(CallerRole.ValidationServer, "validation-1");
        var log = await OpenLog("validation");
        AnswerSigner signer = new(new()
        {
            Authority = Own(trust.ClientFor(identity, Https(ports.Authority))),
            Hsm = Own(HsmLocation.Software.Open(Folder("validation/keys"))),
            Folder = Folder("validation"),
            ServerName = X509.Name.Of(("CN", "validation-1")),
            Clock = clock,
        });
        ValidationRoom room = Own(new ValidationRoom(new()
        {
            Anchors = () => authority.TrustAnchors,
            Limits = new()
            {
                Hosts = new HashSet<string>(
                [
                    $"{site.Address}:{ports.Ldap}", $"{site.Address}:{ports.Site}", .. site.ValidationHosts,
                    .. OutsideHosts,
                ]),
                Directory = new($"ldap://{site.Address}:{ports.Ldap}"),
                Directories = [.. site.ReadValidationDirectories(), .. OutsideDirectories],
            },
            Record = log.Append,
            Clock = clock,
            Signer = signer,
        }));
        await doors.Open(
            new("validation", ports.Validation)
            {
                Record = log.Append,
                MaxBodyBytes = Validation.Door.MaxBodyOctets,
                Trouble = () => room.Trouble,
                Remark = () => signer.Trouble,
            },
            door => door.MapValidation(room));
        Loop(signer.Run);
    }

    private Task OpenSite(Doors doors, AuthorityRoom authority) => doors.Open(
        new("site", ports.Site) { HasPages = true },
        door => door.MapSite(new()
        {
            Names = names,
            Policy = site.CryptoPolicy,
            Certificates = () => [.. authority.TrustAnchors.Reverse()],
            TlsAuthority = () => authority.Operations.Anchor,
            TlsRevocations = () => authority.Operations.Crls.Newest,
            Checkpoint = () => authority.Log.Checkpoint,
            Notices = () => authority.Compromises.Notices,
            Doors = new()
            {
                Site = Endpoints.Site,
                Counter = Endpoints.Counter,
                ControlRoom = Endpoints.ControlRoom,
                Ocsp = Endpoints.Ocsp,
                Ldap = Endpoints.Ldap,
                Ldaps = Endpoints.Ldaps,
            },
        }));

    /// <summary>
    /// The sandbox's own door: metrics for everybody; the clock, and the sealed logs as C2SP tiles, for who has the
    /// token.
    /// </summary>
    private Task OpenWatch(
        Doors doors, Publisher publisher, AuthorityRoom authority, Func<Task> renew) => doors.Open(
        new("metrics", ports.Watch),
        door =>
        {
            door.MapMetrics();
            MapOutside(door, doors, authority);
            door.MapGet("/logs/{token}/{room}/{**path}", (string token, string room, string path) =>
                IsSandboxToken(token) && logs.GetValueOrDefault(room)?.Resource(path) is { } resource
                    ? Results.Bytes(resource)
                    : Results.NotFound());
            door.MapGet("/clock", (HttpContext http) => IsSandboxToken(http)
                ? Results.Json(new Commands.ClockAnswer(clock.GetUtcNow()), FormJson.Options)
                : Results.Unauthorized());
            door.MapPost("/clock", async (Commands.ClockOrder order, HttpContext http) =>
            {
                if (!IsSandboxToken(http))
                    return Results.Unauthorized();
                if (order.Seconds is not (>= 0 and <= 50 * 366 * 86400.0))
                    return Answers.Malformed("seconds: between 0 and 50 years");
                await Advance(TimeSpan.FromSeconds(order.Seconds), renew);
                await publisher.DoWhatIsDue(http.RequestAborted);
                return Results.Json(new Commands.ClockAnswer(clock.GetUtcNow()), FormJson.Options);
            });
        });

    /// <summary>In steps, so that nothing on the inner network ends before it could be renewed.</summary>
    private async Task Advance(TimeSpan by, Func<Task> renew)
    {
        for (var left = by; left > TimeSpan.Zero; left -= LongestStep)
        {
            clock.Advance(left < LongestStep ? left : LongestStep);
            await renew();
        }
    }

    private bool IsSandboxToken(HttpContext http) =>
        http.Request.Headers.Authorization.ToString() is ['B', 'e', 'a', 'r', 'e', 'r', ' ', .. var token]
        && IsSandboxToken(token);

    private bool IsSandboxToken(string token) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(Endpoints.SandboxToken));
}
