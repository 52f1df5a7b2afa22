using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Tests.Rooms.ControlRoom;
using Xunit;

namespace Jpki.Tests.Rooms.Authority;

/// <summary>What the Authority believes of the control room's word. (CPS 5-2-2)</summary>
public sealed class ApprovedOrderTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 3, 0, 0, TimeSpan.Zero);

    private static readonly byte[] Order = Encoding.UTF8.GetBytes("""{"why":"試験"}""");

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private readonly Caller controlRoom;

    public ApprovedOrderTests() => controlRoom = ConsoleHouse.NewCaller(CallerRole.ControlRoom, "control-room", key);

    public void Dispose() => key.Dispose();

    public static TheoryData<string, string> Faults { get; } = new()
    {
        { "only one", "5-2-1-1(6)" },
        { "the same person twice", "5-2-2①" },
        { "the same card twice", "5-2-2①" },
        { "another's duty", "5-2-1-1(6)" },
        { "for other work", "5-2-2①" },
        { "too old", "5-2-2①" },
    };

    /// <summary>What else somebody can try who gets at the papers on their way.</summary>
    public static TheoryData<string, string> Tricks { get; } = new()
    {
        { "altered", "5-2-3" },
        { "of an altered order", "5-2-2①" },
        { "under another's signature", "5-2-3" },
        { "replayed", "5-2-2①" },
    };

    [Fact, Cps("5-2-2①")]
    public void Two_senior_operators_word_for_this_very_order_is_believed()
    {
        var proved = Approvals.Prove<PublishOrder>(Papers(Good), Duties.IssueCrlsNow, controlRoom, Noon);

        Assert.Equal("試験", proved.Value?.Order.Why);
        Assert.Equal("senior-1+senior-2", proved.Value?.Officers);
    }

    [Theory, MemberData(nameof(Faults)), Cps("5-2-2①"), Cps("5-2-1-1(6)")]
    public void An_approval_is_refused_that_is(string fault, string clause)
    {
        var refused = Approvals.Prove<PublishOrder>(Papers(Bad(fault)), Duties.IssueCrlsNow, controlRoom, Noon);

        Assert.Equal(clause, refused.Refusal?.Clause.Number);
    }

    [Theory, MemberData(nameof(Faults)), MemberData(nameof(Tricks)), Cps("5-2-2①"), Cps("5-2-3"), Cps("4-11-2")]
    public async Task The_door_says_the_clause_logs_it_and_does_nothing_on_an_approval_that_is(
        string fault, string clause)
    {
        await using var house = await AuthorityHouse.Open();
        house.Clock.SetUtcNow(Noon);
        await using var door = await AuthorityDoor.Open(house, CallerRole.ControlRoom, "control-room");
        var approved = new ApprovedOrder { Approval = door.Sign(Bad(fault)), Order = Order };
        var runs = 0L;
        if (fault == "replayed")
        {
            await door.Post("operators/publications", approved);
            runs = house.Room.Crls.LastRun!.Number;
        }

        var (status, text) = await door.Post("operators/publications", Tampered(approved, fault));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Equal(
            $"CPS {clause}", JsonSerializer.Deserialize<JsonElement>(text).GetProperty("title").GetString());
        Assert.Contains("refused\",", house.Log(), StringComparison.Ordinal);
        Assert.Contains($"CPS {clause.TrimEnd('①')}", house.Log(), StringComparison.Ordinal);
        Assert.Equal(runs, house.Room.Crls.LastRun?.Number ?? 0);
    }

    [Fact, Cps("5-2-2①")]
    public void An_altered_order_is_refused()
    {
        var altered = Papers(Good) with { Order = Encoding.UTF8.GetBytes("""{"why":"別"}""") };

        var refused = Approvals.Prove<PublishOrder>(altered, Duties.IssueCrlsNow, controlRoom, Noon);

        Assert.Equal("5-2-2①", refused.Refusal?.Clause.Number);
    }

    [Fact, Cps("5-2-3")]
    public void An_approval_under_another_signature_is_refused()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        ApprovedOrder forged = new() { Approval = SignedForm.Sign(Good, other), Order = Order };

        var refused = Approvals.Prove<PublishOrder>(forged, Duties.IssueCrlsNow, controlRoom, Noon);

        Assert.Equal("5-2-3", refused.Refusal?.Clause.Number);
    }

    [Fact, Cps("5-2-2②")]
    public void Instructed_work_is_refused_without_the_instruction()
    {
        var revocation = Good with { Duty = Duties.RevokeExOfficio.Name };

        Assert.Equal("5-2-2②", Approvals.Objection(Duties.RevokeExOfficio, revocation)?.Clause.Number);
        Assert.Null(Approvals.Objection(Duties.RevokeExOfficio, revocation with { InstructedBy = "manager" }));
    }

    [Fact, Cps("5-2-2①")]
    public async Task An_approval_is_used_once()
    {
        await using var house = await AuthorityHouse.Open();
        var approved = Approvals.Prove<PublishOrder>(Papers(Good), Duties.IssueCrlsNow, controlRoom, Noon).Value!;

        var first = await house.Room.Crls.Issue(approved);
        var again = await house.Room.Crls.Issue(approved);

        Assert.Null(first.Refusal);
        Assert.Equal("5-2-2①", again.Refusal?.Clause.Number);
        Assert.Equal(1, house.Room.Crls.LastRun?.Number);
        Assert.Contains("CRLs and ARL refused", house.Log());
    }

    private static ActApproval Bad(string fault) => fault switch
    {
        "only one" => Good with { Consents = [Yes("senior-1", "A")] },
        "the same person twice" => Good with { Consents = [Yes("senior-1", "A"), Yes("senior-1", "B")] },
        "the same card twice" => Good with { Consents = [Yes("senior-1", "A"), Yes("senior-2", "A")] },
        "another's duty" => Good with
        {
            Consents = [Yes("senior-1", "A"), Yes("custodian", "B") with { Roles = [Role.KeyCustodian] }],
        },
        "for other work" => Good with { Duty = Duties.RevokeExOfficio.Name },
        "too old" => Good with { ExpiresAt = Noon },
        _ => Good,
    };

    private ApprovedOrder Tampered(ApprovedOrder papers, string fault) => fault switch
    {
        "altered" => papers with
        {
            Approval = papers.Approval with
            {
                Body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(papers.Approval.Body)
                    .Replace("senior-2", "senior-3", StringComparison.Ordinal)),
            },
        },
        "of an altered order" => papers with { Order = Encoding.UTF8.GetBytes("""{"why":"別"}""") },
        "under another's signature" => papers with { Approval = SignedForm.Sign(Good, key) },
        _ => papers,
    };

    private static ActApproval Good { get; } = new()
    {
        Id = "0123456789abcdef",
        Duty = Duties.IssueCrlsNow.Name,
        Digest = SHA256.HashData(Order),
        Consents = [Yes("senior-1", "A"), Yes("senior-2", "B")],
        InstructedBy = null,
        ExpiresAt = Noon.AddHours(24),
    };

    private static Consent Yes(string officer, string card) => new(officer, [Role.SeniorOperator], card, Noon);

    private ApprovedOrder Papers(ActApproval approval) =>
        new() { Approval = SignedForm.Sign(approval, key), Order = Order };
}
