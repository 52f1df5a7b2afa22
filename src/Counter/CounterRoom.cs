using System.Security.Cryptography;
using Jpki.Counter.RegisterFiles;
using Jpki.Ledger;

namespace Jpki.Counter;

/// <summary>
/// The counters of all municipalities: they prove who applies, make key pairs, write cards and take revocations. What
/// they ask of the governor goes through an outbox that survives everything. 市町村窓口
/// </summary>
public sealed class CounterRoom
{
    private readonly CounterDesk desk;
    private readonly Outbox outbox;

    /// <param name="store">The counters' own books; they must outlive the room.</param>
    /// <param name="terminals">By municipality.</param>
    /// <param name="authority">
    /// By municipality: a client that shows that terminal's certificate; its base address is the Authority's.
    /// </param>
    /// <param name="clock">The prefecture's time.</param>
    /// <param name="random">For tokens, numbers and salts.</param>
    /// <param name="options">The site's choices.</param>
    public CounterRoom(
        Store store,
        IReadOnlyDictionary<string, Terminal> terminals,
        Func<string, HttpClient> authority,
        TimeProvider clock,
        RandomNumberGenerator random,
        CounterOptions options)
    {
        desk = new(store, terminals, clock, random);
        Options = options;
        LogIns = new(store, clock, random, options);
        HandOvers = new(store, clock, random);
        Events = new(desk, Hurry);
        Revocations = new(desk, Hurry);
        Cards cards = new(options, random);
        Issuance = new(desk, cards, options, Events, HandOvers, Hurry);
        Fees = new(desk, Issuance, options);
        Requests = new(desk, cards, HandOvers);
        Letters = new(desk, options, new Dictionary<char, IAgentsPapers>
        {
            ['A'] = Issuance,
            ['R'] = Revocations,
            ['Q'] = Requests,
        });
        History = new(desk);
        RegisterFiles = new(desk, Events, () => outbox!.Ring());
        outbox = new(store, authority, clock, new Dictionary<NoticeKind, Func<Notice, Reply, Action<StoreTransaction>>>
        {
            [NoticeKind.Issuance] = Issuance.Accept,
            [NoticeKind.Revocation] = Revocations.Accept,
            [NoticeKind.RegisterEvent] = Revocations.Accept,
        });
    }

    public LogIns LogIns { get; }

    public IssuanceDesk Issuance { get; }

    public HandOvers HandOvers { get; }

    public FeeDesk Fees { get; }

    public RequestDesk Requests { get; }

    public LetterDesk Letters { get; }

    public HistoryDesk History { get; }

    public RevocationDesk Revocations { get; }

    public RegisterDesk Events { get; }

    public RegisterFileDesk RegisterFiles { get; }

    public ResidentRegister Register => desk.Register;

    public LedgerHealth Health => desk.Store.Health;

    /// <summary>How many notices the Authority has not answered yet.</summary>
    public long Waiting => outbox.Waiting;

    /// <summary>
    /// Where what an application or a receipt asks of the governor stands in the line; null when it does not wait.
    /// </summary>
    public PlaceInLine? PlaceOf(string about) => outbox.PlaceOf(about);

    /// <summary>When the oldest of them was signed; null when none waits.</summary>
    public DateTimeOffset? WaitingSince => outbox.WaitingSince;

    internal CounterOptions Options { get; }

    internal DateOnly Today => desk.Today;

    /// <summary>
    /// First start: fills the empty register with made-up people. Says how many; 0 when it was not empty.
    /// </summary>
    public Task<int> SeedRegister(int count, string seed) => desk.Register.Seed(count, seed, desk.Now);

    /// <summary>Adds an officer, or gives one a new password.</summary>
    public Task AddOfficer(string id, string municipality, string password) => LogIns.Add(id, municipality, password);

    /// <summary>Sends what waits in the outbox until it is told to stop.</summary>
    public Task Run(CancellationToken stop) => outbox.Run(stop);

    /// <summary>Follows the resident register at its source until it is told to stop.</summary>
    public async Task Follow(IRegisterSource register, CancellationToken stop)
    {
        while (register.Interval is { } interval)
        {
            await Task.Delay(interval, desk.Clock, stop);
            try
            {
                await register.BringUpToDate(this);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                await desk.Store.Write(tx => tx.Record(
                    new("register source", desk.Now, "cannot be read", "counter", e.GetType().Name)));
            }
        }
    }

    internal void Greet(Microsoft.AspNetCore.Http.HttpContext http) => Visitor.Greet(http, desk.Random);

    private async Task Hurry(string noticeId)
    {
        await outbox.Hurry(noticeId, Options.Patience);
        outbox.Ring();
    }
}
