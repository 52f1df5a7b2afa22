using System.Runtime.Versioning;
using System.Text;
using Jpki.Cps;
using Jpki.Hsm.Quorum;
using Xunit;

namespace Jpki.Tests.Rooms.Hsm;

[UnsupportedOSPlatform("windows")]
public sealed class ShareTests : IDisposable
{
    private readonly QuorumHouse house = new();

    public void Dispose() => house.Dispose();

    [Fact, Cps("6-2-1-2"), Cps("6-2-1-7")]
    public void Any_two_of_three_custodians_activate()
    {
        using var first = house.Activate("sato", "suzuki");
        using var second = house.Activate("tanaka", "suzuki");
        using var all = house.Activate("tanaka", "suzuki", "sato");

        Assert.Equal(["tanaka", "suzuki"], second.Present);
    }

    [Fact, Cps("6-2-1-2"), Cps("6-2-1-7")]
    public void One_custodian_alone_is_too_few() =>
        Refused("6-2-1-2", "it takes 2 custodians of 3; 1 came", house.Custody.Activate([house.Open("sato")]));

    [Fact, Cps("6-2-1-2")]
    public void The_same_custodian_twice_is_one() => Refused("6-2-1-2", "sato is here twice",
        house.Custody.Activate([house.Open("sato"), house.Open("sato")]));

    [Fact, Cps("6-2-1-2")]
    public void A_share_of_another_set_does_not_fit()
    {
        using QuorumHouse other = new();

        Refused("6-2-1-2", "suzuki's share is of set",
            house.Custody.Activate([house.Open("sato"), other.Open("suzuki")]));
    }

    [Fact, Cps("6-4-1-2")]
    public void A_corrupted_share_is_refused_wherever_it_was_hit()
    {
        var whole = File.ReadAllBytes(house.ShareOf("sato"));
        for (var at = 0; at < whole.Length; at += 37)
        {
            byte[] hit = [.. whole];
            hit[at] ^= 1;
            File.WriteAllBytes(house.ShareOf("sato"), hit);

            var outcome = ShareFile.Open(house.ShareOf("sato"), QuorumHouse.PassphraseOf("sato"));

            // White space may change; nothing else.
            Assert.True(outcome.Refusal is { } no ? no.Clause == "6-4-1-2" : char.IsWhiteSpace((char)whole[at]));
        }
    }

    [Fact, Cps("6-4-1-2")]
    public void A_share_whose_value_was_altered_inside_is_found_at_the_joining()
    {
        var altered = house.Open("sato");
        altered.Value[0] ^= 1;

        Refused("6-4-1-2", "one of them is corrupted", house.Custody.Activate([altered, house.Open("tanaka")]));
    }

    [Fact, Cps("5-2-3")]
    public void A_wrong_passphrase_opens_no_share() =>
        Refused("5-2-3", "wrong passphrase", ShareFile.Open(house.ShareOf("sato"), QuorumHouse.PassphraseOf("tanaka")));

    [Fact, Cps("5-2-3")]
    public void A_short_passphrase_is_not_taken() => Refused("5-2-3", "at least 12 characters",
        Custody.Establish(house["other"], house.Custodians, 2, _ => "short", house.Random));

    [Theory, Cps("6-2-1-2")]
    [InlineData("one is enough", 1, "sato", "suzuki")]
    [InlineData("too few", 3, "sato", "suzuki")]
    [InlineData("one person twice", 2, "sato", "sato")]
    public void A_custody_takes_several_people(string _, int threshold, params string[] ids) =>
        Assert.Equal("6-2-1-2", Custody.Establish(house["other"], [.. ids.Select(house.Person)], threshold,
            QuorumHouse.PassphraseOf, house.Random).Refusal?.Clause.Number);

    [Fact, Cps("6-4-1-1")]
    public void A_custody_is_established_once() => Refused("6-4-1-1", "has a management key already",
        Custody.Establish(house["custody"], house.Custodians, 2, QuorumHouse.PassphraseOf, house.Random));

    [Fact, Cps("6-4-1-2")]
    public void Shares_are_for_their_owners_eyes_and_hold_nothing_in_clear()
    {
        var share = house.Open("sato");
        var file = File.ReadAllText(house.ShareOf("sato"));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(house.ShareOf("sato")));
        Assert.DoesNotContain(Convert.ToBase64String(share.Value)[..16], file);
        Assert.DoesNotContain(Convert.ToHexStringLower(share.Value), share.ToString());
        File.SetUnixFileMode(house.ShareOf("sato"), (UnixFileMode)Convert.ToInt32("640", 8));
        Assert.Throws<UnauthorizedAccessException>(() => house.Open("sato"));
    }

    [Theory]
    [InlineData("nothing", "")]
    [InlineData("something else", "[1, 2, 3]")]
    [InlineData("deep nesting", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[")]
    public void A_file_that_is_no_share_is_refused(string _, string content)
    {
        File.WriteAllBytes(house.ShareOf("sato"), Encoding.UTF8.GetBytes(content));

        Refused("6-4-1-2", "is no share or is corrupted", ShareFile.Open(house.ShareOf("sato"), "whatever it is"));
    }

    private static void Refused<T>(string clause, string reason, Outcome<T> outcome) where T : class
    {
        Assert.Equal(clause, outcome.Refusal?.Clause.Number);
        Assert.Contains(reason, outcome.Refusal!.Reason);
    }
}
