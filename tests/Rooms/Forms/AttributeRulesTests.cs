using CsCheck;
using Jpki.Counter;
using Jpki.Cps;
using Jpki.Forms;
using Xunit;

namespace Jpki.Tests.Rooms.Forms;

/// <summary>What a certificate may say of its holder, and how each "no" names field, place and clause.</summary>
public sealed class AttributeRulesTests
{
    private static readonly DateOnly Today = new(2026, 11, 24);
    private static readonly Municipality Kawagoe = Municipalities.Find("11201")!;

    private static readonly CertifiedAttributes Good = new()
    {
        CommonName = "見本　花子",
        CommonNameSubstitutes = "01000",
        BirthDate = new(Era.Showa, 1980, 2, 17),
        Gender = Gender.Female,
        Address = "埼玉県川越市架空町１",
        AddressSubstitutes = "0000000000",
    };

    public static TheoryData<string, CertifiedAttributes, string, string, string> Faults => new()
    {
        { "髙 at 3", Good with { CommonName = "見本髙花子" }, "commonName", "3-1-8", "3文字目「髙」(U+9AD9) 候補「高」" },
        { "a variation", Good with { CommonName = "辻\U000E0100　花子" }, "commonName", "3-1-8", "1文字目「辻\U000E0100」" },
        { "a control", At("埼玉県川越市架\u202E町１"), "address", "3-1-8", "8文字目" },
        { "half a character", Good with { CommonName = "見本\uD842花子" }, "commonName", "3-1-8", "3文字目" },
        { "no name", Good with { CommonName = "　" }, "commonName", "3-1-7", "氏名" },
        { "a long name", Good with { CommonName = new('見', 201) }, "commonName", "4-2-2", "200文字までです（201文字" },
        { "a long address", At("埼玉県川越市" + new string('架', 195)), "address", "4-2-2", "200文字までです（201文字" },
        { "a flag too few", Good with { CommonNameSubstitutes = "0100" }, "commonNameSubstitutes", "4-2-2", "5文字に4桁" },
        { "a flag more", Good with { AddressSubstitutes = new('0', 11) }, "addressSubstitutes", "4-2-2", "10文字に11桁" },
        { "a flag of 2", Good with { CommonNameSubstitutes = "01020" }, "commonNameSubstitutes", "4-2-2", "4桁目" },
        { "30 February", Good with { BirthDate = new(Era.Showa, 1980, 2, 30) }, "birthDate", "3-1-7", "29日まで" },
        { "tomorrow", Good with { BirthDate = new(Era.Reiwa, 2026, 11, 25) }, "birthDate", "3-1-7", "将来" },
        { "no such gender", Good with { Gender = (Gender)9 }, "gender", "3-1-7", "性別" },
        { "elsewhere", At("埼玉県飯能市架空町１"), "address", "3-1-9", "埼玉県川越市" },
        { "no prefecture", At("川越市架空町１番２号"), "address", "3-1-9", "埼玉県川越市" },
    };

    [Fact, Cps("3-1-7")]
    public void Good_attributes_meet_no_objection() => Assert.Null(AttributeRules.Objection(Good, Kawagoe, Today));

    [Theory, MemberData(nameof(Faults)), Cps("3-1-7"), Cps("3-1-8"), Cps("4-2-2")]
    public void A_fault_is_refused_with_its_field_and_clause(
        string _, CertifiedAttributes person, string field, string clause, string words)
    {
        var refusal = AttributeRules.Objection(person, Kawagoe, Today);

        Assert.Equal((field, clause), (refusal?.Field, refusal?.Clause.Number));
        Assert.Contains(words, refusal?.Reason, StringComparison.Ordinal);
    }

    [Fact, Cps("3-1-7")]
    public void Many_wrong_characters_are_not_all_written_out()
    {
        var refusal = AttributeRules.Objection(Good with { CommonName = new('髙', 150) }, Kawagoe, Today);

        Assert.Contains("ほか140文字", refusal?.Reason, StringComparison.Ordinal);
    }

    [Fact, Cps("3-1-8"), Cps("4-2-2")]
    public void Made_up_people_of_any_seed_pass_what_the_Authority_asks() => Gen.Int[0, 100_000].Sample(seed =>
    {
        Dictionary<string, string> none = [];
        return MadeUpPeople.Of(200, $"{seed}").All(person =>
            Substitution.Certify(person.Attributes, none).Value is { } certified
            && AttributeRules.Objection(certified, Municipalities.Find(person.Municipality)!, Today) is null);
    }, iter: 20);

    [Fact, Cps("3-1-8")]
    public void Whatever_a_name_is_made_of_it_is_refused_or_certified_and_then_it_passes() =>
        Gen.String[Gen.Char, 1, 30].Sample(name =>
        {
            FourAttributes person = new()
            {
                Name = name,
                BirthDate = Good.BirthDate,
                Gender = Good.Gender,
                Address = Good.Address,
            };
            var outcome = Substitution.Certify(person, new Dictionary<string, string>());
            return outcome.Value is { } certified
                ? string.IsNullOrWhiteSpace(name) || AttributeRules.Objection(certified, Kawagoe, Today) is null
                : outcome.Refusal!.Field == "name";
        });

    [Theory, Cps("3-1-1")]
    [InlineData("202611241000000000111201T001", true)]
    [InlineData("202602291000000000111201T001", false)]
    [InlineData("202611242500000000111201T001", false)]
    [InlineData("20261124100000000011120 T001", false)]
    [InlineData("202611241000000000111201T002", false)]
    [InlineData("2026112410000000001112010T001", false)]
    [InlineData("", false)]
    public void A_subject_is_a_time_a_sequence_and_the_terminal(string name, bool isGood) =>
        Assert.Equal(isGood, SubjectCommonName.Objection(name, "11201T001") is null);

    [Fact, Cps("3-1-4")]
    public void A_subject_of_any_time_and_number_is_28_characters_and_passes() =>
        Gen.Select(Gen.Long[0, 4_102_444_800], Gen.Int[0, SubjectCommonName.Sequences - 1]).Sample((at, sequence) =>
        {
            var name = SubjectCommonName.Of(DateTimeOffset.FromUnixTimeSeconds(at), sequence, "11201T001");
            return name.Length == SubjectCommonName.Length && SubjectCommonName.Objection(name, "11201T001") is null;
        });

    private static CertifiedAttributes At(string address) =>
        Good with { Address = address, AddressSubstitutes = new('0', address.Length) };
}
