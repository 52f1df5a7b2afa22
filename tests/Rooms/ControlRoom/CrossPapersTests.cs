using System.Security.Cryptography;
using System.Text.Json;
using Jpki.ControlRoom.Acts;
using Jpki.ControlRoom.Cross;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.ControlRoom;

/// <summary>Papers about cross certificates, from hand to hand. (CPS 5-2-1-1(3)(4)(5)(6))</summary>
public sealed class CrossPapersTests : IAsyncLifetime
{
    private readonly TestKey bridge = TestKey.Rsa();
    private ConsoleHouse house = null!;

    public async ValueTask InitializeAsync() => house = await ConsoleHouse.Open(
        "manager", "senior-1", "senior-2", "reception", "examiner", "approver");

    public async ValueTask DisposeAsync()
    {
        await house.DisposeAsync();
        bridge.Dispose();
    }

    [Fact, Cps("5-2-1-1(3)"), Cps("5-2-1-1(4)"), Cps("5-2-1-1(5)"), Cps("5-2-1-1(6)"), Cps("4-7"), Cps("4-8")]
    public async Task Received_examined_approved_and_issued_by_two_with_a_receipt_at_the_end()
    {
        await Receive();
        house.Restart();
        await Examine();
        house.Restart();
        var approved = ConsoleHouse.Done(await Approve());
        var proposed = ConsoleHouse.Done(await Propose(approved));
        Assert.Equal(ActState.Waiting, proposed.Act.State);

        ConsoleHouse.Done(await house.Consent("senior-2", proposed.Act));

        var done = house.Console.Cross.Find(Id)!;
        Assert.Equal(CrossState.Done, done.State);
        Assert.Equal(["reception", "examiner", "approver"], done.Stages.Select(s => s.Officer));
        Assert.Equal(PrefectureNames.Sandbox.Partners[0], Certificate.Read(done.Answer!.Certificate).Subject);
        var filed = await house.Console.Cross.File(await house.OnDuty("reception"), Id, "BCA 第 1 号");
        Assert.Equal("BCA 第 1 号", ConsoleHouse.Done(filed).Receipt);
    }

    [Theory, Cps("5-2-1-1(3)"), Cps("5-2-1-1(4)"), Cps("5-2-1-1(5)")]
    [InlineData("manager")]
    [InlineData("senior-1")]
    public async Task Nobody_else_receives_examines_or_approves(string officer)
    {
        Assert.Equal("5-2-1-1(3)", ConsoleHouse.Clause(await Receive(by: officer)));
        await Receive();
        Assert.Equal("5-2-1-1(4)", ConsoleHouse.Clause(await Examine(by: officer)));
        await Examine();
        Assert.Equal("5-2-1-1(5)", ConsoleHouse.Clause(await Approve(by: officer)));
    }

    [Fact, Cps("5-2-1-1(5)")]
    public async Task No_stage_is_passed_over_and_none_is_gone_through_twice()
    {
        await Receive();
        Assert.Equal("5-2-1-1(4)", ConsoleHouse.Clause(await Approve()));
        await Examine();

        Assert.Equal("5-2-1-1(4)", ConsoleHouse.Clause(await Examine()));
    }

    [Fact, Cps("5-2-1-1(4)")]
    public async Task What_an_examiner_rejects_goes_no_further()
    {
        await Receive();
        await Examine(passes: false);

        Assert.Equal("5-2-1-1(4)", ConsoleHouse.Clause(await Approve()));
        Assert.Equal(CrossState.Rejected, house.Console.Cross.Find(Id)!.State);
        Assert.Null(house.Console.Cross.Find(Id)!.Order);
    }

    [Fact, Cps("5-2-1-1(5)")]
    public async Task Nothing_but_what_was_approved_is_proposed()
    {
        await Receive();
        await Examine();
        var approved = ConsoleHouse.Done(await Approve());
        var other = JsonSerializer.Deserialize<CrossOrder<CrossRequest>>(approved.Order!, FormJson.Options)!;

        var refused = await Propose(
            approved, other with { Subject = other.Subject with { Occasion = CrossOccasion.OursEnds } });

        Assert.Equal("5-2-1-1(5)", ConsoleHouse.Clause(refused));
        Assert.Null(house.Authority.Room.Crls.LastRun);
    }

    [Theory, Cps("4-7"), Cps("6-1-1-5"), Cps("4-10-1")]
    [InlineData("no file", "4-7", "subject")]
    [InlineData("no request", "4-7", "subject")]
    [InlineData("half a fingerprint", "6-1-1-5", "keySha256")]
    [InlineData("no serial number", "4-10-1", "serial")]
    public async Task What_is_no_request_is_not_received_and_the_field_is_named(
        string fault, string clause, string field)
    {
        var form = fault == "no serial number" ? Reception() with { Work = CrossWorks.Revocation } : Reception();
        object subject = fault switch
        {
            "no file" => Request() with { CertificationRequest = [] },
            "no request" => Request() with { CertificationRequest = [1] },
            "half a fingerprint" => Request() with { KeySha256 = new('A', 32) },
            _ => new CrossRevocation("第一号", CrossEnd.Termination, CrossParty.Bridge),
        };

        var refused = await house.Console.Cross.Receive(await house.OnDuty("reception"), form with
        {
            Subject = JsonSerializer.SerializeToElement(subject, FormJson.Options),
        });

        Assert.Equal((clause, field), (ConsoleHouse.Clause(refused), refused.Refusal?.Field));
        Assert.Empty(house.Console.Cross.All);
        Assert.Contains($"refused CPS {clause}", house.Log());
    }

    [Fact, Cps("5-2-2②")]
    public async Task Without_the_CA_managers_instruction_nobody_issues()
    {
        await Receive();
        await Examine();
        var approved = ConsoleHouse.Done(await Approve());

        var refused = await house.Propose(
            "senior-1", CrossWorks.Issue, JsonSerializer.Deserialize<JsonElement>(approved.Order!));

        Assert.Equal("5-2-2②", ConsoleHouse.Clause(refused));
    }

    [Fact, Cps("6-1-1-5"), Cps("4-7")]
    public async Task What_the_Authority_refuses_is_there_to_be_inspected_with_its_papers()
    {
        var form = Reception() with
        {
            Subject = JsonSerializer.SerializeToElement(
                Request() with { KeySha256 = new('0', 64) }, FormJson.Options),
        };
        ConsoleHouse.Done(await house.Console.Cross.Receive(await house.OnDuty("reception"), form));
        await Examine();
        var proposed = ConsoleHouse.Done(await Propose(ConsoleHouse.Done(await Approve())));

        Assert.Equal("6-1-1-5", ConsoleHouse.Clause(await house.Consent("senior-2", proposed.Act)));

        var kept = (await house.Console.Authority.Get<CrossRefusal[]>("operators/cross/refusals")).Value!;
        Assert.Equal(("6-1-1-5", Id), (Assert.Single(kept).Clause, kept[0].Case));
        Assert.Contains(new string('0', 64), $"{kept[0].Order}", StringComparison.Ordinal);
    }

    private const string Id = "case-0001";

    private CrossRequest Request() => new()
    {
        Occasion = CrossOccasion.First,
        CertificationRequest = CertificationRequest.Create(
            PrefectureNames.Sandbox.Partners[0], bridge.PublicKey, bridge.Algorithm, bridge.SignHash),
        KeySha256 = Convert.ToHexString(SHA256.HashData(bridge.PublicKey.Der.Span)),
    };

    private CrossReception Reception() => new()
    {
        Id = Id,
        Work = CrossWorks.Issue,
        Subject = JsonSerializer.SerializeToElement(Request(), FormJson.Options),
        RequesterProof = "届出と印影を照合した",
        ConnectionTest = "合格",
        Finding = "受け付けた",
    };

    private async Task<Outcome<CrossCase>> Receive(string by = "reception") =>
        await house.Console.Cross.Receive(await house.OnDuty(by), Reception());

    private async Task<Outcome<CrossCase>> Examine(string by = "examiner", bool passes = true) =>
        await house.Console.Cross.Examine(await house.OnDuty(by), Id, new("所見", passes));

    private async Task<Outcome<CrossCase>> Approve(string by = "approver") =>
        await house.Console.Cross.Approve(await house.OnDuty(by), Id, new("所見", Passes: true));

    private async Task<Outcome<ActStep>> Propose(CrossCase approved, object? order = null) => await house.Propose(
        "senior-1", CrossWorks.Issue, order ?? JsonSerializer.Deserialize<JsonElement>(approved.Order!),
        await house.Instructed(Duties.IssueCrossCertificate));
}
