using Jpki.Cps;
using Jpki.X509;
using Jpki.X509.Paths;
using Xunit;

namespace Jpki.Tests.Rooms.Authority;

/// <summary>The governor's key changes, and nobody is left without a path. (CPS 4-13, 7-1-3, 7-1-4)</summary>
public sealed class RolloverTests : IAsyncLifetime
{
    private static readonly PathValidator Validator = new(TimeProvider.System);

    private PublishedHouse house = null!;

    public async ValueTask InitializeAsync() => house = await PublishedHouse.Open();

    public ValueTask DisposeAsync() => house.DisposeAsync();

    [Fact, Cps("4-13"), Cps("7-1-3"), Cps("7-1-4")]
    public async Task The_links_have_the_dates_of_the_statement_and_the_others_key()
    {
        var old = house.Authority.Room.Governor.TrustAnchor;
        house.Authority.Clock.Advance(TimeSpan.FromDays(5 * 365));
        await house.DoWhatIsDue();

        var made = (await house.Renew(2)).Value!;

        var renewed = Certificate.Read(made.SelfSigned);
        var links = made.Links.Select(l => Certificate.Read(l)).ToArray();
        Assert.Equal(house.Authority.Room.Governor.TrustAnchor.Der, renewed.Der);
        Assert.Equal(
            [(old.NotBefore, old.NotAfter), (renewed.NotBefore, old.NotAfter)],
            links.Select(l => (l.NotBefore, l.NotAfter)));
        Assert.True(links[0].PublicKey.Equals(old.PublicKey) && links[0].IsSignedBy(renewed.PublicKey));
        Assert.True(links[1].PublicKey.Equals(renewed.PublicKey) && links[1].IsSignedBy(old.PublicKey));
        Assert.Equal(4, house.Certificates.Count);
    }

    [Theory, Cps("4-13"), Cps("4-4-9"), Cps("6-3-1-2")]
    [InlineData("rsa3072-sha384", 3072)]
    [InlineData("p384-sha384", 384)]
    public async Task At_every_hour_around_it_each_living_certificate_has_a_path_to_the_oldest_and_the_newest_anchor(
        string algorithm, int bits)
    {
        var first = house.Authority.Room.Governor.TrustAnchor;
        List<Certificate> residents = [await house.Authority.Issued("架空　一郎")];
        for (var hour = 0; hour < 60; hour++)
        {
            if (hour == 30)
                Assert.Null((await house.Renew(2, algorithm)).Refusal);
            if (hour == 31)
                residents.Add(await house.Authority.Issued("架空　二郎"));
            foreach (var resident in residents)
            {
                Assert.Null(Objection(resident, first));
                Assert.Null(Objection(resident, house.Authority.Room.Governor.TrustAnchor));
            }
            house.Authority.Clock.Advance(TimeSpan.FromHours(1));
            await house.DoWhatIsDue();
        }
        Assert.Equal([2048, bits], residents.Select(r => house.Authority.Room.TrustAnchors.Single(
            a => r.IsSignedBy(a.PublicKey)).PublicKey.Bits));
    }

    [Fact, Cps("4-13")]
    public async Task Until_it_is_published_the_old_key_signs()
    {
        var old = house.Authority.Room.Governor.TrustAnchor;
        house.IsReachable = false;
        var made = (await house.Renew(2)).Value!;

        Assert.Null(made.UsedFrom);
        Assert.True((await house.Authority.Issued()).IsSignedBy(old.PublicKey));

        house.IsReachable = true;
        await house.DoWhatIsDue();
        Assert.False((await house.Authority.Issued("架空　二郎")).IsSignedBy(old.PublicKey));
    }

    [Fact, Cps("4-13")]
    public async Task A_start_after_a_crash_goes_on_with_the_key_that_was_used()
    {
        await house.Renew(2);

        await house.Restart();

        Assert.Equal(2, house.Authority.Room.TrustAnchors.Count);
        Assert.True((await house.Authority.Issued()).IsSignedBy(house.Authority.Room.TrustAnchors[1].PublicKey));
    }

    [Theory, Cps("4-13"), InlineData(3, null, "4-13"), InlineData(1, null, "4-13"), InlineData(2, "dsa", "6-1-1-2"),
        InlineData(2, "rsa2048-sha1", "6-3-1-2")]
    public async Task It_is_refused(int generation, string? algorithm, string clause)
    {
        var refused = await house.Renew(generation, algorithm);

        Assert.Equal(clause, refused.Refusal?.Clause.Number);
        Assert.Single(house.Authority.Room.TrustAnchors);
    }

    [Fact, Cps("5-2-2①")]
    public async Task The_same_papers_change_the_key_once()
    {
        var papers = house.Authority.Agreed(Duties.RenewAuthorityKey, new Jpki.Forms.RolloverOrder(2));

        Assert.Null((await house.Publisher.Renew(papers)).Refusal);
        Assert.NotNull((await house.Publisher.Renew(papers)).Refusal);
        Assert.Equal(2, house.Authority.Room.TrustAnchors.Count);
    }

    private string? Objection(Certificate target, Certificate anchor) => Validator.Validate(
        new([anchor], house.Certificates, house.Lists),
        new() { Target = target, At = house.Authority.Clock.GetUtcNow() }).Objection?.ToString();
}
