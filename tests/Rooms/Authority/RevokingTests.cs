using Jpki.Authority;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.Authority;

/// <summary>How certificates end, and how the lists tell of it. (CPS 4-4, 7-2)</summary>
public sealed class RevokingTests : IAsyncLifetime
{
    private AuthorityHouse house = null!;

    public async ValueTask InitializeAsync() => house = await AuthorityHouse.Open();

    public ValueTask DisposeAsync() => house.DisposeAsync();

    [Theory, Cps("4-4-2-1")]
    [InlineData(RevocationReason.KeyCompromise)]
    [InlineData(RevocationReason.CessationOfOperation)]
    public async Task At_a_counter_a_holder_gives_up_the_service_or_reports_the_key(RevocationReason reason)
    {
        var answer = await house.Revoke(await house.Issued(), reason);

        Assert.Null(Clause(answer));
    }

    [Theory, Cps("4-4-2-1")]
    [InlineData(RevocationReason.Superseded)]
    [InlineData(RevocationReason.AffiliationChanged)]
    [InlineData(RevocationReason.CaCompromise)]
    public async Task At_a_counter_no_other_reason_is_the_holders(RevocationReason reason)
    {
        var answer = await house.Revoke(await house.Issued(), reason);

        Assert.Equal("4-4-2-1", Clause(answer));
    }

    [Fact, Cps("4-4-1-2")]
    public async Task The_Authority_itself_revokes_what_it_finds_superseded()
    {
        var answer = await house.RevokeExOfficio(await house.Issued(), RevocationReason.Superseded);

        Assert.Null(Clause(answer));
    }

    [Fact, Cps("4-4-1-2")]
    public async Task The_Authority_itself_does_not_report_a_holders_key()
    {
        var answer = await house.RevokeExOfficio(await house.Issued(), RevocationReason.KeyCompromise);

        Assert.Equal("4-4-2-1", Clause(answer));
    }

    [Fact, Cps("4-4-2-4")]
    public async Task What_is_revoked_stays_revoked_for_the_first_reason()
    {
        var certificate = await house.Issued();
        await house.Revoke(certificate, RevocationReason.KeyCompromise);

        var again = await house.Revoke(certificate, RevocationReason.CessationOfOperation);

        Assert.Equal("4-4-2-4", Clause(again));
    }

    [Fact]
    public async Task The_same_paper_again_is_answered_as_before()
    {
        var certificate = await house.Issued();
        var first = await house.Revoke(certificate, RevocationReason.KeyCompromise, notice: "R-1");
        house.Clock.Advance(TimeSpan.FromHours(1));

        var again = await house.Revoke(certificate, RevocationReason.KeyCompromise, notice: "R-1");

        Assert.False(first.IsRefused(out _, out var then));
        Assert.False(again.IsRefused(out _, out var now));
        Assert.Equal(then, now);
    }

    [Fact, Cps("5-1-2-2")]
    public async Task A_terminal_ends_no_certificate_of_another_municipality()
    {
        var answer = await house.Revoke(await house.Issued(), RevocationReason.KeyCompromise, house.Elsewhere);

        Assert.Equal("5-1-2-2", Clause(answer));
    }

    [Fact, Cps("4-4-9"), Cps("7-2-1")]
    public async Task Sixty_three_lists_and_the_ARL_are_issued_for_72_hours_and_are_due_again_after_24()
    {
        var run = await house.Room.Crls.Issue("scheduled", "test");
        var lists = house.Lists(run);

        Assert.Equal(64, lists.Count);
        Assert.All(lists.Values, crl =>
        {
            Assert.Equal(house.Clock.GetUtcNow(), crl.ThisUpdate);
            Assert.Equal(crl.ThisUpdate.AddHours(72), crl.NextUpdate);
            Assert.True(crl.IsSignedBy(house.Room.Governor.TrustAnchor.PublicKey));
        });
        Assert.Equal(run.ThisUpdateAt.AddHours(24), house.Room.Crls.DueAt);
    }

    [Fact, Cps("7-2-1")]
    public async Task A_revoked_serial_is_on_its_municipalitys_list_and_on_no_other()
    {
        var certificate = await house.Issued();
        await house.Revoke(certificate, RevocationReason.KeyCompromise);

        var lists = house.Lists(await house.Room.Crls.Issue("on demand", "test"));

        var holding = lists.Where(l => l.Value.Entries().Any(e => e.Serial == certificate.Serial)).ToList();
        Assert.Equal(AuthorityHouse.Kawagoe, Assert.Single(holding).Key);
        Assert.Equal((int)CrlReason.KeyCompromise, Assert.Single(holding[0].Value.Entries()).ReasonCode);
    }

    [Fact, Cps("4-4-9")]
    public async Task An_expired_certificate_leaves_the_list_after_it_was_on_one_issued_past_its_end()
    {
        var certificate = await house.Issued();
        await house.Revoke(certificate, RevocationReason.KeyCompromise);
        await house.Room.Crls.Issue("scheduled", "test");
        house.Clock.SetUtcNow(certificate.NotAfter.AddHours(1));

        var first = house.Lists(await house.Room.Crls.Issue("scheduled", "test"));
        house.Clock.Advance(TimeSpan.FromHours(24));
        var second = house.Lists(await house.Room.Crls.Issue("scheduled", "test"));

        Assert.Single(first[AuthorityHouse.Kawagoe].Entries());
        Assert.Empty(second[AuthorityHouse.Kawagoe].Entries());
    }

    [Fact]
    public async Task A_certificate_that_a_crash_left_half_done_is_closed_as_revoked_before_anything_new()
    {
        var key = await house.Room.Store.Write(tx => Books.Intend(tx, new()
        {
            Generation = 1,
            Kind = CertificateKind.Resident,
            Subject = "2026112410000000001" + AuthorityHouse.Kawagoe + "T001",
            NotBefore = house.Clock.GetUtcNow(),
            NotAfter = house.Clock.GetUtcNow().AddYears(3),
            KeyDigest = new byte[32],
            Municipality = AuthorityHouse.Kawagoe,
            Holder = new byte[32],
            NoticeId = "N-crash",
            Notice = [],
            Signature = [],
        }, house.Room.Keys));
        var serial = house.Room.Keys.SerialOf(key);

        await house.Restart();
        var lists = house.Lists(await house.Room.Crls.Issue("on demand", "test"));

        Assert.Contains(lists[AuthorityHouse.Kawagoe].Entries(), e => e.Serial == serial);
        Assert.Contains("abandoned intent revoked", house.Log());
    }

    private static string? Clause(Outcome<RevocationAnswer> outcome) =>
        outcome.IsRefused(out var refusal, out _) ? refusal.Clause.Number : null;
}
