using System.Text.Json;
using Jpki.ControlRoom.Ceremonies;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Hsm.Ceremonies;
using Xunit;

namespace Jpki.Tests.Rooms.ControlRoom;

/// <summary>Ceremonies are agreed on before anybody goes to the HSM, and their records kept. (CPS 6-1-1-1)</summary>
public sealed class CeremonyDeskTests : IAsyncLifetime
{
    private ConsoleHouse house = null!;

    public async ValueTask InitializeAsync() => house = await ConsoleHouse.Open(
        "manager", "custodian-1", "custodian-2", "senior-1", "senior-2", "auditor");

    public ValueTask DisposeAsync() => house.DisposeAsync();

    [Fact, Cps("6-1-1-1"), Cps("5-2-1-1(2)")]
    public async Task Two_key_custodians_agree_on_a_file_and_it_is_followed_with_the_officers_own_passwords()
    {
        var planned = await Planned(File);

        Assert.Equal(CeremonyFile.DigestOf(planned.File), planned.Digest);
        Assert.StartsWith("$argon2id$", planned.Plan.InstructedBy.Password, StringComparison.Ordinal);
        Assert.All(planned.Plan.SeniorOperators, s => Assert.True(
            Jpki.Hsm.PasswordHash.Verify(ConsoleHouse.Password, s.Password)));
    }

    [Theory, Cps("5-2-1-1"), Cps("5-2-2①")]
    [InlineData("a senior operator's chair for a custodian", "5-2-2①")]
    [InlineData("somebody who is no officer", "5-2-1-1")]
    [InlineData("a custodian's chair for the auditor", "5-2-1-1")]
    [InlineData("only one custodian", "6-2-1-2")]
    public async Task A_file_is_refused_with(string fault, string clause)
    {
        var file = fault switch
        {
            "a senior operator's chair for a custodian" =>
                File with { SeniorOperators = [new("custodian-1", ""), new("senior-2", "")] },
            "somebody who is no officer" => File with { Witness = new("stranger", "") },
            "a custodian's chair for the auditor" => File with
            {
                Witness = new("senior-1", ""),
                SeniorOperators = [],
                Custodians = [new("custodian-1", "a"), new("auditor", "b")],
            },
            _ => File with { Custodians = [new("custodian-1", "a")] },
        };

        Assert.Equal(clause, ConsoleHouse.Clause(await Propose(file)));
    }

    [Fact, Cps("4-12-1-1")]
    public async Task The_record_of_this_very_file_is_kept_and_no_other()
    {
        var planned = await Planned(File);
        var desk = house.Console.Ceremonies;
        var manager = await house.OnDuty("manager");
        var record = Record(planned.Digest);

        Assert.Equal("6-1-1-1", ConsoleHouse.Clause(await desk.Attach(manager, planned.Id, [1, 2])));
        Assert.Equal("6-1-1-1", ConsoleHouse.Clause(
            await desk.Attach(manager, planned.Id, Octets(record with { Digest = new('0', 64) }))));
        Assert.Equal("6-1-1-1", ConsoleHouse.Clause(
            await desk.Attach(manager, planned.Id, Octets(record with { IsDryRun = true }))));
        Assert.Equal("5-2-1-1(1)", ConsoleHouse.Clause(
            await desk.Attach(await house.OnDuty("auditor"), planned.Id, Octets(record))));
        var kept = ConsoleHouse.Done(await desk.Attach(manager, planned.Id, Octets(record)));

        Assert.Equal("ok", kept.Record?.Result);
        Assert.Equal("4-12-2-3", ConsoleHouse.Clause(await desk.Attach(manager, planned.Id, Octets(record))));
        Assert.Contains(Ceremony.DigestOf(record), house.Log());
    }

    private static CeremonyFile File { get; } = new()
    {
        Title = "知事の鍵の生成",
        Custody = "/custody",
        Records = "/records",
        InstructedBy = new("manager", ""),
        Witness = new("auditor", ""),
        SeniorOperators = [new("senior-1", ""), new("senior-2", "")],
        Custodians = [new("custodian-1", "a"), new("custodian-2", "b")],
        Steps = [new("establish", Threshold: 2)],
    };

    private static CeremonyRecord Record(string digest) => new()
    {
        Title = File.Title,
        Digest = digest,
        IsDryRun = false,
        BeganAt = new(2026, 11, 24, 1, 0, 0, TimeSpan.Zero),
        EndedAt = new(2026, 11, 24, 2, 0, 0, TimeSpan.Zero),
        InstructedBy = "manager",
        Witness = "auditor",
        SeniorOperators = ["senior-1", "senior-2"],
        Custodians = ["custodian-1", "custodian-2"],
        Steps = [],
        Result = "ok",
    };

    private static byte[] Octets(CeremonyRecord record) =>
        JsonSerializer.SerializeToUtf8Bytes(record, FormJson.Indented);

    private async Task<Outcome<Jpki.ControlRoom.Acts.ActStep>> Propose(CeremonyFile file) => await house.Propose(
        "custodian-1", "ceremony", new CeremonyOrder(JsonSerializer.Serialize(file, FormJson.Options)),
        await house.Instructed(Duties.HoldCeremonies));

    private async Task<PlannedCeremony> Planned(CeremonyFile file)
    {
        var proposed = ConsoleHouse.Done(await Propose(file));
        var done = ConsoleHouse.Done(await house.Consent("custodian-2", proposed.Act));
        return house.Console.Ceremonies.Find(done.Act.Id)!;
    }
}
