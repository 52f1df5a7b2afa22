using System.Diagnostics;
using Jpki.Counter;
using Jpki.Cps;
using Jpki.Forms;
using Xunit;

namespace Jpki.Tests.Rooms.Counter;

/// <summary>The synthetic resident register.</summary>
public sealed class MadeUpPeopleTests
{
    [Fact]
    public void The_same_seed_makes_the_same_people()
    {
        var once = MadeUpPeople.Of(1000, "seed").ToArray();

        Assert.Equal(once, MadeUpPeople.Of(1000, "seed"));
        Assert.NotEqual(once, MadeUpPeople.Of(1000, "another"));
    }

    [Theory]
    [InlineData(1, 63)]
    [InlineData(63, 63)]
    [InlineData(1000, 1000)]
    [InlineData(20000, 20000)]
    public void Somebody_lives_in_every_municipality(int asked, int made)
    {
        var people = MadeUpPeople.Of(asked, "1").ToArray();

        Assert.Equal(made, people.Length);
        Assert.Equal(Municipalities.All.Select(m => m.Code5), people.Select(p => p.Municipality).Distinct());
        Assert.Equal(made, people.Select(p => p.Id).Distinct().Count());
    }

    [Fact]
    public void Nobody_has_another_ones_four_attributes()
    {
        var people = MadeUpPeople.Of(5000, "1").ToArray();

        Assert.Equal(people.Length, people.Select(p => p.Attributes).Distinct().Count());
    }

    [Fact]
    public void All_kinds_of_people_live_here()
    {
        var people = MadeUpPeople.Of(5000, "1").Select(p => p.Attributes).ToArray();

        Assert.Equal(Enum.GetValues<Gender>(), people.Select(p => p.Gender).Distinct().Order());
        Assert.Equal(Enum.GetValues<Era>(), people.Select(p => p.BirthDate.Era).Distinct().Order());
        Assert.Contains(people, p => p.BirthDate is { Year: > 0, Month: > 0, Day: 0 });
        Assert.Contains(people, p => p.BirthDate is { Year: > 0, Month: 0, Day: 0 });
        Assert.Contains(people, p => p.BirthDate is { Year: 0, Month: 0, Day: 0 });
        Assert.Contains(people, p => p.Alias is not null);
        Assert.Contains(people, p => p.Name.Contains('Ａ'));
        Assert.Contains(people, p => p.Address.StartsWith("埼玉県さいたま市浦和区", StringComparison.Ordinal));
        Assert.Contains(people, p => p.Address.StartsWith("埼玉県比企郡ときがわ町", StringComparison.Ordinal));
        Assert.All(people, p => Assert.True(Eras.IsPossible(p.BirthDate), p.BirthDate.Code));
        Assert.All(people, p => Assert.DoesNotContain(p.Address, c => char.IsAscii(c)));
    }

    [Fact]
    public void Every_resident_can_be_written_on_a_certificate_and_some_only_with_substitutes()
    {
        Dictionary<string, string> none = [];

        var written = MadeUpPeople.Of(5000, "1").Select(p => Substitution.Certify(p.Attributes, none)).ToArray();

        Assert.All(written, w => Assert.Null(w.Refusal));
        Assert.All(written, w => Assert.Equal(w.Value!.CommonName.Length, w.Value.CommonNameSubstitutes.Length));
        Assert.All(written, w => Assert.Equal(w.Value!.Address.Length, w.Value.AddressSubstitutes.Length));
        Assert.Contains(written, w => w.Value!.CommonNameSubstitutes.Contains('1'));
        Assert.Contains(written, w => w.Value!.AddressSubstitutes.Contains('1'));
        Assert.True(written.Count(w => w.Value!.CommonNameSubstitutes.Contains('1')) < 1000);
    }

    [Fact]
    public void A_hundred_thousand_people_are_made_in_seconds()
    {
        var watch = Stopwatch.StartNew();

        Assert.Equal(100_000, MadeUpPeople.Of(100_000, "1").Count());

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"took {watch.Elapsed}");
    }
}
