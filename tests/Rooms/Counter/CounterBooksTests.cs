using Jpki.Counter;
using Jpki.Cps;
using Xunit;

namespace Jpki.Tests.Rooms.Counter;

/// <summary>What the counter writes down, in either database, and what it must not.</summary>
public sealed class CounterBooksTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_certificate_lives_and_ends_on_either_database(bool onPostgres)
    {
        await using var house = await CounterHouse.Open(database: onPostgres ? server.NewDatabase() : null);
        await house.Room.AddOfficer("k1", CounterHouse.Kawagoe, "password");
        CounterHouse.Done(await house.Room.LogIns.LogIn("k1", "password"));

        var issued = await house.UpTo(ApplicationState.Delivered);
        var free = house.Room.Register.Search(CounterHouse.Kawagoe, "", withoutCertificate: true, 100);
        house.Restart();
        var receipt = CounterHouse.Done(await house.Room.Revocations.Take(house.Officer, new()
        {
            Person = CounterHouse.FormOf(house.Somebody()),
            Reason = RevocationReason.CessationOfOperation,
            Identity = CounterHouse.Licence,
        }));

        Assert.Equal(issued.Serial, receipt.Serial);
        Assert.DoesNotContain(free, r => r.Id == issued.ResidentId);
        Assert.Contains(
            house.Room.Register.Search(CounterHouse.Kawagoe, "", withoutCertificate: true, 100),
            r => r.Id == issued.ResidentId);
    }

    [Fact, Cps("4-11-2")]
    public async Task Every_act_is_in_the_log_and_no_person_is()
    {
        await using var house = await CounterHouse.Open();
        await house.Room.AddOfficer("k1", CounterHouse.Kawagoe, "password");
        await house.Room.LogIns.LogIn("k1", "wrong");
        await house.Room.LogIns.LogIn("a password typed into the wrong field", "x");
        var issued = await house.UpTo(ApplicationState.Delivered);
        var person = house.Somebody().Attributes;

        var log = house.Log();

        string[] acts =
            ["log-in", "application", "register match", "identity", "key pair", "issuance notice", "delivery"];
        Assert.All(acts, act => Assert.Contains(act, log, StringComparison.Ordinal));
        Assert.Contains(issued.Id, log, StringComparison.Ordinal);
        Assert.Contains("refused CPS 5-1-2-2", log, StringComparison.Ordinal);
        string[] secrets =
            [person.Name, person.Address, person.BirthDate.Code, "wrong field", CounterHouse.Password, "7890"];
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, log, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_empty_register_is_filled_once()
    {
        await using var house = await CounterHouse.Open(authorityIsUp: false);
        var somebody = house.Somebody();

        Assert.Equal(0, await house.Room.SeedRegister(500, "another"));
        Assert.Equal(somebody, house.Somebody());
    }
}
