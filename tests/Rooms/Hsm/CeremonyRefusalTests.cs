using Jpki.Hsm.Ceremonies;
using Jpki.Hsm.Quorum;
using Xunit;

namespace Jpki.Tests.Rooms.Hsm;

/// <summary>
/// Who comes to the table with something wrong: refused with the clause, in the log, and nothing is changed by it.
/// </summary>
[Collection(QuorumHouse.TakesTokens)]
public sealed class CeremonyRefusalTests : IDisposable
{
    private readonly CeremonyHouse house = new();

    public CeremonyRefusalTests(SoftHsm _)
    {
    }

    public void Dispose() => house.Dispose();

    [Theory, Cps("5-2-2①"), Cps("5-2-3"), Cps("6-2-1-2"), Cps("6-4-1-2"), Cps("4-11-2")]
    [InlineData("one person on two chairs", "5-2-2①")]
    [InlineData("one card on two chairs", "5-2-2①")]
    [InlineData("another's share", "5-2-2①")]
    [InlineData("one custodian alone", "6-2-1-2")]
    [InlineData("a share of another set", "6-2-1-2")]
    [InlineData("a corrupted share", "6-4-1-2")]
    [InlineData("a wrong passphrase", "5-2-3")]
    [InlineData("a wrong PIN", "5-2-3")]
    public async Task Is_refused_and_logged_and_changes_nothing(string fault, string clause)
    {
        Assert.Equal("ok", (await house.Run(Table(new CeremonyStep("establish", Threshold: 2)))).Record.Result);
        var file = await Wrong(fault, Table(
            new CeremonyStep("renew", Threshold: 2, Custodians: [house.Custodian("tanaka"), house.Custodian("ito")])));
        var before = Everything();

        var (record, log) = await house.Run(file);

        Assert.StartsWith($"CPS {clause}: ", record.Result);
        Assert.Contains($"CPS {clause}: ", log[^1]);
        Assert.Equal(before, Everything());
    }

    private CeremonyFile Table(CeremonyStep step)
    {
        var file = house.File(step);
        return file with
        {
            Custodians =
            [
                house.Custodian("sato") with { Card = Cards.Of("sato") }, house.Custodian("suzuki"),
                house.Custodian("tanaka"),
            ],
        };
    }

    private async Task<CeremonyFile> Wrong(string fault, CeremonyFile file)
    {
        switch (fault)
        {
            case "one person on two chairs":
                return file with { Witness = CeremonyHouse.Person("suzuki") };
            case "one card on two chairs":
                return file with { Witness = file.Witness with { Card = Cards.WithDigest("sato") } };
            case "another's share":
                File.Copy(ShareOf("tanaka"), ShareOf("suzuki"), overwrite: true);
                house.Answers["suzuki"] = QuorumHouse.PassphraseOf("tanaka");
                return file;
            case "one custodian alone":
                var one = file.Custodians.Select(c => c with { IsPresent = c.Id == "sato" });
                return file with { Custodians = [.. one] };
            case "a share of another set":
                using (CeremonyHouse other = new())
                {
                    await other.Run(other.File(new CeremonyStep("establish", Threshold: 2)));
                    var theirs = Directory.GetFiles(other["suzuki"], "*.share").Single();
                    File.Copy(theirs, ShareOf("suzuki"), overwrite: true);
                }
                return file;
            case "a corrupted share":
                var octets = File.ReadAllBytes(ShareOf("suzuki"));
                octets[octets.Length / 2] ^= 1;
                File.WriteAllBytes(ShareOf("suzuki"), octets);
                return file;
            default:
                house.Answers[fault == "a wrong PIN" ? "sato.pin" : "suzuki"] = "13579 something else";
                return file;
        }
    }

    private string ShareOf(string id) =>
        ShareFile.PathOf(house[id], id, Custody.Open(house["custody"])!.Record.Set.Id);

    /// <summary>All that the custody and its people have, but for the counts of wrong tries.</summary>
    private string[] Everything() =>
    [
        .. from folder in (string[])["custody", "sato", "suzuki", "tanaka", "ito"]
           from path in Directory.EnumerateFiles(house[folder]).Order()
           where !Path.GetFileName(path).StartsWith("attempts", StringComparison.Ordinal)
           select $"{path} {Convert.ToHexString(File.ReadAllBytes(path))}",
    ];
}
