using System.Text;
using Jpki.Counter;
using Jpki.Counter.RegisterFiles;
using Jpki.Cps;
using Xunit;

namespace Jpki.Tests.Rooms.Counter;

/// <summary>The resident register as the municipalities' systems deliver it: whole files, in order, once.</summary>
public sealed class RegisterFileTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private const string Header = "宛名番号,氏名,フリガナ,通称,生年月日,性別,住所,外国人住民";
    private const string Taro = "900001,架空　太郎,カクウ　タロウ,,319800229,1,埼玉県川越市元町１－１,0";
    private const string Hanako = "900002,架空　花子,カクウ　ハナコ,,319820301,2,埼玉県川越市元町１－２,0";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_full_file_and_its_differences_become_the_register_on_either_database(bool onPostgres)
    {
        await using var house = await CounterHouse.Open(
            authorityIsUp: false, database: onPostgres ? server.NewDatabase() : null);

        var full = await Take(house, Full(1, Taro, Hanako));
        var difference = await Take(house, Difference(2,
            "変更," + Taro.Replace("元町１－１", "元町９－９", StringComparison.Ordinal),
            "死亡,900002,,,,,,,",
            "追加," + Hanako.Replace("900002", "900003", StringComparison.Ordinal)));

        Assert.Equal((2, 0), (full.Added, full.Errors.Count));
        Assert.Equal((1, 1, 1), (difference.Added, difference.Changed, difference.Removed));
        Assert.Equal("埼玉県川越市元町９－９", Known(house, "900001")!.Attributes.Address);
        Assert.Equal(ResidentStatus.Died, Known(house, "900002")!.Status);
        Assert.Equal(ResidentStatus.Present, Known(house, "900003")!.Status);
    }

    [Fact, Cps("4-4-1-1"), Cps("2-1-2(8)")]
    public async Task What_a_file_changes_of_the_four_attributes_ends_the_certificate()
    {
        await using var house = await CounterHouse.Open();
        await Take(house, Full(1, Taro, Hanako));
        await house.UpTo(ApplicationState.Delivered, Known(house, "900001"));
        await house.UpTo(ApplicationState.Delivered, Known(house, "900002"));

        var report = await Take(house, Difference(2,
            "変更," + Taro.Replace("カクウ　タロウ", "カクウ　タロ", StringComparison.Ordinal),
            "変更," + Hanako.Replace("架空　花子", "検証　花子", StringComparison.Ordinal)));
        await house.RunOutbox();

        Assert.Equal((2, 1), (report.Changed, report.Ended));
        Assert.Null(Assert.Single(house.Room.Revocations.CertificatesOf(house.Officer, "11201-900001")).EndedAt);
        Assert.Equal(
            RevocationReason.AffiliationChanged,
            Assert.Single(house.Room.Revocations.CertificatesOf(house.Officer, "11201-900002")).Reason);
    }

    [Fact]
    public async Task The_same_file_again_changes_nothing_and_another_under_its_number_is_refused()
    {
        await using var house = await CounterHouse.Open(authorityIsUp: false);
        var first = await Take(house, Full(1, Taro));
        house.Restart();

        var again = await Take(house, Full(1, Taro));
        var other = await Take(house, Full(1, Hanako));
        var gap = await Take(house, Difference(3, "死亡,900001,,,,,,,"));

        Assert.Equal(first.Added, again.Added);
        Assert.Equal("連番", Assert.Single(other.Errors).Column);
        Assert.Contains("次の連番は2", Assert.Single(gap.Errors).Text, StringComparison.Ordinal);
        Assert.Equal(ResidentStatus.Present, Known(house, "900001")!.Status);
    }

    [Fact]
    public async Task Events_of_unknown_people_are_reported_and_the_others_stand()
    {
        await using var house = await CounterHouse.Open(authorityIsUp: false);
        await Take(house, Full(1, Taro));

        var report = await Take(house, Difference(2, "転出,999999,,,,,,,", "死亡,900001,,,,,,,"));

        Assert.Equal((3, "11201-999999"), (Assert.Single(report.Unmatched).Line, report.Unmatched[0].ResidentId));
        Assert.Equal(1, report.Removed);
    }

    [Theory]
    [InlineData("900002,,カクウ,,319820301,2,埼玉県川越市元町１－２,0", "氏名", "氏名を記入してください。")]
    [InlineData("900002,架空,カクウ,,19820301,2,埼玉県川越市元町１－２,0", "生年月日", "元号1桁")]
    [InlineData("900002,架空,カクウ,,319820230,2,埼玉県川越市元町１－２,0", "生年月日", "生年月日")]
    [InlineData("900002,架空,カクウ,,319820301,9,埼玉県川越市元町１－２,0", "性別", "1（男）")]
    [InlineData("900002,架空,カクウ,,319820301,2,東京都千代田区,0", "住所", "川越市の住所ではありません")]
    [InlineData("900001,架空,カクウ,,319820301,2,埼玉県川越市元町１－２,0", "宛名番号", "二つ")]
    [InlineData("900002,架空", "", "列が2個")]
    [InlineData("900002,\"架空\"x,カクウ,,319820301,2,埼玉県川越市,0", "", "引用符")]
    public async Task One_bad_line_stops_the_whole_file_and_is_named_in_Japanese(
        string line, string column, string text)
    {
        await using var house = await CounterHouse.Open(authorityIsUp: false);

        var report = await Take(house, Full(1, Taro, line));

        var error = Assert.Single(report.Errors);
        Assert.Equal((4, column), (error.Line, error.Column));
        Assert.Contains(text, error.Text, StringComparison.Ordinal);
        Assert.Null(Known(house, "900001"));
    }

    [Fact]
    public async Task Everything_that_is_wrong_in_a_line_is_named_at_once_with_the_file_it_stands_in()
    {
        await using var house = await CounterHouse.Open(authorityIsUp: false);

        var report = await Take(house, Full(1, "900002,,カクウ,,319820231,9,東京都千代田区,2"));

        Assert.Equal((CounterHouse.Kawagoe, 1), (report.Municipality, report.Number));
        Assert.Equal(["住所", "外国人住民", "性別", "氏名", "生年月日"], report.Errors.Select(e => e.Column).Order());
        Assert.All(report.Errors, e => Assert.Equal(3, e.Line));
    }

    [Fact]
    public async Task A_file_that_was_cut_off_or_is_of_another_municipality_is_not_taken()
    {
        await using var house = await CounterHouse.Open(authorityIsUp: false);
        var whole = Full(1, Taro, Hanako);

        var cut = await Take(house, whole[..whole.LastIndexOf("終端", StringComparison.Ordinal)]);
        var elsewhere = await house.Room.RegisterFiles.Take(
            Encoding.UTF8.GetBytes(whole), CounterHouse.Hanno, "hanno-1");
        var notUtf8 = await house.Room.RegisterFiles.Take(new byte[] { 0x8F, 0x5A, 0x96, 0xAF }, null, "test");

        Assert.Contains("途中で切れて", Assert.Single(cut.Errors).Text, StringComparison.Ordinal);
        Assert.Equal("市町村コード", Assert.Single(elsewhere.Errors).Column);
        Assert.Contains("UTF-8", Assert.Single(notUtf8.Errors).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_is_emptied_in_order_and_keeps_files_and_reports()
    {
        await using var house = await CounterHouse.Open(authorityIsUp: false);
        using ScratchFolder folder = new();
        folder.Write("11201-002.csv", Encoding.UTF8.GetBytes(Difference(2, "死亡,900001,,,,,,,")));
        folder.Write("11201-001.csv", Encoding.UTF8.GetBytes(Full(1, Taro)));
        folder.Write("11201-003.csv", "nonsense"u8);

        await new RegisterFolder(folder.Root).BringUpToDate(house.Room);

        Assert.Equal(ResidentStatus.Died, Known(house, "900001")!.Status);
        Assert.Empty(Directory.GetFiles(folder.Root));
        Assert.Equal(4, Directory.GetFiles(folder["taken"]).Length);
        Assert.Contains("11201-003.csv.report.json", Directory.GetFiles(folder["refused"]).Select(Path.GetFileName));
    }

    [Fact, Cps("2-8-1")]
    public async Task No_person_of_a_file_is_in_the_log()
    {
        await using var house = await CounterHouse.Open(authorityIsUp: false);
        await Take(house, Full(1, Taro));
        await Take(house, Full(2, "900002,\"架空"));

        Assert.DoesNotContain("架空", house.Log(), StringComparison.Ordinal);
    }

    private static Task<RegisterReport> Take(CounterHouse house, string file) =>
        house.Room.RegisterFiles.Take(Encoding.UTF8.GetBytes(file), null, "test");

    private static Resident? Known(CounterHouse house, string number) =>
        house.Room.Register.Find($"11201-{number}", CounterHouse.Kawagoe);

    private static string Full(int number, params string[] lines) => File("全件", number, Header, lines);

    private static string Difference(int number, params string[] lines) => File("差分", number, "異動," + Header, lines);

    private static string File(string kind, int number, string header, string[] lines) =>
        $"住民基本台帳,11201,{kind},{number}\r\n{header}\r\n{string.Concat(lines.Select(l => l + "\r\n"))}"
        + $"終端,{lines.Length}\r\n";
}
