using Jpki.Cps;
using Jpki.Hsm;
using Jpki.Hsm.Ceremonies;
using Jpki.Hsm.Quorum;
using Xunit;

namespace Jpki.Tests.Rooms.Hsm;

/// <summary>Wrong passphrases, passwords and PINs at the ceremony table. Every ceremony is a new start.</summary>
[Collection(QuorumHouse.TakesTokens)]
public sealed class LockOutTests : IDisposable
{
    private readonly CeremonyHouse house = new();

    public LockOutTests(SoftHsm _)
    {
    }

    public void Dispose() => house.Dispose();

    [Fact, Cps("5-2-3"), Cps("5-2-2②")]
    public async Task A_custodian_is_locked_after_five_wrong_passphrases_and_unlocked_as_the_manager_instructs()
    {
        await house.Run(house.File(new CeremonyStep("establish", Threshold: 2)));
        house.Answers["sato"] = "something else 123";
        for (var wrong = 1; wrong <= Attempts.Most; wrong++)
        {
            var (record, log) = await house.Run(house.File(new CeremonyStep("selfTest")));
            Assert.Contains($"wrong passphrase; wrong try {wrong} of 5 by sato", record.Result);
            Assert.Contains("CPS 5-2-3", log[^1]);
        }

        house.Answers.Clear();
        house.Asked.Clear();
        var (locked, lines) = await house.Run(house.File(new CeremonyStep("selfTest")));

        Assert.StartsWith("CPS 5-2-3: sato is locked after 5 wrong tries", locked.Result);
        Assert.Contains("sato is locked", lines[^1]);
        Assert.DoesNotContain("sato", house.Asked);
        var (unlocked, after) = await house.Run(house.File(new("unlock", Person: "sato"), new("selfTest")));
        Assert.Equal("ok", unlocked.Result);
        Assert.Contains(after, l => l.Contains("key ceremony step 1: unlock", StringComparison.Ordinal)
            && l.Contains("instructed by manager", StringComparison.Ordinal));
    }

    [Fact, Cps("5-2-3")]
    public async Task The_manager_is_locked_too_and_only_another_manager_has_him_unlocked()
    {
        house.Answers["manager"] = "something else 123";
        for (var wrong = 0; wrong < Attempts.Most; wrong++)
            await house.Run(house.File(new CeremonyStep("establish", Threshold: 2)));
        house.Answers.Clear();

        var (self, _) = await house.Run(house.File(new CeremonyStep("unlock", Person: "manager")));
        var (deputy, _) = await house.Run(house.File(new CeremonyStep("unlock", Person: "manager")) with
        {
            InstructedBy = CeremonyHouse.Person("deputy"),
        });
        var (again, _) = await house.Run(house.File(new CeremonyStep("establish", Threshold: 2)));

        Assert.StartsWith("CPS 5-2-3: manager is locked", self.Result);
        Assert.Equal("ok", deputy.Result);
        Assert.Equal("ok", again.Result);
    }

    [Fact, Cps("5-2-3")]
    public async Task Wrong_pins_of_a_card_count_too()
    {
        var file = house.File(new CeremonyStep("establish", Threshold: 2));
        file = file with { Custodians = [file.Custodians[0] with { Card = Cards.Of("sato") }, file.Custodians[1]] };
        house.Answers["sato.pin"] = "1357";

        var (record, _) = await house.Run(file);

        Assert.Contains("wrong PIN (CKR_PIN_INCORRECT); wrong try 1 of 5 by sato", record.Result);
        Assert.Null(Custody.Open(house["custody"]));
    }

    [Fact, Cps("5-2-3")]
    public async Task Who_knows_a_password_cannot_try_pins_for_ever()
    {
        var file = house.File(new CeremonyStep("establish", Threshold: 2));
        file = file with { InstructedBy = file.InstructedBy with { Card = Cards.WithDigest("op1") } };
        house.Answers["manager.pin"] = "1357";
        for (var wrong = 0; wrong < Attempts.Most; wrong++)
            await house.Run(file);
        house.Answers.Clear();

        var (record, _) = await house.Run(file);

        Assert.StartsWith("CPS 5-2-3: manager is locked", record.Result);
    }

    [Fact, Cps("5-2-3")]
    public void A_try_is_on_disk_before_it_is_made_and_only_a_wrong_secret_stays_counted()
    {
        var attempts = Attempts.Of(house["counted"]);
        Assert.NotNull(attempts.Try<string>("sato", isPin: false, () => new Refusal("5-2-3", "wrong")).Refusal);

        attempts.Try<string>("sato", isPin: false, () =>
        {
            Assert.Contains("\"sato\": 2", File.ReadAllText(house["counted/attempts.json"]));
            return new Refusal("6-2-1-2", "no share here");
        });
        Assert.Throws<HsmException>(() =>
            attempts.Try<string>("sato", isPin: false, () => throw new HsmException("the card was taken out")));

        Assert.Contains("\"sato\": 1", File.ReadAllText(house["counted/attempts.json"]));
        Assert.Equal("right", attempts.Try<string>("sato", isPin: false, () => "right").Value);
        Assert.DoesNotContain("sato", File.ReadAllText(house["counted/attempts.json"]));
    }

    [Fact, Cps("5-2-2①")]
    public async Task Somebody_who_brings_anothers_share_is_refused()
    {
        await house.Run(house.File(new CeremonyStep("establish", Threshold: 2)));
        var set = Custody.Open(house["custody"])!.Record.Set.Id;
        File.Copy(ShareFile.PathOf(house["tanaka"], "tanaka", set), ShareFile.PathOf(house["sato"], "sato", set), true);
        house.Answers["sato"] = QuorumHouse.PassphraseOf("tanaka");

        var (record, _) = await house.Run(house.File(new CeremonyStep("selfTest")));

        Assert.StartsWith("CPS 5-2-2①: sato has brought the share of tanaka", record.Result);
    }

    [Fact, Cps("6-4-1-1")]
    public async Task A_ceremony_that_was_held_is_not_held_again()
    {
        var file = house.File(new CeremonyStep("establish", Threshold: 2));
        Assert.Equal("ok", (await house.Run(file)).Record.Result);
        var before = File.ReadAllBytes(house["custody/custody.json"]);

        var (replayed, log) = await house.Run(file);

        Assert.StartsWith("CPS 6-4-1-1", replayed.Result);
        Assert.Contains("CPS 6-4-1-1", log[^1]);
        Assert.Equal(before, File.ReadAllBytes(house["custody/custody.json"]));
    }
}
