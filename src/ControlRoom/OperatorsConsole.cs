using System.Security.Cryptography;
using Jpki.ControlRoom.Acts;
using Jpki.ControlRoom.Ceremonies;
using Jpki.ControlRoom.Cross;
using Jpki.ControlRoom.Logs;
using Jpki.ControlRoom.Officers;
using Jpki.ControlRoom.Watch;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Ledger;
using Microsoft.AspNetCore.Http;

namespace Jpki.ControlRoom;

/// <summary>What the control room needs to open.</summary>
public sealed record ConsoleOptions
{
    /// <summary>The room's own books; they must outlive it.</summary>
    public required Store Store { get; init; }

    /// <summary>Shows the Authority's door this room's certificate.</summary>
    public required HttpClient Authority { get; init; }

    /// <summary>Shows the Verifiers' door this room's certificate.</summary>
    public required HttpClient Verifiers { get; init; }

    /// <summary>The key of this room's certificate: approvals go to the Authority under its signature.</summary>
    public required ECDsa Signer { get; init; }

    public required TimeProvider Clock { get; init; }

    public required RandomNumberGenerator Random { get; init; }

    public OfficerOptions Officers { get; init; } = new();

    /// <summary>The rooms that are asked how they are.</summary>
    public IReadOnlyList<WatchedRoom> Rooms { get; init; } = [];

    /// <summary>The logs that may be inspected; asked for when the first is read: doors open one by one.</summary>
    public Func<IReadOnlyList<LogPlace>> Logs { get; init; } = () => [];
}

/// <summary>
/// The operators' console: lets officers in, shows them how the Authority is, and takes to it what enough of those
/// whose duty it is have agreed on. 運用端末
/// </summary>
public sealed class OperatorsConsole : IDisposable
{
    private const string SessionCookie = "__Host-console";
    private const int LongestToken = 128;

    private readonly ConsoleOptions options;
    private readonly NeighbourDoor authority;
    private readonly Lazy<LogDesk> logs;

    public OperatorsConsole(ConsoleOptions options)
    {
        this.options = options;
        authority = new(options.Authority);
        logs = new(() => new(options.Logs(), options.Store, options.Clock));
        Watch = new(authority, options.Rooms, options.Clock);
        LogIns = new(options.Store, options.Clock, options.Random, options.Officers);
        Enrolment = new(options.Store, authority, options.Clock, options.Random, options.Officers);
        Renewals = new(options.Store, authority, options.Clock);
        Ceremonies = new(options.Store, options.Clock);
        Cross = new(options.Store, options.Clock, authority);
        Instructions = new(options.Store, options.Clock, options.Random);
        Registers = new(options.Store, options.Clock, options.Random);
        Acts = new(
            options.Store,
            [
                .. new ActKinds(options.Store, authority, new(options.Verifiers), Enrolment, Ceremonies).All,
                .. new CrossWorks(Cross, authority).All,
            ],
            options.Signer, options.Clock, options.Random, options.Officers);
    }

    public LogIns LogIns { get; }

    public Enrolment Enrolment { get; }

    /// <summary>Where an officer gets his next certificate.</summary>
    public OfficerRenewals Renewals { get; }

    public Instructions Instructions { get; }

    public Registers.RegisterOffice Registers { get; }

    public ActDesk Acts { get; }

    public CeremonyDesk Ceremonies { get; }

    /// <summary>Where papers about cross certificates go from hand to hand.</summary>
    public CrossDesk Cross { get; }

    /// <summary>Goes round the house.</summary>
    public SystemWatch Watch { get; }

    /// <summary>Where the internal auditor reads the logs.</summary>
    public LogDesk Logs => logs.Value;

    /// <summary>When what is to be done regularly was last done, as far as this room's books say.</summary>
    public RecordedDates Recorded => new()
    {
        LogInspection = Logs.LastInspection,
        Audit = LastIn(Cps.Registers.AuditSeries),
        ReadabilityCheck = LastIn(Cps.Registers.ReadabilitySeries),
        Passwords =
        [
            .. Officers.Where(o => o is { State: OfficerState.Active, PasswordExpiresAt: not null })
                .Select(o => (o.Id, o.PasswordExpiresAt!.Value)),
        ],
    };

    public LedgerHealth Health => options.Store.Health;

    public IReadOnlyList<Officer> Officers =>
        [.. options.Store.Read(OfficerBooks.All).Select(row => row.ToOfficer())];

    internal DateTimeOffset Now => options.Clock.GetUtcNow();

    internal Store Store => options.Store;

    internal NeighbourDoor Authority => authority;

    /// <summary>
    /// Who stands at the door, with the roles he holds at this moment; a refusal when there is no certificate or no
    /// session. (CPS 5-2-3)
    /// </summary>
    public async Task<Outcome<OfficerOnDuty>> Enter(HttpContext http) =>
        Caller.Of(http) is not { Role: CallerRole.Officer } caller
            ? new Refusal("5-2-3", "要員の証明書を示してください。 Show an officer's certificate.")
            : await LogIns.Find(caller, TokenOf(http) ?? "");

    /// <summary>The same, and whether this is his work; what is not is logged.</summary>
    public async Task<Outcome<OfficerOnDuty>> Enter(HttpContext http, Duty duty)
    {
        if ((await Enter(http)).IsRefused(out var refusal, out var officer))
            return refusal;
        if (officer.ObjectionTo(duty) is not { } notHis)
            return officer;
        await options.Store.Write(tx =>
            tx.Record(new(duty.Name, Now, $"refused {notHis.Clause}", officer.Id)));
        return notHis;
    }

    /// <summary>How the Authority is.</summary>
    public Task<Outcome<AuthorityReport>> Report() => authority.Get<AuthorityReport>("operators/report");

    /// <summary>How far the procedure for each compromised key has come. (CPS 4-14-2)</summary>
    public Task<Outcome<CompromiseReport[]>> Compromises() =>
        authority.Get<CompromiseReport[]>("operators/compromises");

    /// <summary>What the Authority knows of a serial number.</summary>
    public Task<Outcome<CertificateReport>> Find(string serial) =>
        authority.Get<CertificateReport>($"operators/certificates/{Uri.EscapeDataString(serial)}");

    /// <summary>The certificate of a serial number, with all it says; the Authority's log keeps who looked.</summary>
    public Task<Outcome<CertificateCopy>> Copy(OfficerOnDuty officer, string serial) => authority.Send<CertificateCopy>(
        "operators/copies", new OfficerOrder<CopyOrder>(officer.Id, new(serial)));

    public void Dispose()
    {
        if (logs.IsValueCreated)
            Logs.Dispose();
    }

    private DateTimeOffset? LastIn(string series) =>
        Registers.Desk.LastIn(series) is { } day ? new DateTimeOffset(day, TimeOnly.MinValue, JapanTime.Offset) : null;

    internal static string? TokenOf(HttpContext http)
    {
        var token = http.Request.Headers.Authorization.ToString() is ['B', 'e', 'a', 'r', 'e', 'r', ' ', .. var bearer]
            ? bearer
            : http.Request.Cookies[SessionCookie];
        return token is { Length: > 0 and <= LongestToken } ? token : null;
    }

    internal static void Remember(HttpContext http, string token) =>
        http.Response.Cookies.Append(SessionCookie, token, Strict);

    internal static void Forget(HttpContext http) => http.Response.Cookies.Delete(SessionCookie, Strict);

    private static CookieOptions Strict =>
        new() { HttpOnly = true, Secure = true, SameSite = SameSiteMode.Strict, Path = "/", IsEssential = true };
}
