using Jpki.Card;
using Jpki.Counter;
using Xunit;

namespace Jpki.Tests.Rooms.Counter;

/// <summary>Who gets to the key pair device, and what the officer never learns.</summary>
public sealed class DeviceTests
{
    [Fact, Cps("6-4-2-1"), Cps("4-1-1③")]
    public async Task An_officer_cannot_type_an_applicants_password()
    {
        await using var house = await CounterHouse.Open(authorityIsUp: false);
        var application = await house.UpTo(ApplicationState.Proven);

        var made = await house.Room.Issuance.MakeKeyPair(
            house.Officer, application.Id, KeyKind.Rsa2048, CounterHouse.Password, CounterHouse.Password);

        Assert.Equal("6-4-2-1", made.Refusal?.Clause.Number);
        Assert.Empty(house.CardFiles);
    }

    [Fact, Cps("4-1-1(3)")]
    public async Task For_an_agent_it_is_the_officer_who_types_it()
    {
        await using var house = await CounterHouse.Open(authorityIsUp: false);
        var application = await ByAgent(house);
        await house.Inquire(application.Id);
        CounterHouse.Done(await house.Room.Issuance.Prove(
            house.Officer, application.Id, AgentsPapers));

        var sent = await house.Room.Issuance.SendToDevice(house.Officer, application.Id);
        var made = await house.Room.Issuance.MakeKeyPair(
            house.Officer, application.Id, KeyKind.Rsa2048, CounterHouse.Password, CounterHouse.Password);

        Assert.Equal("4-1-1(3)", sent.Refusal?.Clause.Number);
        Assert.Equal(ApplicationState.KeyPairMade, CounterHouse.Done(made).State);
    }

    [Fact, Cps("5-1-2-2")]
    public async Task A_code_opens_the_device_once_and_for_ten_minutes()
    {
        await using var house = await CounterHouse.Open(authorityIsUp: false);
        var application = await house.UpTo(ApplicationState.Proven);
        var first = CounterHouse.Done(await house.Room.Issuance.SendToDevice(house.Officer, application.Id));
        var second = CounterHouse.Done(await house.Room.Issuance.SendToDevice(house.Officer, application.Id));

        Assert.Null(await house.Room.HandOvers.Take(first.Code));
        var token = await house.Room.HandOvers.Take($" {second.Code[..4].ToLowerInvariant()}-{second.Code[4..]}");
        Assert.NotNull(token);
        Assert.Null(await house.Room.HandOvers.Take(second.Code));
        Assert.NotNull(house.Room.HandOvers.Find(token));
        Assert.Null(await house.Room.LogIns.Find(token));
        house.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Null(house.Room.HandOvers.Find(token));
        Assert.DoesNotContain(second.Code, house.Log(), StringComparison.Ordinal);
    }

    [Fact, Cps("6-2-2-4"), Cps("3-1-11")]
    public async Task Nothing_of_key_and_password_is_left_but_on_the_card()
    {
        await using var house = await CounterHouse.Open(authorityIsUp: false);

        var made = await house.UpTo(ApplicationState.KeyPairMade);

        var card = CardImage.Read(Assert.Single(house.CardFiles));
        Assert.Equal(card.Number, made.CardNumber);
        Assert.DoesNotContain(CounterHouse.Password, house.Books(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(
            Convert.ToHexString(card.Sign.PrivateKey.AsSpan()[^64..]), house.Books(), StringComparison.Ordinal);
    }

    /// <summary>What an agent shows; whether the letter was answered, the books say.</summary>
    internal static IdentityEvidence AgentsPapers { get; } =
        CounterHouse.Licence with { Agent = new(true, true, HasReplyToInquiry: false) };

    internal static ApplicationForm WithAgent(ApplicationForm form) =>
        form with { Agent = new("代理　見本", "埼玉県川越市見本台１－２－３") };

    internal static async Task<IssuanceApplication> ByAgent(CounterHouse house)
    {
        var form = WithAgent(CounterHouse.FormOf(house.Somebody()));
        var application = CounterHouse.Done(await house.Room.Issuance.Receive(house.Officer, form));
        return CounterHouse.Done(await house.Room.Issuance.Match(house.Officer, application.Id));
    }
}
