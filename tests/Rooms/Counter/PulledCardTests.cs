using Jpki.Card;
using Jpki.Counter;
using Jpki.Tests.Rooms.Card;
using Xunit;

namespace Jpki.Tests.Rooms.Counter;

/// <summary>
/// The applicant pulls the card out of the key pair device, at every command in turn: nothing is lost, and the log says
/// what happened.
/// </summary>
public sealed class PulledCardTests
{
    [Theory, Cps("6-2-2-4"), Cps("4-11-2")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task While_the_key_is_written_it_is_begun_again(bool isCarriedOut)
    {
        CounterReader reader = new();
        await using var house = await CounterHouse.Open(o => o with { CardReader = reader.Take, AllowsP256 = true });
        var application = await house.UpTo(ApplicationState.Proven);
        reader.Insert(house);

        var pulls = 0;
        for (; !await MakesKeyPair(house, application, reader, pulls, isCarriedOut); pulls++)
            Assert.Equal(pulls + 1, Count(house.Log(), "failed at "));

        Assert.InRange(pulls, 10, 60);
        foreach (var step in (string[])["SELECT", "MUTUAL AUTHENTICATE", "INITIALISE", "IMPORT KEY", "SET PASSWORD"])
            Assert.Contains($"failed at {step}\"", house.Log(), StringComparison.Ordinal);
        Assert.Null(CardSession.Open(reader.Card).Verify(KeyPurpose.Sign, CounterHouse.Password));
        Assert.Equal(ApplicationState.Issued,
            CounterHouse.Done(await house.Room.Issuance.Notify(house.Officer, application.Id)).State);
    }

    [Fact, Cps("4-3-1")]
    public async Task While_the_certificates_are_written_they_are_written_again_when_it_is_back()
    {
        CounterReader reader = new();
        await using var house = await CounterHouse.Open(o => o with { CardReader = reader.Take, AllowsP256 = true });
        var application = await house.UpTo(ApplicationState.Proven);
        reader.Insert(house);
        Assert.True(await MakesKeyPair(house, application, reader, int.MaxValue, false));
        reader.PullAt(Enumerable.Range(0, 40), isCarriedOut: true);

        await house.Room.Issuance.Notify(house.Officer, application.Id);
        await house.RunOutbox();

        var issued = house.Now(application);
        Assert.Equal(ApplicationState.Issued, issued.State);
        Assert.Equal(issued.Certificate, reader.Card.Image.SignCertificate);
        Assert.NotNull(reader.Card.Image.CaCertificate);
        Assert.Equal(1, house.Authority.Issued);
        Assert.Contains("card failed at PUT CERTIFICATE", house.Log(), StringComparison.Ordinal);
        Assert.DoesNotContain("cannot be reached", house.Log(), StringComparison.Ordinal);
        CounterHouse.Done(await house.Deliver(application.Id));
        Assert.Equal("6-2-2-1",
            house.Room.Issuance.Card(house.Officer, application.Id).Refusal?.Clause.Number);
    }

    [Fact, Cps("6-2-2-4")]
    public async Task A_card_of_another_site_is_not_written()
    {
        CounterReader reader = new();
        await using var house = await CounterHouse.Open(o => o with { CardReader = reader.Take, AllowsP256 = true });
        var application = await house.UpTo(ApplicationState.Proven);
        reader.Insert(new TestCard(TestCard.Blank()));

        Assert.False(await MakesKeyPair(house, application, reader, int.MaxValue, false));

        Assert.Contains("failed at MUTUAL AUTHENTICATE", house.Log(), StringComparison.Ordinal);
    }

    private static async Task<bool> MakesKeyPair(
        CounterHouse house, IssuanceApplication application, CounterReader reader, int at, bool isCarriedOut)
    {
        reader.PullAt([at], isCarriedOut);
        var made = await house.MakeKeyPair(application.Id, KeyKind.P256);
        if (made.Refusal is { } refusal)
            Assert.Equal("6-2-2-4", refusal.Clause.Number);
        return made.Refusal is null;
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    /// <summary>The counter's reader with one card, which is pulled at certain commands and put in again.</summary>
    private sealed class CounterReader
    {
        private Queue<int> pulls = [];
        private bool isCarriedOut;

        public TestCard Card { get; private set; } = new(TestCard.Blank());

        public void Insert(CounterHouse house)
        {
            var number = CardImage.NewNumber(TestCard.Random);
            var secret = File.ReadAllBytes(Path.Combine(house.Options.CardsFolder, "device.key"));
            Insert(new TestCard(CardImage.Blank(number, DeviceKey.Of(secret, number))));
        }

        public void Insert(TestCard card) => Card = card;

        public void PullAt(IEnumerable<int> commands, bool isCarriedOut) =>
            (pulls, this.isCarriedOut) = (new(commands), isCarriedOut);

        public PulledReader Take()
        {
            Card.Reinsert();
            return new PulledReader(Card, pulls.TryDequeue(out var at) ? at : int.MaxValue, isCarriedOut);
        }
    }
}
