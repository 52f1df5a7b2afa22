using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Dapper;
using Jpki.Authority;
using Jpki.ControlRoom;
using Jpki.ControlRoom.Acts;
using Jpki.ControlRoom.Officers;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Host;
using Jpki.Ledger;
using Jpki.Tests.Rooms.Authority;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Jpki.Tests.Rooms.ControlRoom;

/// <summary>
/// The control room with its books in a folder of its own, in front of the real Authority's door, with officers who
/// have enrolled and a clock that stands still.
/// </summary>
internal sealed class ConsoleHouse : IAsyncDisposable
{
    public const string Password = "correct horse battery";

    private readonly ScratchFolder folder = new();
    private readonly RandomNumberGenerator random = RandomNumberGenerator.Create();
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly Dictionary<string, Caller> callers = [];
    private WebApplication? door;
    private HttpClient? client;
    private Store store = null!;
    private LogKey logKey = null!;

    public AuthorityHouse Authority { get; private set; } = null!;

    private OfficerOptions Options { get; init; } = new();

    public FakeTimeProvider Clock => Authority.Clock;

    public OperatorsConsole Console { get; private set; } = null!;

    /// <summary>The Authority does its work, and hangs up before it has answered.</summary>
    public bool LosesAnswers { get; set; }

    /// <summary>The control room as the Authority's door sees it.</summary>
    public Caller Self { get; private set; } = null!;

    public static Task<ConsoleHouse> Open(params string[] officers) => Open(new OfficerOptions(), officers);

    /// <summary>Where years pass, passwords do not end.</summary>
    public static Task<ConsoleHouse> OpenForYears(params string[] officers) =>
        Open(new() { PasswordLife = null }, officers);

    private static async Task<ConsoleHouse> Open(OfficerOptions options, string[] officers)
    {
        ConsoleHouse house = new() { Authority = await AuthorityHouse.Open(), Options = options };
        house.Self = NewCaller(CallerRole.ControlRoom, "control-room", house.key);
        await house.OpenAuthority();
        house.OpenConsole();
        await house.Staff(officers);
        return house;
    }

    public static Caller NewCaller(CallerRole role, string id, ECDsa key)
    {
        CertificateRequest request = new($"CN={id},OU={role},O=JPKI-TEST", key, HashAlgorithmName.SHA256);
        return Caller.Of(request.CreateSelfSigned(
            new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2040, 1, 1, 0, 0, 0, TimeSpan.Zero)))!;
    }

    public static OfficerRegistration Person(string id, params Role[] roles) =>
        new() { Id = id, StaffNumber = $"S-{id}", Name = "検証　太郎", Roles = [.. roles] };

    public static T Done<T>(Outcome<T> outcome) where T : class =>
        outcome.IsRefused(out var refusal, out var value)
            ? throw new InvalidOperationException($"{refusal.Clause}: {refusal.Reason}")
            : value;

    public static string? Clause<T>(Outcome<T> outcome) where T : class => outcome.Refusal?.Clause.Number;

    /// <summary>The certificate that an officer shows.</summary>
    public Caller Card(string id) => callers[id];

    /// <summary>Comes with a code, a new key and the password of all.</summary>
    public async Task<Outcome<Enrolled>> Enrol(string id, string code, ECDsa? own = null)
    {
        using var fresh = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var enrolled = await Console.Enrolment.Enrol(new()
        {
            Id = id,
            Code = code,
            CertificationRequest = OfficerKey.Request(id, own ?? fresh),
            Password = Password,
        });
        if (!enrolled.IsRefused(out _, out var value))
            callers[id] = Caller.Of(X509CertificateLoader.LoadCertificate(value.Certificate))!;
        return enrolled;
    }

    public async Task<OfficerOnDuty> OnDuty(string id) =>
        Done(await Console.LogIns.Find(Card(id), Done(await Console.LogIns.LogIn(Card(id), Password)).Token));

    public async Task<string> Instructed(Duty duty, string manager = "manager") =>
        Done(await Console.Instructions.Give(await OnDuty(manager), new(duty.Name, "する", null))).Id;

    public async Task<Outcome<ActStep>> Propose(
        string officer, string kind, object order, string? instruction = null) =>
        await Console.Acts.Propose(
            await OnDuty(officer), Console.Acts.Kinds.Single(k => k.Name == kind), Console.Acts.NewId(),
            JsonSerializer.Serialize(order, FormJson.Options), instruction);

    public async Task<Outcome<ActStep>> Consent(string officer, Act act, string? digest = null) =>
        await Console.Acts.Consent(await OnDuty(officer), act.Id, digest ?? act.Digest);

    /// <summary>Two senior operators register somebody, as instructed; the code as its letter has it.</summary>
    public async Task<(Act Act, string Code)> Register(OfficerRegistration person)
    {
        var instruction = await Instructed(Duties.RegisterOfficers);
        var proposed = Done(await Propose("senior-1", "registration", person, instruction));
        var done = Done(await Consent("senior-2", proposed.Act));
        return (done.Act, EnrolmentCode.Join(proposed.Half!, done.Half!));
    }

    public string Log() => store.Read(db => string.Concat(
        db.Query<byte[]>("SELECT entries FROM ledger ORDER BY first").Select(Encoding.UTF8.GetString)));

    public void Restart()
    {
        Close();
        OpenConsole();
    }

    public async Task CloseAuthority()
    {
        if (door is not null)
            await door.DisposeAsync();
        door = null;
    }

    public async Task OpenAuthority()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(client is null ? "http://127.0.0.1:0" : client.BaseAddress!.ToString());
        builder.Services.ConfigureHttpJsonOptions(json => FormJson.Apply(json.SerializerOptions));
        door = builder.Build();
        door.Use((http, next) =>
        {
            http.Connection.ClientCertificate = Self.Certificate;
            return LosesAnswers ? Lose(http, next) : next(http);
        });
        HttpClient nobody = new() { BaseAddress = new("http://127.0.0.1:9/") };
        door.MapAuthority(Authority.Room, new Publisher(Authority.Room, nobody, Clock));
        await door.StartAsync();
        client ??= new() { BaseAddress = new(door.Urls.Single()) };
    }

    public async ValueTask DisposeAsync()
    {
        Close();
        await CloseAuthority();
        client?.Dispose();
        await Authority.DisposeAsync();
        key.Dispose();
        random.Dispose();
        folder.Dispose();
    }

    private static async Task Lose(HttpContext http, RequestDelegate next)
    {
        http.Response.Body = new MemoryStream();
        await next(http);
        http.Abort();
    }

    private void OpenConsole()
    {
        logKey = LogKey.OpenOrCreate(folder["log.key"], "control.jpki-test", random);
        store = Store.Open(new()
        {
            Location = folder["control.db"],
            Room = "control",
            Assembly = typeof(OperatorsConsole).Assembly,
            LogKey = logKey,
            Time = Clock,
        });
        Console = new(new()
        {
            Store = store,
            Authority = client!,
            Verifiers = client!,
            Signer = key,
            Clock = Clock,
            Random = random,
            Officers = Options,
        });
    }

    private void Close()
    {
        store.Dispose();
        logKey.Dispose();
    }

    /// <summary>Made-up officers: their role is in their name.</summary>
    private async Task Staff(string[] officers)
    {
        OfficerRegistration[] all = [.. officers.Select(o => Person(o, o.Split('-')[0] switch
        {
            "manager" => Role.CaManager,
            "senior" => Role.SeniorOperator,
            "custodian" => Role.KeyCustodian,
            "reception" => Role.Receptionist,
            "examiner" => Role.Examiner,
            "approver" => Role.Approver,
            "auditor" => Role.InternalAuditor,
            _ => Role.GeneralOperator,
        }))];
        foreach (var (id, code) in Done(await Console.Enrolment.Bootstrap(all)))
            Done(await Enrol(id, code));
        Assert.Equal(officers.Length, callers.Count);
    }
}
