using Jpki.ControlRoom.Watch;
using Jpki.Forms;
using Xunit;

namespace Jpki.Tests.Rooms.ControlRoom;

/// <summary>Which cross certificate is due for renewal, by each of the four of CPS 4-9.</summary>
public sealed class CrossFindingsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);

    [Theory, Cps("4-9")]
    [InlineData(false, 89, false, Level.Soon, "4-9(1)")]
    [InlineData(true, 89, false, Level.Soon, "4-9(2)")]
    [InlineData(true, 29, false, Level.Bad, "4-9(2)")]
    [InlineData(false, 900, true, Level.Soon, "4-9(3)")]
    [InlineData(true, 900, true, Level.Soon, "4-9(4)")]
    public void Each_of_the_four_is_said(bool isOurs, int daysLeft, bool changes, Level level, string trigger)
    {
        var finding = Assert.Single(CrossFindings.Of([Standing(isOurs, daysLeft, changes)], Now));

        Assert.Equal(level, finding.Level);
        Assert.Contains(trigger, finding.Japanese, StringComparison.Ordinal);
        Assert.NotNull(finding.Next);
    }

    [Fact, Cps("4-8")]
    public void A_missing_receipt_is_said()
    {
        var finding = Assert.Single(CrossFindings.Of([Standing(true, 900, false, hasReceipt: false)], Now));

        Assert.Equal((Level.Soon, "4-8"), (finding.Level, finding.Clause.Number));
    }

    [Fact, Cps("4-9")]
    public void A_young_pair_that_would_say_the_same_is_good()
    {
        var finding = Assert.Single(CrossFindings.Of([Standing(true, 900, false), Standing(false, 900, false)], Now));

        Assert.Equal(Level.Good, finding.Level);
        Assert.Empty(CrossFindings.Of([], Now));
    }

    private static CrossStanding Standing(bool isOurs, int daysLeft, bool changes, bool hasReceipt = true) => new()
    {
        Partner = "OU=BridgeCA",
        Serial = "01",
        IsOurs = isOurs,
        NotAfter = Now.AddDays(daysLeft),
        HasReceipt = hasReceipt,
        Changes = changes ? ["鍵 key"] : [],
    };
}
