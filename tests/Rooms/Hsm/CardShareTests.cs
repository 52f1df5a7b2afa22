using System.Collections.Immutable;
using System.Text.Json;
using Jpki.Cps;
using Jpki.Hsm.Ceremonies;
using Jpki.Hsm.Quorum;
using Xunit;

namespace Jpki.Tests.Rooms.Hsm;

/// <summary>Shares under their custodians' cards, and seats whose people show a card.</summary>
[Collection(QuorumHouse.TakesTokens)]
public sealed class CardShareTests : IDisposable
{
    private readonly QuorumHouse house = new();
    private readonly CeremonyHouse table = new();

    public CardShareTests(SoftHsm _)
    {
    }

    public void Dispose()
    {
        table.Dispose();
        house.Dispose();
    }

    [Fact, Cps("6-4-1-2"), Cps("6-2-1-7")]
    public void Shares_open_with_their_cards_and_another_with_its_passphrase()
    {
        var custody = QuorumHouse.Made(Establish(Holder("sato"), Holder("suzuki"), house.Person("tanaka")));

        using var quorum = QuorumHouse.Made(custody.Activate(
        [
            QuorumHouse.Made(Open(custody, "sato", SoftHsm.Pin, Cards.Of("sato"))),
            QuorumHouse.Made(Open(custody, "tanaka", QuorumHouse.PassphraseOf("tanaka"), null)),
        ]));

        Assert.Equal(["sato", "tanaka"], quorum.Present);
    }

    [Fact, Cps("6-4-1-2")]
    public void Opensc_gets_the_key_of_a_share_out_of_the_card_and_out_of_no_other()
    {
        var custody = QuorumHouse.Made(Establish(Holder("sato"), house.Person("tanaka")));
        var wrap = JsonDocument.Parse(File.ReadAllBytes(PathOf(custody, "sato"))).RootElement
            .GetProperty("head").GetProperty("card");
        File.WriteAllBytes(house["wrapped"], wrap.GetProperty("octets").GetBytesFromBase64());

        Assert.Equal("SHA1", wrap.GetProperty("hash").GetString());             // All that SoftHSM's OAEP knows.
        Decrypt("sato").Succeeded();
        Assert.Equal(32, File.ReadAllBytes(house["key"]).Length);
        File.Delete(house["key"]);
        Assert.NotEqual(0, Decrypt("suzuki").ExitCode);

        ToolAnswer Decrypt(string id) => Tool.Run("pkcs11-tool", "--module", SoftHsm.Module,
            "--token-label", "Card-" + id, "--login", "--pin", SoftHsm.Pin, "--decrypt", "--label", Cards.Key,
            "--mechanism", "RSA-PKCS-OAEP", "--hash-algorithm", "SHA-1", "--mgf", "MGF1-SHA1",
            "--input-file", house["wrapped"], "--output-file", house["key"]);
    }

    [Fact, Cps("5-2-3"), Cps("6-4-1-2")]
    public void A_wrong_pin_another_card_or_none_open_no_share()
    {
        var custody = QuorumHouse.Made(Establish(Holder("sato"), house.Person("tanaka")));

        Refused("5-2-3", "wrong PIN (CKR_PIN_INCORRECT)", Open(custody, "sato", "1357", Cards.Of("sato")));
        Refused("6-4-1-2", "it is another card", Open(custody, "sato", SoftHsm.Pin, Cards.Of("suzuki")));
        Refused("6-4-1-2", "has no key", Open(custody, "sato", SoftHsm.Pin, Cards.Of("sato") with { Key = "none" }));
        Refused("6-4-1-2", "must name it", Open(custody, "sato", SoftHsm.Pin, null));
        Refused("6-4-1-2", "is under a passphrase", Open(custody, "tanaka", SoftHsm.Pin, Cards.Of("suzuki")));
    }

    [Fact, Cps("6-4-1-2")]
    public void A_corrupted_share_under_a_card_is_refused()
    {
        var custody = QuorumHouse.Made(Establish(Holder("sato"), house.Person("tanaka")));
        var whole = File.ReadAllText(PathOf(custody, "sato"));
        var at = whole.IndexOf("\"octets\": \"", StringComparison.Ordinal) + 40;
        File.WriteAllText(
            PathOf(custody, "sato"), whole[..at] + (whole[at] == 'A' ? 'B' : 'A') + whole[(at + 1)..]);

        Refused("6-4-1-2", "is no share or is corrupted", Open(custody, "sato", SoftHsm.Pin, Cards.Of("sato")));
    }

    [Fact, Cps("5-2-2①")]
    public void One_card_for_two_custodians_is_refused_and_no_share_is_written()
    {
        var second = house.Person("ito") with { Card = Cards.Of("sato") };

        Refused("5-2-2①", "sato and ito have one card between them", Establish(Holder("sato"), second));

        Assert.Null(Custody.Open(house["other"]));
        Assert.Empty(Directory.GetFiles(house["ito"], "*.share"));
    }

    [Fact, Cps("6-1-1-1"), Cps("6-2-1-7"), Cps("5-2-3")]
    public async Task A_ceremony_takes_cards_from_custodians_and_operators()
    {
        var (record, _) = await table.Run(Table(
            new("establish", Threshold: 2),
            new("initialise", Token: table.Token, Module: SoftHsm.Module),
            new("activate", Token: table.Token, File: table.Activation)));

        Assert.Equal("ok", record.Result);
        Assert.Equal(["manager", "sato.pin", "suzuki.pin", "tanaka", "op1", "op1.pin", "op2", "witness"], table.Asked);
    }

    [Fact, Cps("5-2-2①")]
    public async Task One_card_on_two_chairs_is_refused_by_its_name_and_by_its_key()
    {
        var fine = Table(new CeremonyStep("establish", Threshold: 2));
        var named = fine with { SeniorOperators = [fine.SeniorOperators[0] with { Card = Cards.Of("sato") }] };
        var hidden = Cards.WithDigest("sato") with { Module = SoftHsm.Module.Replace("/lib/", "/lib/../lib/") };

        Assert.Equal("5-2-2①", named.Objection()?.Clause.Number);
        var (record, _) = await table.Run(fine with { Witness = fine.Witness with { Card = hidden } });

        Assert.StartsWith("CPS 5-2-2①: witness's card is sato's too", record.Result);
    }

    [Fact, Cps("5-2-3")]
    public async Task Somebody_with_another_card_is_not_admitted()
    {
        var file = Table(new CeremonyStep("establish", Threshold: 2));
        var stranger = Cards.Of("op1") with { PublicKey = Cards.WithDigest("suzuki").PublicKey };

        var (record, log) = await table.Run(file with
        {
            InstructedBy = file.InstructedBy with { Card = stranger },
            SeniorOperators = [],
        });

        Assert.Contains("it is another card", record.Result);
        Assert.Contains("CPS 6-4-1-2", log[^1]);
        Assert.Null(Custody.Open(table["custody"]));
    }

    private CeremonyFile Table(params CeremonyStep[] steps)
    {
        var file = table.File(steps);
        return file with
        {
            SeniorOperators =
                [file.SeniorOperators[0] with { Card = Cards.WithDigest("op1") }, file.SeniorOperators[1]],
            Custodians =
            [
                table.Custodian("sato") with { Card = Cards.Of("sato") },
                table.Custodian("suzuki") with { Card = Cards.Of("suzuki") },
                table.Custodian("tanaka"),
            ],
        };
    }

    private Custodian Holder(string id) => house.Person(id) with { Card = Cards.Of(id) };

    private Outcome<Custody> Establish(params ImmutableArray<Custodian> custodians) => Custody.Establish(
        house["other"], custodians, 2,
        id => custodians.First(c => c.Id == id).Card is null ? QuorumHouse.PassphraseOf(id) : SoftHsm.Pin,
        house.Random);

    private string PathOf(Custody custody, string id) => ShareFile.PathOf(house[id], id, custody.Record.Set.Id);

    private Outcome<Share> Open(Custody custody, string id, string secret, PersonalCard? card) =>
        ShareFile.Open(PathOf(custody, id), secret, card);

    private static void Refused<T>(string clause, string reason, Outcome<T> outcome) where T : class
    {
        Assert.Equal(clause, outcome.Refusal?.Clause.Number);
        Assert.Contains(reason, outcome.Refusal!.Reason);
    }
}
