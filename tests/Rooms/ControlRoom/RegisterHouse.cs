using System.Security.Cryptography;
using System.Text;
using Dapper;
using Jpki.ControlRoom.Officers;
using Jpki.ControlRoom.Registers;
using Jpki.Cps;
using Jpki.Ledger;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Jpki.Tests.Rooms.ControlRoom;

/// <summary>The registers with a store of their own, a clock that stands still, and officers on duty.</summary>
internal sealed class RegisterHouse : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("jpki-registers-").FullName;
    private readonly RandomNumberGenerator random = RandomNumberGenerator.Create();
    private readonly LogKey logKey;
    private int forms;

    public RegisterHouse(string? database = null)
    {
        logKey = LogKey.Create("control-room.jpki-test", random);
        Store = Store.Open(new()
        {
            Location = database ?? Path.Combine(folder, "control-room.db"),
            Room = "control_room",
            Assembly = typeof(RegisterDesk).Assembly,
            LogKey = logKey,
            Time = Clock,
        });
        Desk = new(Store, Clock);
        Imports = new(Store, Clock, random);
    }

    public static OfficerOnDuty Keeper { get; } = Officer("kanri-1", Role.CaManager);

    public static OfficerOnDuty Auditor { get; } = Officer("kansa-1", Role.InternalAuditor);

    public static OfficerOnDuty Receptionist { get; } = Officer("uketsuke-1", Role.Receptionist);

    /// <summary>24 November 2026, ten in the morning in Japan.</summary>
    public FakeTimeProvider Clock { get; } = new(new(2026, 11, 24, 1, 0, 0, TimeSpan.Zero));

    public Store Store { get; }

    public RegisterDesk Desk { get; }

    public ImportDesk Imports { get; }

    public static OfficerOnDuty Officer(string id, params Role[] roles) => new(id, id, new string('0', 64), [.. roles]);

    public static Register Register(string series) => Jpki.Cps.Registers.Find(series)!;

    /// <summary>An agreement's paper, with nothing wrong in it.</summary>
    public static EntryDraft Agreement { get; } = new()
    {
        Date = "2026-11-20",
        Place = "第一書庫 3-2",
        Fields = Fields(("title", "署名検証者との取決め"), ("party", "V-0001")),
    };

    public static EntryDraft Finding { get; } = new()
    {
        Date = "2026-11-20",
        Place = "第一書庫 1-1",
        Due = "2026-12-24",
        Fields = Fields(("title", "入退室記録の照合漏れ"), ("report", "AR-2026-00001"), ("weight", "high")),
    };

    public static IReadOnlyDictionary<string, string> Fields(params (string Name, string Value)[] fields) =>
        fields.ToDictionary(f => f.Name, f => f.Value);

    /// <summary>The draft by the register's rules; the test fails when they forbid it.</summary>
    public CheckedEntry Checked(string series, EntryDraft draft, EntryKind kind = EntryKind.First)
    {
        var (entry, troubles) = EntryRules.Check(Register(series), kind, draft, Desk.Today);
        Assert.Empty(troubles);
        return entry!;
    }

    public Task<Outcome<RegisterEntry>> TryWrite(string series, EntryDraft draft, OfficerOnDuty? officer = null) =>
        Desk.Write(officer ?? Keeper, Checked(series, draft), $"{++forms}");

    public async Task<RegisterEntry> Write(string series, EntryDraft draft, OfficerOnDuty? officer = null) =>
        Done(await TryWrite(series, draft, officer));

    public Task<Outcome<RegisterEntry>> TryContinue(RegisterEntry first, EntryKind kind, EntryDraft draft) =>
        Desk.Continue(Keeper, Checked(first.Series, draft, kind), first.Number, $"{++forms}");

    public async Task<EntryChain> Chain(RegisterEntry entry) =>
        Done(await Desk.Find(Keeper, Register(entry.Series), entry.Number));

    public IReadOnlyList<DueMatter> Due(int days = 30) => Desk.Due(Clock.GetUtcNow(), TimeSpan.FromDays(days));

    public static T Done<T>(Outcome<T> outcome) where T : class =>
        outcome.Value ?? throw new InvalidOperationException(outcome.Refusal!.ToString());

    /// <summary>Every entry of the sealed log, as it lies in the books.</summary>
    public string Log() => Store.Read(db => string.Concat(
        db.Query<byte[]>("SELECT entries FROM ledger ORDER BY first").Select(Encoding.UTF8.GetString)));

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        logKey.Dispose();
        random.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
