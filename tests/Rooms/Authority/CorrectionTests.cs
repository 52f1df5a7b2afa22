using Jpki.Authority;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.Authority;

/// <summary>What the registers, and the books themselves, make the Authority correct. (CPS 4-4-1-1)</summary>
public sealed class CorrectionTests : IAsyncLifetime
{
    private AuthorityHouse house = null!;

    public async ValueTask InitializeAsync() => house = await AuthorityHouse.Open();

    public ValueTask DisposeAsync() => house.DisposeAsync();

    [Fact, Cps("4-4-1-1"), Cps("2-1-2(25)")]
    public async Task A_list_of_register_events_ends_what_it_names_and_reports_what_it_does_not_match()
    {
        var bySerial = await house.Issued("架空　一郎");
        var byPerson = house.Notice("架空　二郎");
        await house.Issue(byPerson);
        var stranger = house.Notice("架空　三郎").Attributes;

        var report = await Send(List("L1",
            new() { Event = RegisterEventKind.Died, Serial = bySerial.Serial.ToString() },
            new() { Event = RegisterEventKind.AttributesChanged, Holder = byPerson.Attributes },
            new() { Event = RegisterEventKind.Left, Holder = stranger },
            new() { Event = RegisterEventKind.Left, Serial = "00FF" }));

        Assert.Equal(
            [(1, RevocationReason.CessationOfOperation), (2, RevocationReason.AffiliationChanged)],
            report.Value!.Ended.Select(e => (e.Number, e.Revocation.Reason)));
        Assert.Equal([(3, "4-4-1-1"), (4, "4-4-2")], report.Value.Unmatched.Select(u => (u.Number, u.Clause)));
    }

    [Fact]
    public async Task The_same_list_again_is_reported_on_as_before_and_another_under_its_number_is_refused()
    {
        var certificate = await house.Issued();
        RegisterEvent died = new() { Event = RegisterEventKind.Died, Serial = certificate.Serial.ToString() };
        var list = List("L1", died);
        var first = await Send(list);
        await house.Restart();

        var again = await Send(list);
        var other = await Send(List("L1", died, died));

        Assert.Equal(first.Value!.Ended.Single(), again.Value!.Ended.Single());
        Assert.Equal("4-2-1", other.Refusal?.Clause.Number);
    }

    [Fact, Cps("5-1-2-2")]
    public async Task No_list_ends_a_certificate_of_another_municipality()
    {
        var certificate = await house.Issued();
        var list = List("L1", new RegisterEvent { Event = RegisterEventKind.Died, Serial = $"{certificate.Serial}" });

        var signedElsewhere = await new RegisterEventDesk(house.Room)
            .Take(AuthorityHouse.Signed(list, house.Elsewhere), house.Elsewhere);
        var elsewhere = list with { Municipality = AuthorityHouse.Hanno };
        var reported = await new RegisterEventDesk(house.Room)
            .Take(AuthorityHouse.Signed(elsewhere, house.Elsewhere), house.Elsewhere);

        Assert.Equal("5-1-2-2", signedElsewhere.Refusal?.Clause.Number);
        Assert.Equal("5-1-2-2", Assert.Single(reported.Value!.Unmatched).Clause);
    }

    [Fact, Cps("4-2-3"), Cps("4-4-4-2")]
    public async Task Of_two_live_certificates_found_later_the_newer_ends_as_superseded()
    {
        var older = await house.Issued();
        var newer = await house.Issued("架空　花子");
        await house.Room.Store.Write(tx => tx.Execute(
            "UPDATE certificate SET holder = (SELECT MIN(holder) FROM certificate WHERE kind = @kind) "
            + "WHERE kind = @kind", new { kind = (long)CertificateKind.Resident }));

        var ended = await DoubleIssues.End(house.Room);
        var again = await DoubleIssues.End(house.Room);
        var lists = house.Lists(await house.Room.Crls.Issue("on demand", "test"));

        Assert.Equal((1, 0), (ended, again));
        var entry = Assert.Single(lists[AuthorityHouse.Kawagoe].Entries());
        Assert.Equal((newer.Serial, (int)CrlReason.Superseded), (entry.Serial, entry.ReasonCode));
        Assert.NotEqual(older.Serial, entry.Serial);
    }

    [Fact, Cps("3-2"), Cps("4-4-4-2")]
    public async Task A_renewal_ends_the_old_certificate_when_the_new_one_is_recorded()
    {
        var old = await house.Issued();

        var renewed = await house.Issue(house.Notice(with: n => n with { Renews = old.Serial.ToString() }));
        var lists = house.Lists(await house.Room.Crls.Issue("on demand", "test"));

        Assert.Null(renewed.Refusal);
        var entry = Assert.Single(lists[AuthorityHouse.Kawagoe].Entries());
        Assert.Equal((old.Serial, (int)CrlReason.Superseded), (entry.Serial, entry.ReasonCode));
    }

    [Fact, Cps("3-2")]
    public async Task A_renewal_of_somebody_elses_certificate_is_refused_and_ends_nothing()
    {
        var others = await house.Issued("架空　花子");

        var refused = await house.Issue(house.Notice(with: n => n with { Renews = others.Serial.ToString() }));

        Assert.Equal("3-2", refused.Refusal?.Clause.Number);
        Assert.Empty(house.Lists(await house.Room.Crls.Issue("on demand", "test"))[AuthorityHouse.Kawagoe].Entries());
    }

    private Task<Outcome<RegisterEventReport>> Send(RegisterEventList list) =>
        new RegisterEventDesk(house.Room).Take(AuthorityHouse.Signed(list, house.Terminal), house.Terminal);

    private RegisterEventList List(string id, params RegisterEvent[] events) => new()
    {
        NoticeId = id,
        Municipality = AuthorityHouse.Kawagoe,
        Officer = "kawagoe-1",
        At = house.Clock.GetUtcNow(),
        Events = events,
    };
}
