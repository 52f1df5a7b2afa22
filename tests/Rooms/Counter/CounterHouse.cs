using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Dapper;
using Jpki.Counter;
using Jpki.Ledger;
using Microsoft.Extensions.Time.Testing;

namespace Jpki.Tests.Rooms.Counter;

/// <summary>
/// A counter with its books in a folder of its own, an Authority that does as the test says, and a clock that stands
/// still.
/// </summary>
internal sealed class CounterHouse : IAsyncDisposable
{
    public const string Kawagoe = "11201";
    public const string Hanno = "11209";
    public const string Password = "CARD42PASS";

    private readonly string folder = Directory.CreateTempSubdirectory("jpki-counter-").FullName;
    private readonly string location;
    private readonly LogKey logKey;
    private readonly RandomNumberGenerator random = RandomNumberGenerator.Create();
    private readonly Dictionary<string, Terminal> terminals = [];
    private readonly HttpClient client = new();
    private Store store;

    private CounterHouse(Func<CounterOptions, CounterOptions> choose, string? database)
    {
        location = database ?? Path.Combine(folder, "counter.db");
        logKey = LogKey.Create("counter.jpki-test", random);
        Options = choose(new() { CardsFolder = Path.Combine(folder, "cards") });
        foreach (var municipality in (string[])[Kawagoe, Hanno])
        {
            var (terminal, certificate) = NewTerminal(municipality + "T001");
            terminals.Add(municipality, terminal);
            Authority.Terminals.Add(municipality, certificate);
        }
        client.BaseAddress = Authority.Address;
        store = OpenStore();
        Room = NewRoom();
    }

    public ScriptedAuthority Authority { get; } = new();

    public FakeTimeProvider Clock { get; } = new(new(2026, 11, 24, 1, 0, 0, TimeSpan.Zero));

    public CounterOptions Options { get; }

    public CounterRoom Room { get; private set; }

    public OfficerOnDuty Officer { get; } = new("kawagoe-1", Kawagoe);

    public OfficerOnDuty Elsewhere { get; } = new("hanno-1", Hanno);

    public IEnumerable<string> CardFiles => Directory.EnumerateFiles(Options.CardsFolder, "*.card");

    public static async Task<CounterHouse> Open(
        Func<CounterOptions, CounterOptions>? choose = null, bool authorityIsUp = true, string? database = null)
    {
        CounterHouse house = new(choose ?? (o => o), database);
        await house.Room.SeedRegister(400, "test");
        if (authorityIsUp)
            await house.Authority.Start();
        return house;
    }

    /// <summary>Every entry of the sealed log, as it lies in the books.</summary>
    public string Log() => store.Read(db => string.Concat(
        db.Query<byte[]>("SELECT entries FROM ledger ORDER BY first").Select(Encoding.UTF8.GetString)));

    /// <summary>Every application and hand-over, as it lies in the books.</summary>
    public string Books() => store.Read(db => string.Concat(db.Query<string>(
        "SELECT body FROM applications UNION ALL SELECT code_hash || about FROM hand_overs"))) + Log();

    /// <summary>Ends the process, as far as the books can tell, and starts another.</summary>
    public void Restart()
    {
        store.Dispose();
        store = OpenStore();
        Room = NewRoom();
    }

    public Resident Somebody(int number = 0) =>
        Room.Register.Search(Kawagoe, "", withoutCertificate: false, 100)[number];

    public static ApplicationForm FormOf(Resident resident) => new()
    {
        AppliedOn = new(2026, 11, 24),
        Attributes = resident.Attributes,
        NameKana = resident.NameKana,
    };

    public static IdentityEvidence Licence { get; } = new()
    {
        Kind = IdentityDocumentKind.DrivingLicence,
        Number = "301234567890",
        ExpiresOn = new(2028, 3, 1),
        FaceMatches = true,
    };

    public async Task<IssuanceApplication> UpTo(ApplicationState state, Resident? resident = null)
    {
        var application = Done(await Room.Issuance.Receive(Officer, FormOf(resident ?? Somebody())));
        if (state >= ApplicationState.Matched)
            application = Done(await Room.Issuance.Match(Officer, application.Id));
        if (state >= ApplicationState.Proven)
            application = Done(await Room.Issuance.Prove(Officer, application.Id, Licence));
        if (state >= ApplicationState.KeyPairMade)
        {
            application = Done(await MakeKeyPair(application.Id));
        }

        if (state >= ApplicationState.Waiting)
            application = Done(await Room.Issuance.Notify(Officer, application.Id));
        if (state >= ApplicationState.Delivered)
            Done(await Deliver(application.Id));
        return Now(application);
    }

    /// <summary>An application, as it stands in the books.</summary>
    public IssuanceApplication Now(IssuanceApplication application) =>
        Done(Room.Issuance.Find(Officer, application.Id));

    /// <summary>The officer's hand-over, and the applicant alone at the device.</summary>
    public async Task<Jpki.Cps.Outcome<IssuanceApplication>> MakeKeyPair(
        string id, KeyKind kind = KeyKind.Rsa2048, string password = Password, string again = Password) =>
        (await Room.Issuance.SendToDevice(Officer, id)).IsRefused(out var refusal, out var handOver)
            ? refusal
            : await Room.Issuance.MakeKeyPair(await AtDevice(handOver), kind, password, again);

    public async Task<DeviceVisit> AtDevice(HandOver handOver) =>
        Room.HandOvers.Find((await Room.HandOvers.Take(handOver.Code))!)!;

    /// <summary>Takes the fee, if there is something to pay for, and hands the card over.</summary>
    public async Task<Jpki.Cps.Outcome<Delivery>> Deliver(string id)
    {
        await Room.Fees.Take(Officer, id);
        return await Room.Issuance.Deliver(Officer, id);
    }

    /// <summary>The inquiry letter's way to the applicant and back.</summary>
    public async Task<Letter> Inquire(string about, LetterState reply = LetterState.Confirmed)
    {
        var letter = Done(await Room.Letters.Make(Officer, about));
        DateOnly today = Jpki.Cps.JapanTime.DayOf(Clock.GetUtcNow());
        Done(await Room.Letters.Send(Officer, letter.Id, new(today)));
        return Done(await Room.Letters.Answer(Officer, letter.Id, new(reply, today)));
    }

    public static T Done<T>(Jpki.Cps.Outcome<T> outcome) where T : class =>
        outcome.Value ?? throw new InvalidOperationException(outcome.Refusal!.ToString());

    /// <summary>Runs the outbox while time passes, until nothing waits any more.</summary>
    public async Task RunOutbox()
    {
        using CancellationTokenSource stop = new();
        var running = Room.Run(stop.Token);
        for (var i = 0; i < 200 && Room.Waiting > 0; i++)
        {
            Clock.Advance(TimeSpan.FromSeconds(5));
            await Task.Delay(20);
        }
        await stop.CancelAsync();
        await running;
    }

    public async ValueTask DisposeAsync()
    {
        await Authority.DisposeAsync();
        await store.DisposeAsync();
        client.Dispose();
        logKey.Dispose();
        random.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private Store OpenStore() => Store.Open(new()
    {
        Location = location,
        Room = "counter",
        Assembly = typeof(CounterRoom).Assembly,
        LogKey = logKey,
        Time = Clock,
    });

    private CounterRoom NewRoom() => new(store, terminals, _ => client, Clock, random, Options);

    private static (Terminal Terminal, X509Certificate2 Certificate) NewTerminal(string id)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"C=JP,O=JPKI-TEST,OU=Operations,OU=Terminal,CN={id}", key,
            HashAlgorithmName.SHA256);
        return (new(id, key), request.CreateSelfSigned(
            new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero)));
    }
}
