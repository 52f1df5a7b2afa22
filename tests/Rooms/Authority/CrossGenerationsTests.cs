using Jpki.Forms;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.Authority;

/// <summary>Which pairs are in the governor's entry while two of his keys are certified. (CPS 4-8, 4-9, 4-13)</summary>
public sealed class CrossGenerationsTests : IAsyncLifetime
{
    private PublishedHouse house = null!;
    private CrossHouse bridge = null!;

    public async ValueTask InitializeAsync()
    {
        house = await PublishedHouse.Open();
        bridge = new(house.Authority);
    }

    public ValueTask DisposeAsync()
    {
        bridge.Key.Dispose();
        return house.DisposeAsync();
    }

    [Fact, Cps("4-9"), Cps("4-13")]
    public async Task After_a_change_of_key_the_pairs_of_both_keys_are_published_until_the_older_one_expires()
    {
        await ExchangeTwice(yearsBetween: 2);

        Assert.Equal([2, 1], Generations());
        await Advance(3.05);
        Assert.Equal([2], Generations());
        await Advance(2);
        Assert.Empty(house.Pairs);
    }

    [Fact, Cps("4-10"), Cps("4-13")]
    public async Task The_pair_of_a_revoked_certificate_is_withdrawn_and_the_other_keys_stays()
    {
        var first = await ExchangeTwice(yearsBetween: 1);

        await bridge.Revoke(first, CrossEnd.Renewal);
        await house.DoWhatIsDue();

        Assert.Equal([2], Generations());
    }

    [Fact, Cps("4-14-2"), Cps("4-10-1")]
    public async Task The_pair_of_a_compromised_key_is_withdrawn_and_nothing_more_is_taken_for_it()
    {
        await bridge.Exchanged();
        await house.DoWhatIsDue();
        Assert.Equal([1], Generations());
        var another = bridge.Given();

        await house.Declare(1);

        Assert.Empty(house.Pairs);
        Assert.DoesNotContain(bridge.Office.Standing(), s => s.IsOurs);
        Assert.Equal("4-14-2", (await bridge.Accept(another)).Refusal?.Clause.Number);
    }

    [Fact, Cps("4-8"), Cps("4-13")]
    public async Task A_new_keys_certificate_makes_no_pair_with_what_was_given_to_the_old_key()
    {
        await bridge.Exchanged();
        await house.Renew(2);

        var ours = (await bridge.Issue()).Value!.Serial;
        await bridge.File(ours, isOurs: true);
        await house.DoWhatIsDue();

        Assert.Equal([1], Generations());
    }

    /// <summary>Under the first key and under the second; the serial of the first that we gave.</summary>
    private async Task<string> ExchangeTwice(double yearsBetween)
    {
        var (first, _) = await bridge.Exchanged();
        await Advance(yearsBetween);
        Assert.Null((await house.Renew(2)).Refusal);
        await bridge.Exchanged();
        await house.DoWhatIsDue();
        return first;
    }

    private Task Advance(double years)
    {
        house.Authority.Clock.Advance(TimeSpan.FromDays(365 * years));
        return house.DoWhatIsDue();
    }

    /// <summary>Whose key each published pair is about, in both of its certificates.</summary>
    private List<int> Generations() => [.. house.Pairs.Select(pair =>
        Enumerable.Range(1, house.Authority.Room.Keys.Generations.Count).Single(g =>
            KeyOf(g).Equals(pair.IssuedToThisCa!.PublicKey) && pair.IssuedByThisCa!.IsSignedBy(KeyOf(g))))
        .OrderDescending()];

    private PublicKey KeyOf(int generation) =>
        house.Authority.Room.Keys.Find(generation)!.Certificate.PublicKey;
}
