using Jpki.Authority;
using Jpki.Cps;
using Jpki.X509;
using Jpki.X509.Paths;
using Xunit;

namespace Jpki.Tests.Rooms.Authority;

/// <summary>The governor's key is in other hands. (CPS 4-14-2, 4-4-1-3)</summary>
public sealed class CompromiseTests : IAsyncLifetime
{
    private PublishedHouse house = null!;

    public async ValueTask InitializeAsync() => house = await PublishedHouse.Open();

    public ValueTask DisposeAsync() => house.DisposeAsync();

    private AuthorityHouse Authority => house.Authority;

    [Fact, Cps("4-14-2"), Cps("4-4-1-3"), Cps("7-2-3")]
    public async Task Everything_under_the_key_is_on_the_lists_at_once_and_what_was_revoked_before_stays_as_it_was()
    {
        var (lost, live) = (await Authority.Issued("架空　一郎"), await Authority.Issued("架空　二郎"));
        await Authority.Revoke(lost, RevocationReason.KeyCompromise);
        var anchor = Authority.Room.Governor.TrustAnchor;

        var report = (await house.Declare(1)).Value!;

        Assert.True(report.IsPublished);
        Assert.Equal(CrlReason.KeyCompromise, ReasonOf(lost));
        Assert.Equal(CrlReason.CaCompromise, ReasonOf(live));
        Assert.Equal(CrlReason.CaCompromise, ReasonOf(anchor));
    }

    [Fact, Cps("4-14-2")]
    public async Task Nothing_is_issued_until_there_is_a_new_key()
    {
        await house.Declare(1);

        Assert.Equal("4-14-2", (await Authority.Issue(Authority.Notice())).Refusal?.Clause.Number);
        await house.Restart();
        Assert.Equal("4-14-2", (await Authority.Issue(Authority.Notice())).Refusal?.Clause.Number);

        var made = (await house.Renew(2)).Value!;
        Assert.Empty(made.Links);
        Assert.True((await Authority.Issued()).IsSignedBy(Certificate.Read(made.SelfSigned).PublicKey));
    }

    [Fact, Cps("4-14-2"), Cps("4-2-3")]
    public async Task A_holder_whose_certificate_went_with_the_key_is_given_another()
    {
        var lost = await Authority.Issued();
        await house.Declare(1);
        await house.Renew(2);

        var answer = await Authority.Revoke(lost, RevocationReason.CessationOfOperation);
        var another = await Authority.Issued();

        Assert.Equal("4-4-2-4", answer.Refusal?.Clause.Number);
        Assert.Null(Objection(another, Authority.Room.TrustAnchors.Single()));
    }

    [Fact, Cps("4-14-2"), Cps("7-1-4")]
    public async Task Of_two_generations_the_younger_no_longer_vouches_for_the_older_and_goes_on()
    {
        var old = await Authority.Issued("架空　一郎");
        await house.Renew(2);
        var anchor = Authority.Room.Governor.TrustAnchor;
        Assert.Null(Objection(old, anchor));

        await house.Declare(1);

        Assert.NotNull(Objection(old, anchor));
        var vouching = house.Certificates.Single(c => !c.PublicKey.Equals(anchor.PublicKey)
            && c.IsSignedBy(anchor.PublicKey));
        Assert.Equal(CrlReason.CaCompromise, ReasonOf(vouching));
        Assert.Null(Objection(await Authority.Issued("架空　二郎"), anchor));
    }

    [Fact, Cps("4-14-2")]
    public async Task While_the_Repository_is_away_it_stops_and_goes_on_with_a_restart()
    {
        var live = await Authority.Issued();
        house.IsReachable = false;
        var declared = (await house.Declare(1)).Value!;
        Assert.False(declared.IsPublished);

        await house.Restart();
        house.IsReachable = true;
        Authority.Clock.Advance(TimeSpan.FromMinutes(1));
        await house.DoWhatIsDue();

        var report = Authority.Room.Compromises.Report(1)!;
        Assert.Equal(CrlReason.CaCompromise, ReasonOf(live));
        Assert.Equal(5, report.Steps.Length);
        Assert.Equal(Compromises.Shelved, report.Steps[^1].Step);
    }

    [Fact, Cps("4-4-1-3"), Cps("4-14-2")]
    public async Task The_public_and_the_bridge_are_told_and_no_one_is_named()
    {
        await Authority.Issued("架空　太郎");

        var report = (await house.Declare(1)).Value!;

        Assert.Contains("危殆化", report.PublicNotice, StringComparison.Ordinal);
        Assert.Equal([report.PublicNotice], Authority.Room.Compromises.Notices);
        Assert.Contains("cACompromise", report.BridgeNotice, StringComparison.Ordinal);
        Assert.DoesNotContain("架空", Authority.Log(), StringComparison.Ordinal);
        Assert.Empty(Authority.Room.TrustAnchors);
    }

    private CrlReason? ReasonOf(Certificate certificate) => (CrlReason?)house.Lists
        .SelectMany(l => l.Entries()).Single(e => e.Serial.Equals(certificate.Serial)).ReasonCode;

    private string? Objection(Certificate target, Certificate anchor) =>
        new PathValidator(TimeProvider.System).Validate(
        new([anchor], house.Certificates, house.Lists),
        new() { Target = target, At = Authority.Clock.GetUtcNow() }).Objection?.ToString();
}
