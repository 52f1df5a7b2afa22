using Jpki.Authority;
using Jpki.Forms;
using Xunit;

namespace Jpki.Tests.Rooms.Authority;

/// <summary>What the schedule does each day, whoever looks whether it is due. (CPS 4-4-9, 2-1-9)</summary>
public sealed class DailyRunTests : IAsyncLifetime
{
    private PublishedHouse house = null!;

    public async ValueTask InitializeAsync() => house = await PublishedHouse.Open();

    public ValueTask DisposeAsync() => house.DisposeAsync();

    [Fact, Cps("4-4-9")]
    public async Task Several_who_look_at_the_same_moment_issue_one_run()
    {
        var before = house.Authority.Room.Crls.LastRun!.Number;
        house.Authority.Clock.Advance(TimeSpan.FromHours(24));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(house.DoWhatIsDue)));

        Assert.Equal(before + 1, house.Authority.Room.Crls.LastRun!.Number);
        Assert.All(house.Lists, l => Assert.Equal(house.Authority.Clock.GetUtcNow(), l.ThisUpdate));
    }

    [Fact, Cps("2-1-9")]
    public void The_books_name_each_list_as_it_is_published()
    {
        var run = house.Authority.Room.Crls.LastRun!.Number;

        var names = house.Authority.Room.Store.Read(db => CrlBooks.Names(db, run));

        Assert.Equal(
            house.Lists.Select(l => Publication.DigestOf(l.Der.Span)).Order(), names.Select(n => n.Sha256).Order());
    }
}
