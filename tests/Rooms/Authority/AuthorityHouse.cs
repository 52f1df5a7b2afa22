using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Dapper;
using Jpki.Authority;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Hsm;
using Jpki.Tests.Rooms.ControlRoom;
using Jpki.X509;
using Microsoft.Extensions.Time.Testing;

namespace Jpki.Tests.Rooms.Authority;

/// <summary>
/// The Authority with its books in a folder of its own, two terminals, and a clock that stands still.
/// </summary>
internal sealed class AuthorityHouse : IAsyncDisposable
{
    public const string Kawagoe = "11201";
    public const string Hanno = "11209";

    private readonly ScratchFolder folder = new();
    private readonly RandomNumberGenerator random = RandomNumberGenerator.Create();
    private int notices;
    private bool isOpen;
    private string? database;

    public FakeTimeProvider Clock { get; private init; } = new(new(2026, 11, 24, 1, 0, 0, TimeSpan.Zero));

    /// <summary>Where the governor's key is; a software store when it is null.</summary>
    public IHsm? Hsm { get; init; }

    /// <summary>Where the operations CA's key is; a software store when it is null.</summary>
    public IHsm? OperationsHsm { get; private init; }

    /// <summary>A folder that outlives this house; null for one of its own.</summary>
    public string? Root { get; init; }

    public string this[string path] => Path.Combine(Root ?? folder.Root, path);

    public AuthorityRoom Room { get; private set; } = null!;

    public Caller Terminal { get; } = NewTerminal(Kawagoe);

    public Caller Elsewhere { get; } = NewTerminal(Hanno);

    /// <param name="hsm">Where the governor's key is; a software store when it is null.</param>
    /// <param name="database">An empty PostgreSQL database; null for a SQLite file of the house's own.</param>
    /// <param name="operations">Where the operations CA's key is; a software store when it is null.</param>
    public static async Task<AuthorityHouse> Open(
        IHsm? hsm = null, string? database = null, IHsm? operations = null)
    {
        AuthorityHouse house = new() { Hsm = hsm, database = database, OperationsHsm = operations };
        await house.Start();
        return house;
    }

    /// <summary>The same house again in another process, under papers with other numbers.</summary>
    public static async Task<AuthorityHouse> OpenAgain(string root, int time, IHsm hsm)
    {
        AuthorityHouse house = new() { Root = root, Hsm = hsm, notices = time * 1_000 };
        house.Clock.Advance(TimeSpan.FromMinutes(time));
        await house.Start();
        return house;
    }

    /// <summary>For foreign programs that know no time but the machine's.</summary>
    public static async Task<AuthorityHouse> OpenAt(DateTimeOffset at)
    {
        AuthorityHouse house = new() { Clock = new(at) };
        await house.Start();
        return house;
    }

    public async Task Restart()
    {
        await Room.DisposeAsync();
        await Start();
    }

    public IssuanceNotice Notice(string name = "架空　太郎", Func<IssuanceNotice, IssuanceNotice>? with = null)
    {
        using var key = TestKey.P256();
        var number = ++notices;
        IssuanceNotice notice = new()
        {
            NoticeId = $"N{number}",
            Municipality = Kawagoe,
            SubjectCommonName = $"20261124100000{number:D5}{Kawagoe}T001",
            Attributes = new()
            {
                CommonName = name,
                CommonNameSubstitutes = new('0', name.Length),
                BirthDate = new(Era.Showa, 1980, 2, 29),
                Gender = Gender.Male,
                Address = "埼玉県川越市元町１－１",
                AddressSubstitutes = new('0', 11),
            },
            CertificationRequest = CertificationRequest.Create(
                Name.Parse("CN=holder"), key.PublicKey, key.Algorithm, key.SignHash),
            Officer = "kawagoe-1",
            At = Clock.GetUtcNow(),
        };
        return with is null ? notice : with(notice);
    }

    public Task<Outcome<IssuanceAnswer>> Issue(IssuanceNotice notice, Caller? terminal = null) =>
        Room.Governor.Issue(Signed(notice, terminal ?? Terminal), terminal ?? Terminal);

    public async Task<Certificate> Issued(string name = "架空　太郎")
    {
        var answer = await Issue(Notice(name));
        return answer.IsRefused(out var refusal, out var value)
            ? throw new InvalidOperationException($"{refusal}")
            : Certificate.Read(value.Certificate);
    }

    public Task<Outcome<RevocationAnswer>> Revoke(
        Certificate certificate, RevocationReason reason, Caller? terminal = null, string? notice = null) =>
        Room.Governor.Revoke(
            Signed(new RevocationNotice
            {
                NoticeId = notice ?? $"R{++notices}",
                Municipality = (terminal ?? Terminal).Municipality,
                Serial = certificate.Serial.ToString(),
                Reason = reason,
                Officer = "kawagoe-1",
                At = Clock.GetUtcNow(),
            }, terminal ?? Terminal), terminal ?? Terminal);

    public Task<Outcome<RevocationAnswer>> RevokeExOfficio(Certificate certificate, RevocationReason reason) =>
        Room.Governor.Revoke(Agreed(
            Duties.RevokeExOfficio,
            new ExOfficioRevocation
            {
                NoticeId = $"X{++notices}",
                Serial = certificate.Serial.ToString(),
                Reason = reason,
            }));

    /// <summary>An order that two senior operators agreed on.</summary>
    public Approved<T> Agreed<T>(Duty duty, T order) where T : class
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Approvals.Prove<T>(
            Papers(duty, order, key), duty, ConsoleHouse.NewCaller(CallerRole.ControlRoom, "control-room", key),
            Clock.GetUtcNow()).Value!;
    }

    /// <summary>The same as it comes from a control room with that key.</summary>
    public ApprovedOrder Papers<T>(Duty duty, T order, ECDsa key) where T : class
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(order, FormJson.Options);
        ActApproval approval = new()
        {
            Id = $"A{++notices}",
            Duty = duty.Name,
            Digest = SHA256.HashData(body),
            Consents =
            [
                new("senior-1", duty.Roles, "A", Clock.GetUtcNow()),
                new("senior-2", duty.Roles, "B", Clock.GetUtcNow()),
            ],
            InstructedBy = "manager",
            ExpiresAt = Clock.GetUtcNow().AddDays(1),
        };
        return new() { Approval = SignedForm.Sign(approval, key), Order = body };
    }

    public static SignedForm Signed<T>(T form, Caller terminal)
    {
        using var key = terminal.Certificate.GetECDsaPrivateKey()!;
        return SignedForm.Sign(form, key);
    }

    /// <summary>The lists of one run: by municipality, and <c>authority</c> for the ARL.</summary>
    public IReadOnlyDictionary<string, Crl> Lists(CrlRun run) =>
        Room.Store.Read(db => CrlBooks.Names(db, run.Number)
            .ToDictionary(l => l.Scope, l => Crl.Read(CrlBooks.Octets(db, l))));

    public string Log() => Room.Store.Read(db => string.Concat(
        db.Query<byte[]>("SELECT entries FROM ledger ORDER BY first").Select(Encoding.UTF8.GetString)));

    public async ValueTask DisposeAsync()
    {
        if (isOpen)
            await Room.DisposeAsync();
        random.Dispose();
        folder.Dispose();
    }

    public Task<Outcome<AuthorityRoom>> Begin() => AuthorityRoom.Open(new()
    {
        Folder = this["authority"],
        Database = database ?? this["store.db"],
        Hsm = Hsm ?? new SoftwareHsm(this["keys"]),
        OperationsHsm = OperationsHsm ?? new SoftwareHsm(this["keys"]),
        OperationsCrlUri = "http://site.example/tls-ca.crl",
        Names = PrefectureNames.Sandbox,
        Clock = Clock,
        Random = random,
    });

    private async Task Start()
    {
        isOpen = false;
        Room = (await Begin()).Value!;
        isOpen = true;
    }

    private static Caller NewTerminal(string municipality)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(
            $"C=JP,O=JPKI-TEST,OU=Operations,OU=Terminal,CN={municipality}T001", key, HashAlgorithmName.SHA256);
        return Caller.Of(request.CreateSelfSigned(
            new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2040, 1, 1, 0, 0, 0, TimeSpan.Zero)))!;
    }
}
