using Jpki.Counter;
using Jpki.Cps;
using Xunit;

namespace Jpki.Tests.Rooms.Counter;

/// <summary>What an officer finds again: a day's papers, a search, a month's numbers. (CPS 5-1-2-2)</summary>
public sealed class HistoryTests
{
    [Fact, Cps("5-1-2-2")]
    public async Task A_day_in_Japan_holds_its_papers_and_the_days_beside_it_do_not()
    {
        await using var house = await CounterHouse.Open();
        house.Clock.SetUtcNow(new(2026, 11, 24, 15, 0, 0, TimeSpan.Zero));   // Midnight in Japan: the 25th begins.
        DateOnly day = new(2026, 11, 25);
        await Busy(house);

        Assert.Equal((1, 1, 1), Numbers(house.Room.History.Day(house.Officer, day)));
        Assert.Equal(0, house.Room.History.Day(house.Officer, day.AddDays(-1)).Count);
        Assert.Equal(0, house.Room.History.Day(house.Officer, day.AddDays(1)).Count);
        Assert.Equal(0, house.Room.History.Day(house.Elsewhere, day).Count);
    }

    [Fact, Cps("5-1-2-2"), Cps("2-8-1")]
    public async Task A_search_finds_a_name_and_a_number_in_the_own_municipality_and_the_log_knows_only_that()
    {
        await using var house = await CounterHouse.Open();
        var (application, receipt, request) = await Busy(house);
        var name = house.Somebody().Attributes.Name;

        var found = await house.Room.History.Search(house.Officer, name);
        Assert.Contains(found.Applications, a => a.Id == application);
        Assert.Contains(found.Receipts, r => r.Id == receipt);
        Assert.Contains(found.Requests, r => r.Id == request);
        foreach (var number in (string[])[application, receipt, request])
        {
            Assert.Equal(1, (await house.Room.History.Search(house.Officer, $" {number.ToLowerInvariant()}")).Count);
            Assert.Equal(0, (await house.Room.History.Search(house.Elsewhere, number)).Count);
        }
        Assert.Equal(0, (await house.Room.History.Search(house.Elsewhere, name)).Count);
        Assert.Contains("\"search\"", house.Log(), StringComparison.Ordinal);
        Assert.DoesNotContain(name, house.Log(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_month_counts_each_kind_of_paper_by_what_became_of_it()
    {
        await using var house = await CounterHouse.Open();
        await Busy(house);
        await house.UpTo(ApplicationState.Received, house.Somebody(1));
        DateOnly month = new(2026, 11, 1);

        var tallies = house.Room.History.Month(house.Officer, month).ToDictionary(t => (t.What, t.State), t => t.Count);

        Assert.Equal(1, tallies[("発行申請", Wording.Of(ApplicationState.Delivered))]);
        Assert.Equal(1, tallies[("発行申請", Wording.Of(ApplicationState.Received))]);
        Assert.Equal(1, tallies[(Wording.Of(RequestKind.Disclosure), Wording.Of(RequestState.Received))]);
        Assert.Equal(1, tallies.Single(t => t.Key.What == "失効").Value);
        Assert.Equal(4, tallies.Values.Sum());
        Assert.Empty(house.Room.History.Month(house.Officer, month.AddMonths(1)));
        Assert.Empty(house.Room.History.Month(house.Elsewhere, month));
    }

    /// <summary>One of each: a certificate handed over, ended again, and its holder's request.</summary>
    private static async Task<(string Application, string Receipt, string Request)> Busy(CounterHouse house)
    {
        var form = CounterHouse.FormOf(house.Somebody());
        var application = await house.UpTo(ApplicationState.Delivered);
        var receipt = CounterHouse.Done(await house.Room.Revocations.Take(house.Officer, new()
        {
            Person = form,
            Reason = RevocationReason.CessationOfOperation,
            Identity = CounterHouse.Licence,
        }));
        var request = CounterHouse.Done(await house.Room.Requests.Take(
            house.Officer, new() { Kind = RequestKind.Disclosure, Person = form, Identity = CounterHouse.Licence }));
        return (application.Id, receipt.Id, request.Id);
    }

    private static (int, int, int) Numbers(FoundPapers papers) =>
        (papers.Applications.Count, papers.Receipts.Count, papers.Requests.Count);
}
