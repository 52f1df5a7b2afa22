using CsCheck;
using Jpki.ControlRoom.Registers;
using Jpki.Cps;
using Xunit;

namespace Jpki.Tests.Rooms.ControlRoom;

/// <summary>What may be written into a field, and what the person who typed it is told.</summary>
public sealed class EntryRulesTests
{
    private static readonly DateOnly Today = new(2026, 11, 24);

    [Fact, Cps("4-12-1-1")]
    public void The_statements_list_of_papers_is_all_there()
    {
        string[] listed =
        [
            "運用規程の作成", "キーセレモニー", "署名検証者等との取り決め", "開示・訂正等", "監査報告書", "指定認証機関の指定・変更",
            "認証事務管理規程", "設備及び安全対策", "事業計画・収支予算", "事業報告書・収支決算書", "提供状況の報告書", "手数料",
            "発行申請に関する書類", "失効申請に関する書類",
        ];

        Assert.All(listed, name => Assert.Contains(Registers.All, r => r.Japanese.Contains(name)));
        Assert.Equal(Registers.All.Length, Registers.All.DistinctBy(r => r.Series).Count());
        Assert.All(Registers.All, r => Assert.True(House.Clauses.Resolves(r.Clause.Number), r.Clause.Number));
        Assert.All(Registers.All, r => Assert.Equal(2, r.Series.Length));
        Assert.All(Registers.All, r => Assert.Equal(r.Fields.Length, r.Fields.DistinctBy(f => f.Name).Count()));
        Assert.All(Registers.All, r => Assert.True(r.DatedBy is null || r.Fields.Any(f => f.Name == r.DatedBy)));
    }

    [Fact, Cps("4-12-1-2")]
    public void Papers_of_applications_for_issue_are_kept_thirteen_years_and_all_others_ten() => Assert.All(
        Registers.All, r => Assert.Equal(r.Series == "IA" ? 13 : 10, r.RetentionYears));

    [Fact, Cps("5-3-1")]
    public void A_background_check_is_kept_as_a_result_only() => Assert.DoesNotContain(
        RegisterHouse.Register("BC").Fields, f => f.Kind is FieldKind.Paragraph or FieldKind.Text);

    [Theory]
    [InlineData("date", "2026-11-25", "未来")]
    [InlineData("date", "2026-02-30", "年月日")]
    [InlineData("date", "", "年月日")]
    [InlineData("place", "", "保管場所")]
    [InlineData("due", "2026-12-01", "期限を付けません")]
    [InlineData("party", "", "記入してください")]
    [InlineData("title", "改\n行", "使えない文字")]
    [InlineData("title", "a\0b", "使えない文字")]
    [InlineData("surplus", "x", "ない項目")]
    public void What_is_wrong_is_said_beside_its_field(string field, string value, string said)
    {
        var draft = field switch
        {
            "date" => RegisterHouse.Agreement with { Date = value },
            "place" => RegisterHouse.Agreement with { Place = value },
            "due" => RegisterHouse.Agreement with { Due = value },
            _ => RegisterHouse.Agreement with
            {
                Fields = new Dictionary<string, string>(RegisterHouse.Agreement.Fields) { [field] = value },
            },
        };

        var (entry, troubles) = EntryRules.Check(RegisterHouse.Register("AG"), EntryKind.First, draft, Today);

        var trouble = Assert.Single(troubles);
        Assert.Null(entry);
        Assert.Equal(field, trouble.Field);
        Assert.Contains(said, trouble.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_character_is_not_written()
    {
        var (_, trouble) = FieldReading.Read(RegisterHouse.Register("AG").Fields[0], "題" + '\ud800');

        Assert.NotNull(trouble);
    }

    [Fact]
    public void A_matter_to_be_followed_up_says_until_when()
    {
        foreach (var due in (string[])["", "2026-11-19", "yesterday"])
        {
            var (_, troubles) = EntryRules.Check(
                RegisterHouse.Register("AF"), EntryKind.First, RegisterHouse.Finding with { Due = due }, Today);

            Assert.Equal("due", Assert.Single(troubles).Field);
        }
    }

    [Theory, Cps("2-8-1")]
    [InlineData("埼玉花子", false)]
    [InlineData("Hanako Saitama", false)]
    [InlineData("ｋａｎｒｉ－１", true)]
    [InlineData("A0123", true)]
    public void A_person_is_a_number_and_not_a_name(string typed, bool isTaken) => Assert.Equal(
        isTaken, FieldReading.Read(new("person", FieldKind.Person, "要員番号", "officer"), typed).Trouble is null);

    [Theory]
    [InlineData(FieldKind.Number, "１，２００", "1200")]
    [InlineData(FieldKind.Number, "-1", null)]
    [InlineData(FieldKind.Number, "1000000000000000", null)]
    [InlineData(FieldKind.Number, "99999999999999999999999", null)]
    [InlineData(FieldKind.Date, "2026年1月5日", "2026-01-05")]
    [InlineData(FieldKind.Date, "２０２６／０１／０５", "2026-01-05")]
    [InlineData(FieldKind.Time, "2026/1/5 9:30", "2026-01-05T09:30:00")]
    [InlineData(FieldKind.Time, "2026-01-05T23:59:59", "2026-01-05T23:59:59")]
    [InlineData(FieldKind.Time, "2026-01-05 24:00", null)]
    [InlineData(FieldKind.Time, "2026-01-05", null)]
    public void One_value_has_one_form(FieldKind kind, string typed, string? read)
    {
        var (value, trouble) = FieldReading.Read(new("x", kind, "項目", "field"), typed);

        Assert.Equal((read ?? "", read is null), (value, trouble is not null));
    }

    [Fact]
    public void What_was_read_once_is_read_again_as_it_is() => Gen.Select(
        Gen.Enum<FieldKind>(), Gen.String).Sample((kind, typed) =>
        {
            RegisterField field = new("x", kind, "項目", "field");
            var (value, trouble) = FieldReading.Read(field, typed);
            return trouble is not null || FieldReading.Read(field, value) == (value, null) || value.Length == 0;
        });

    [Theory, Cps("4-12-1-2")]
    [InlineData("2026-04-01", 10, "2037-03-31")]
    [InlineData("2027-03-31", 10, "2037-03-31")]
    [InlineData("2027-04-01", 10, "2038-03-31")]
    [InlineData("2026-11-24", 13, "2040-03-31")]
    public void Retention_is_counted_from_the_first_of_April_after_the_record(string day, int years, string end) =>
        Assert.Equal(
            FieldReading.Day(end), FiscalYear.EndOfRetention(FieldReading.Day(day)!.Value, years));
}
