using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Jpki.Forms;
using Jpki.Hsm;
using Jpki.Hsm.Ceremonies;
using Jpki.Hsm.Quorum;
using Jpki.Ledger;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Jpki.Tests.Rooms.Hsm;

[Collection(QuorumHouse.TakesTokens)]
public sealed class CeremonyTests : IDisposable
{
    private static readonly RandomNumberGenerator Random = RandomNumberGenerator.Create();

    private readonly ScratchFolder folder = new();
    private readonly List<string> asked = [];
    private readonly string token = "C-" + Path.GetRandomFileName()[..8];
    private string? liar;

    public CeremonyTests(SoftHsm _)
    {
    }

    private CeremonyFile Making => new()
    {
        Title = "知事の鍵 <1>",
        Custody = folder["custody"],
        Records = folder["records"],
        InstructedBy = Person("manager"),
        Witness = Person("witness"),
        SeniorOperators = [Person("op1"), Person("op2")],
        Custodians = [Custodian("sato"), Custodian("suzuki"), Custodian("tanaka")],
        Steps =
        [
            new("establish", Threshold: 2),
            new("initialise", Token: token, Module: SoftHsm.Module),
            new("generate", Token: token, Key: "governor", Algorithm: "p256-sha256", Backup: folder["backup"]),
        ],
    };

    public void Dispose() => folder.Dispose();

    [Fact, Cps("6-1-1-1"), Cps("5-2-2②"), Cps("5-2-2③")]
    public async Task A_ceremony_asks_each_in_turn_and_leaves_a_sealed_record()
    {
        var (record, log) = await Run(Making);

        Assert.Equal("ok", record.Result);
        Assert.Equal(["manager", "sato", "suzuki", "tanaka", "witness"], asked);
        Assert.All(record.Steps, s => Assert.Equal("ok", s.Result));
        Assert.Equal(4, log.Length);
        Assert.Contains(Ceremony.DigestOf(record), log[^1]);
        Assert.Contains("key ceremony step 3: generate", log[2]);
        Assert.All(await LedgerVerifier.Verify(folder["records/log"],
            [LogPublicKey.Read(folder["records/log.pub"])], []), v => Assert.True(v.IsGood));
        Assert.Contains("知事の鍵 &lt;1&gt;", RecordPage.Html(record, "head"));
    }

    [Fact, Cps("5-2-2②")]
    public async Task Without_the_managers_instruction_nothing_happens()
    {
        liar = "manager";

        var (record, log) = await Run(Making);

        Assert.StartsWith("CPS 5-2-3: wrong password of manager", record.Result);
        Assert.Empty(record.Steps);
        Assert.Single(log);
        Assert.Null(Custody.Open(folder["custody"]));
    }

    [Fact, Cps("5-2-2③")]
    public async Task Without_the_witness_the_record_says_so()
    {
        liar = "witness";

        var (record, _) = await Run(Making);

        Assert.StartsWith("CPS 5-2-3: wrong password of witness", record.Result);
        Assert.Equal(3, record.Steps.Length);
    }

    [Fact, Cps("5-2-1-1(6)"), Cps("6-2-1-7"), Cps("6-2-1-8")]
    public async Task Operators_open_before_custodians_activate_and_again_to_deactivate()
    {
        var file = $"/dev/shm/{token}";
        await Run(Making);
        asked.Clear();

        var (record, _) = await Run(Making with
        {
            Custodians = [Custodian("sato"), Custodian("suzuki"), Custodian("tanaka") with { IsPresent = false }],
            Steps = [new("activate", Token: token, File: file), new("deactivate", File: file)],
        });

        Assert.Equal("ok", record.Result);
        Assert.Equal(["manager", "op1", "op2", "sato", "suzuki", "witness"], asked);
        Assert.False(File.Exists(file));
    }

    [Fact, Cps("5-2-2①"), Cps("5-2-1-1(6)"), Cps("6-2-1-2")]
    public void Nobody_sits_on_two_chairs_and_no_chair_that_takes_two_is_held_by_one()
    {
        CeremonyStep activate = new("activate", Token: token, File: "/dev/shm/x");

        Assert.Null(Making.Objection());
        Assert.Equal("5-2-2①", (Making with { Witness = Person("sato") }).Objection()?.Clause.Number);
        Assert.Equal("5-2-2①",
            (Making with { SeniorOperators = [Person("op1"), Person("op1")] }).Objection()?.Clause.Number);
        Assert.Equal("6-2-1-2", (Making with { Custodians = [Custodian("sato")] }).Objection()?.Clause.Number);
        Assert.Equal("5-2-1-1(6)",
            (Making with { SeniorOperators = [Person("op1")], Steps = [activate] }).Objection()?.Clause.Number);
    }

    [Fact, Cps("6-2-1-2")]
    public async Task A_step_that_is_refused_is_the_last_and_is_recorded()
    {
        await Run(Making);

        var (record, log) = await Run(Making with
        {
            Steps = [new("generate", Token: token, Key: "governor", Algorithm: "p256-sha256"), new("selfTest")],
        });

        Assert.StartsWith("CPS 6-2-1-6: key governor is there already", record.Result);
        Assert.Single(record.Steps);
        Assert.Contains("CPS 6-2-1-6", log[^2]);
    }

    [Theory]
    [InlineData("not JSON", "governor", "invalid")]
    [InlineData("unknown act", """{"act":"sign"}""", "there is no act \"sign\"")]
    [InlineData("missing field", """{"act":"generate","token":"CA","key":"k"}""", "generate needs \"algorithm\"")]
    [InlineData("strange field", """{"act":"destroy","key":"k","token":"CA"}""", "destroy takes no \"token\"")]
    [InlineData("unknown member", """{"act":"destroy","key":"k","pin":"1234"}""", "pin")]
    [InlineData("unknown algorithm", """{"act":"generate","token":"CA","key":"k","algorithm":"des"}""", "\"des\"")]
    public void What_is_wrong_with_a_file_is_said_before_anybody_is_asked(string _, string step, string reason)
    {
        var text = JsonSerializer.Serialize(Making, FormJson.Options);
        var steps = text.IndexOf("\"steps\":[", StringComparison.Ordinal) + 9;

        var error = Assert.Throws<FormatException>(() =>
            CeremonyFile.Read(Encoding.UTF8.GetBytes(text[..steps] + step + "]}")));

        Assert.Contains(reason, error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_dry_run_follows_the_file_touches_nothing_and_prints_what_happened()
    {
        CeremonyStep[] steps =
        [
            new("restore", Token: token, Key: "governor", Backup: folder["none.backup"]),
            new("renew", Threshold: 2, Custodians: [Custodian("sato"), Custodian("ito")]),
            new("deactivate", File: "/dev/shm/none"),
            new("destroy", Key: "governor"),
        ];
        var file = Making with { Steps = [.. steps] };
        var path = folder.Write("file.json", JsonSerializer.SerializeToUtf8Bytes(file, FormJson.Options));

        var answer = Tool.Run("dotnet", Path.Combine(AppContext.BaseDirectory, "jpki.dll"),
            "ceremony", "run", path, "--dry-run", "--json").Succeeded();

        var record = JsonSerializer.Deserialize<CeremonyRecord>(answer.Output, FormJson.Options)!;
        Assert.Equal(("ok", true, 4), (record.Result, record.IsDryRun, record.Steps.Length));
        Assert.False(Directory.Exists(folder["records"]));
        Assert.Empty(Directory.GetFiles(folder["sato"]));
    }

    [Fact]
    public void The_command_prints_a_pdf_and_answers_a_refusal_with_1()
    {
        var path = folder.Write("file.json", JsonSerializer.SerializeToUtf8Bytes(
            Making with { Steps = [new("selfTest")] }, FormJson.Options));
        Directory.CreateDirectory(folder["passphrases"]);
        foreach (var id in new[] { "manager", "witness", "sato", "suzuki", "tanaka" })
            SecretFile.Write(folder[$"passphrases/{id}"], Encoding.UTF8.GetBytes(QuorumHouse.PassphraseOf(id)));

        var answer = Tool.Run("dotnet", Path.Combine(AppContext.BaseDirectory, "jpki.dll"),
            "ceremony", "run", path, "--passphrases", folder["passphrases"]);

        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("CPS 6-4-1-1: there is no custody", answer.Text);
        var pdf = Assert.Single(Directory.GetFiles(folder["records"], "*.pdf"));
        Assert.Equal("%PDF-"u8, File.ReadAllBytes(pdf)[..5]);
    }

    private static Seat Person(string id) => new(id, PasswordHash.Create(QuorumHouse.PassphraseOf(id), Random));

    private CustodianSeat Custodian(string id) => new(id, Directory.CreateDirectory(folder[id]).FullName);

    private async Task<(CeremonyRecord Record, ImmutableArray<string> Log)> Run(CeremonyFile file)
    {
        using var key = LogKey.OpenOrCreate(folder["records/log.key"], "log.test/ceremony", Random);
        await using var log = FileLog.Open(folder["records/log"], key);
        CeremonyTable table = new()
        {
            Ask = question =>
            {
                asked.Add(question.Id);
                return question.Id == liar ? "something else 123" : QuorumHouse.PassphraseOf(question.Id);
            },
            Show = _ => { },
            Log = log,
            Clock = new FakeTimeProvider(),
            Random = Random,
        };
        var record = await new Ceremony(file, "d1", table).Run();
        return (record, [.. log.Log.Entries(0, long.MaxValue).Select(e => e.Json)]);
    }
}
