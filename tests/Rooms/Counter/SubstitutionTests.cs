using Jpki.Counter;
using Jpki.Cps;
using Jpki.Forms;
using Xunit;

namespace Jpki.Tests.Rooms.Counter;

/// <summary>Which characters a certificate can show, and what stands for the others.</summary>
public sealed class SubstitutionTests
{
    private static readonly Dictionary<string, string> NoChoice = [];

    private static readonly FourAttributes Plain = new()
    {
        Name = "見本　花子",
        BirthDate = new(Era.Showa, 1980, 2, 17),
        Gender = Gender.Female,
        Address = "埼玉県川越市架空町１丁目２番３号",
    };

    [Fact, Cps("3-1-8")]
    public void A_name_within_the_standards_is_written_as_it_is()
    {
        var written = Substitution.Certify(Plain, NoChoice).Value!;

        Assert.Equal(Plain.Name, written.CommonName);
        Assert.Equal("00000", written.CommonNameSubstitutes);
        Assert.Equal(new string('0', Plain.Address.Length), written.AddressSubstitutes);
    }

    [Fact, Cps("4-2-2")]
    public void A_substitute_is_marked_where_it_stands()
    {
        var written = Substitution.Certify(Plain with { Name = "𠮷見本　髙子", Address = "埼玉県川越市𪚥架空１" }, NoChoice).Value!;

        Assert.Equal("吉見本　高子", written.CommonName);
        Assert.Equal("100010", written.CommonNameSubstitutes);
        Assert.Equal("埼玉県川越市テツ架空１", written.Address);
        Assert.Equal("00000011000", written.AddressSubstitutes);
    }

    [Fact]
    public void A_variation_of_a_character_is_shown_by_the_character_itself()
    {
        var written = Substitution.Certify(Plain with { Name = "辻\U000E0100　花" }, NoChoice).Value!;

        Assert.Equal(("辻　花", "100"), (written.CommonName, written.CommonNameSubstitutes));
    }

    [Fact, Cps("3-1-8")]
    public void The_applicant_may_choose_another_substitute()
    {
        var written =
            Substitution.Certify(Plain with { Name = "髙　花" }, new Dictionary<string, string> { ["髙"] = "タカ" }).Value!;

        Assert.Equal(("タカ　花", "1100"), (written.CommonName, written.CommonNameSubstitutes));
    }

    [Theory, Cps("3-1-8")]
    [InlineData("😀", null)]
    [InlineData("😀", "𠮷")]
    public void A_character_without_a_writable_substitute_is_refused(string character, string? choice)
    {
        Dictionary<string, string> chosen = choice is null ? [] : new() { [character] = choice };

        var refusal = Substitution.Certify(Plain with { Name = $"見{character}" }, chosen).Refusal;

        Assert.Equal(("3-1-8", "name"), (refusal?.Clause.Number, refusal?.Field));
        Assert.Contains("氏名の2文字目「😀」(U+1F600)", refusal?.Reason, StringComparison.Ordinal);
    }

    [Fact, Cps("3-1-8")]
    public void Whatever_needs_a_substitute_is_named_with_its_field_position_and_proposal()
    {
        var needed = Substitution.Needed(
            Plain with { Name = "髙見　😀", Alias = "辻\U000E0100", Address = "埼玉県川越市𠮷町１" },
            new Dictionary<string, string> { ["😀"] = "ニコ" });

        Assert.Equal(
            [("name", 1, "高", null), ("name", 4, null, "ニコ"), ("alias", 1, "辻", null), ("address", 7, "吉", null)],
            needed.Select(n => (n.Field, n.Character.Position, n.Character.Proposal, n.Chosen)));
    }

    [Fact, Cps("3-1-2")]
    public void A_foreign_resident_with_an_alias_has_both_names_on_the_certificate()
    {
        var written = Substitution.Certify(Plain with { Name = "ＭＩＨＯＮ　ＭＡＲＩＡ", Alias = "髙見本　マリ" }, NoChoice).Value!;

        Assert.Equal("ＭＩＨＯＮ　ＭＡＲＩＡ　（高見本　マリ）", written.CommonName);
        Assert.Equal("00000000000001000000"[..written.CommonName.Length], written.CommonNameSubstitutes);
    }
}
