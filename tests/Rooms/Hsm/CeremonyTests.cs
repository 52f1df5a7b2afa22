using System.Text;
using System.Text.Json;
using Jpki.Forms;
using Jpki.Hsm;
using Jpki.Hsm.Ceremonies;
using Jpki.Hsm.Quorum;
using Jpki.Ledger;
using Xunit;

namespace Jpki.Tests.Rooms.Hsm;

[Collection(QuorumHouse.TakesTokens)]
public sealed class CeremonyTests : IDisposable
{
    private readonly CeremonyHouse house = new();

    public CeremonyTests(SoftHsm _)
    {
    }

    private string Token => house.Token;

    private CeremonyFile Making => house.File(
        new("establish", Threshold: 2),
        new("initialise", Token: Token, Module: SoftHsm.Module),
        new("generate", Token: Token, Key: "governor", Algorithm: "p256-sha256", Backup: house["backup"]));

    public void Dispose() => house.Dispose();

    [Fact, Cps("6-1-1-1"), Cps("5-2-2②"), Cps("5-2-2③")]
    public async Task A_ceremony_asks_each_in_turn_and_leaves_a_sealed_record()
    {
        var (record, log) = await house.Run(Making);

        Assert.Equal("ok", record.Result);
        Assert.Equal(["manager", "sato", "suzuki", "tanaka", "witness"], house.Asked);
        Assert.All(record.Steps, s => Assert.Equal("ok", s.Result));
        Assert.Equal(5, log.Length);
        Assert.Contains("key ceremony begun", log[0]);
        Assert.Contains(Ceremony.DigestOf(record), log[^1]);
        Assert.Contains("key ceremony step 3: generate", log[3]);
        Assert.All(await LedgerVerifier.Verify(house["records/log"],
            [LogPublicKey.Read(house["records/log.pub"])], []), v => Assert.True(v.IsGood));
        Assert.Contains("知事の鍵 &lt;1&gt;", RecordPage.Html(record, "head"));
    }

    [Fact, Cps("5-2-2②")]
    public async Task Without_the_managers_instruction_nothing_happens()
    {
        house.Answers["manager"] = "something else 123";

        var (record, log) = await house.Run(Making);

        Assert.StartsWith("CPS 5-2-3: wrong password of manager", record.Result);
        Assert.Empty(record.Steps);
        Assert.Equal(2, log.Length);
        Assert.Null(Custody.Open(house["custody"]));
    }

    [Fact, Cps("5-2-2③")]
    public async Task Without_the_witness_the_record_says_so()
    {
        house.Answers["witness"] = "something else 123";

        var (record, _) = await house.Run(Making);

        Assert.StartsWith("CPS 5-2-3: wrong password of witness", record.Result);
        Assert.Equal(3, record.Steps.Length);
    }

    [Fact, Cps("5-2-1-1(6)"), Cps("6-2-1-7"), Cps("6-2-1-8")]
    public async Task Operators_open_before_custodians_activate_and_again_to_deactivate()
    {
        var file = house.Activation;
        await house.Run(Making);
        house.Asked.Clear();

        var (record, _) = await house.Run(Making with
        {
            Custodians =
            [
                house.Custodian("sato"), house.Custodian("suzuki"),
                house.Custodian("tanaka") with { IsPresent = false },
            ],
            Steps = [new("activate", Token: Token, File: file), new("deactivate", File: file)],
        });

        Assert.Equal("ok", record.Result);
        Assert.Equal(["manager", "op1", "op2", "sato", "suzuki", "witness"], house.Asked);
        Assert.False(File.Exists(file));
    }

    [Fact, Cps("5-2-2①"), Cps("5-2-1-1(6)"), Cps("6-2-1-2")]
    public void Nobody_sits_on_two_chairs_and_no_chair_that_takes_two_is_held_by_one()
    {
        var op1 = CeremonyHouse.Person("op1");
        CeremonyStep activate = new("activate", Token: Token, File: "/dev/shm/x");

        Assert.Null(Making.Objection());
        Assert.Equal("5-2-2①", (Making with { Witness = CeremonyHouse.Person("sato") }).Objection()?.Clause.Number);
        Assert.Equal("5-2-2①",
            (Making with { SeniorOperators = [op1, op1] }).Objection()?.Clause.Number);
        Assert.Equal("6-2-1-2", (Making with { Custodians = [house.Custodian("sato")] }).Objection()?.Clause.Number);
        Assert.Equal("5-2-1-1(6)",
            (Making with { SeniorOperators = [op1], Steps = [activate] }).Objection()?.Clause.Number);
    }

    [Fact, Cps("6-2-1-2")]
    public async Task A_step_that_is_refused_is_the_last_and_is_recorded()
    {
        await house.Run(Making);

        var (record, log) = await house.Run(Making with
        {
            Steps = [new("generate", Token: Token, Key: "governor", Algorithm: "p256-sha256"), new("selfTest")],
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
            new("restore", Token: Token, Key: "governor", Backup: house["none.backup"]),
            new("renew", Threshold: 2, Custodians: [house.Custodian("sato"), house.Custodian("ito")]),
            new("deactivate", File: "/dev/shm/none"),
            new("destroy", Key: "governor"),
        ];
        var file = Making with { Steps = [.. steps] };
        var path = Write(JsonSerializer.SerializeToUtf8Bytes(file, FormJson.Options));

        var answer = Tool.Run("dotnet", Path.Combine(AppContext.BaseDirectory, "jpki.dll"),
            "ceremony", "run", path, "--dry-run", "--json").Succeeded();

        var record = JsonSerializer.Deserialize<CeremonyRecord>(answer.Output, FormJson.Options)!;
        Assert.Equal(("ok", true, 4), (record.Result, record.IsDryRun, record.Steps.Length));
        Assert.False(Directory.Exists(house["records"]));
        Assert.Empty(Directory.GetFiles(house["sato"]));
    }

    [Fact]
    public void The_command_prints_a_pdf_and_answers_a_refusal_with_1()
    {
        var path = Write(JsonSerializer.SerializeToUtf8Bytes(
            Making with { Steps = [new("selfTest")] }, FormJson.Options));
        Directory.CreateDirectory(house["passphrases"]);
        foreach (var id in new[] { "manager", "witness", "sato", "suzuki", "tanaka" })
            SecretFile.Write(house[$"passphrases/{id}"], Encoding.UTF8.GetBytes(QuorumHouse.PassphraseOf(id)));

        var answer = Tool.Run("dotnet", Path.Combine(AppContext.BaseDirectory, "jpki.dll"),
            "ceremony", "run", path, "--passphrases", house["passphrases"]);

        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("CPS 6-4-1-1: there is no custody", answer.Text);
        var pdf = Assert.Single(Directory.GetFiles(house["records"], "*.pdf"));
        Assert.Equal("%PDF-"u8, File.ReadAllBytes(pdf)[..5]);
    }

    private string Write(byte[] octets)
    {
        File.WriteAllBytes(house["file.json"], octets);
        return house["file.json"];
    }
}
