using Jpki.Counter;
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
    public void The_repertoire_is_the_two_standards_and_nothing_else()
    {
        // 6879 characters of JIS X 0208 and 6067 of JIS X 0212, four of them under two code points.
        Assert.Equal(
            6879 + 6067 + 4, Enumerable.Range(0, char.MaxValue + 1).Count(c => JisRepertoire.Contains((char)c)));
    }

    [Theory, Cps("3-1-8")]
    [InlineData("亜", true)]
    [InlineData("鷗", true)]
    [InlineData("Ａ", true)]
    [InlineData("－", true)]
    [InlineData("−", true)]
    [InlineData("A", true)]
    [InlineData("髙", false)]
    [InlineData("\uFA11", false)]
    [InlineData("𠮷", false)]
    [InlineData("①", false)]
    [InlineData("\uE000", false)]
    [InlineData("\u0007", false)]
    public void A_character_is_writable_when_a_standard_has_it(string character, bool writable) =>
        Assert.Equal(writable, Substitution.Unwritable(character).Count == 0);

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

        Assert.Equal("3-1-8", Substitution.Certify(Plain with { Name = character }, chosen).Refusal?.Clause.Number);
    }

    [Fact, Cps("3-1-2")]
    public void A_foreign_resident_with_an_alias_has_both_names_on_the_certificate()
    {
        var written = Substitution.Certify(Plain with { Name = "ＭＩＨＯＮ　ＭＡＲＩＡ", Alias = "髙見本　マリ" }, NoChoice).Value!;

        Assert.Equal("ＭＩＨＯＮ　ＭＡＲＩＡ　（高見本　マリ）", written.CommonName);
        Assert.Equal("00000000000001000000"[..written.CommonName.Length], written.CommonNameSubstitutes);
    }

    [Theory, Cps("4-2-2")]
    [InlineData(200, null)]
    [InlineData(201, "4-2-2")]
    public void An_address_has_at_most_two_hundred_characters(int length, string? clause) =>
        Assert.Equal(
            clause, Substitution.Certify(Plain with { Address = new('架', length) }, NoChoice).Refusal?.Clause.Number);
}
