using System.Collections.Immutable;
using System.Security.Cryptography;
using Jpki.Hsm;
using Jpki.Hsm.Ceremonies;
using Jpki.Ledger;
using Microsoft.Extensions.Time.Testing;

namespace Jpki.Tests.Rooms.Hsm;

/// <summary>A table for ceremonies with everybody at it, in folders of a test's own, and the log they leave.</summary>
internal sealed class CeremonyHouse : IDisposable
{
    public static readonly RandomNumberGenerator Random = RandomNumberGenerator.Create();

    private readonly string root;

    public CeremonyHouse()
        : this(Directory.CreateTempSubdirectory("jpki-test-").FullName, "C-" + Path.GetRandomFileName()[..8])
    {
    }

    /// <summary>At a table that somebody was killed at, with what lies on it.</summary>
    public CeremonyHouse(string root, string token) => (this.root, Token) = (root, token);

    /// <summary>Who was asked, in order.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>Who answers something else than the passphrase, or for <c>ID.pin</c> the PIN, that is theirs.</summary>
    public Dictionary<string, string> Answers { get; } = [];

    /// <summary>Told what is asked and shown, as it happens.</summary>
    public Action<string> Said { get; init; } = _ => { };

    /// <summary>A label that no other test's token has.</summary>
    public string Token { get; }

    /// <summary>In memory, as it must be.</summary>
    public string Activation => $"/dev/shm/{Token}";

    public string this[string name] => Path.Combine(root, name);

    public CeremonyFile File(params CeremonyStep[] steps) => new()
    {
        Title = "知事の鍵 <1>",
        Custody = this["custody"],
        Records = this["records"],
        InstructedBy = Person("manager"),
        Witness = Person("witness"),
        SeniorOperators = [Person("op1"), Person("op2")],
        Custodians = [Custodian("sato"), Custodian("suzuki"), Custodian("tanaka")],
        Steps = [.. steps],
    };

    public static Seat Person(string id) => new(id, PasswordHash.Create(QuorumHouse.PassphraseOf(id), Random));

    public CustodianSeat Custodian(string id) => new(id, Directory.CreateDirectory(this[id]).FullName);

    public async Task<(CeremonyRecord Record, ImmutableArray<string> Log)> Run(CeremonyFile file)
    {
        using var key = LogKey.OpenOrCreate(this["records/log.key"], "log.test/ceremony", Random);
        await using var log = FileLog.Open(this["records/log"], key);
        CeremonyTable table = new()
        {
            Ask = question =>
            {
                var name = question.IsPin ? question.Id + ".pin" : question.Id;
                Asked.Add(name);
                Said($"asked {name}");
                return Answers.GetValueOrDefault(name)
                    ?? (question.IsPin ? SoftHsm.Pin : QuorumHouse.PassphraseOf(question.Id));
            },
            Show = Said,
            Log = log,
            Clock = new FakeTimeProvider(),
            Random = Random,
        };
        var record = await new Ceremony(file, "d1", table).Run();
        return (record, [.. log.Log.Entries(0, long.MaxValue).Select(e => e.Json)]);
    }

    public void Dispose()
    {
        System.IO.File.Delete(Activation);
        Directory.Delete(root, recursive: true);
    }
}
