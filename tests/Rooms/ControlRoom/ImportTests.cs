using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using Jpki.ControlRoom.Registers;
using Jpki.Cps;
using Jpki.Ledger;
using Xunit;

namespace Jpki.Tests.Rooms.ControlRoom;

/// <summary>CSV files of doors and people: taken whole or not at all, never twice, and given back safely.</summary>
[Cps("5-1-1-2")]
public sealed class ImportTests(PostgresServer server, ITestOutputHelper output) : IClassFixture<PostgresServer>
{
    private const string Header = "日時,室,要員番号,入退,結果,同行者\r\n";

    private const string Log = Header
        + "2026-11-20 09:00:01,認証設備室,A001,入,許可,\r\n"
        + "2026/11/20 9:31,\"認証設備室, 前室\",V-17,入,許可,A001\r\n"
        + "2026-11-20 09:40:00,認証設備室,A001,退,許可,\r\n";

    private static readonly Register Doors = RegisterHouse.Register("EE");

    private static readonly Encoding ShiftJis = CodePagesEncodingProvider.Instance.GetEncoding(932)!;

    [Theory]
    [InlineData("UTF-8", false)]
    [InlineData("UTF-8 with a mark", false)]
    [InlineData("Shift_JIS", false)]
    [InlineData("Shift_JIS", true)]
    public async Task A_log_of_the_doors_is_taken_in_either_encoding(string encoding, bool onPostgres)
    {
        await using RegisterHouse house = new(onPostgres ? server.NewDatabase() : null);

        var preview = RegisterHouse.Done(await house.Imports.Preview(
            RegisterHouse.Keeper, Doors, Encode(encoding, Log)));
        var taken = RegisterHouse.Done(await house.Imports.Take(RegisterHouse.Keeper, Doors, preview.Id!));
        var found = RegisterHouse.Done(await house.Desk.Search(RegisterHouse.Auditor, Doors, new() { Text = "ｖ-17" }));

        Assert.Equal((3, 0), (preview.New, preview.Known));
        Assert.Null(preview.First);
        Assert.Equal(("EE-2026-00001", "EE-2026-00003"), (taken.First, taken.Last));
        Assert.Equal(
            "2026-11-20 09:31:00　認証設備室, 前室　v-17　入", Assert.Single(found.Lines).Summary);
        Assert.Contains("EE-2026-00001..EE-2026-00003", house.Log(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_same_file_twice_and_the_same_row_twice_bring_nothing_twice(bool onPostgres)
    {
        await using RegisterHouse house = new(onPostgres ? server.NewDatabase() : null);
        await house.Imports.Import(RegisterHouse.Keeper, Doors, Encode("UTF-8", Log));

        var again = RegisterHouse.Done(await house.Imports.Import(
            RegisterHouse.Keeper, Doors, Encode("Shift_JIS", Log)));
        var more = RegisterHouse.Done(await house.Imports.Import(RegisterHouse.Keeper, Doors, Encode("UTF-8", Log
            + "2026-11-21 10:00:00,認証設備室,A002,入,拒否,\r\n2026/11/21 10:00,認証設備室,a002,入,拒否,\r\n")));

        Assert.Equal((0, 3, null), (again.New, again.Known, again.First));
        Assert.Equal((1, 4, "EE-2026-00004"), (more.New, more.Known, more.First));
    }

    [Fact]
    public async Task One_bad_row_and_nothing_is_taken_and_each_fault_is_told_with_line_and_column()
    {
        await using RegisterHouse house = new();

        var report = RegisterHouse.Done(await house.Imports.Import(RegisterHouse.Keeper, Doors, Encode("UTF-8", Log
            + "きのう,認証設備室,A001,入,許可,\r\n"
            + "2026-11-21 10:00:00,\"二行の\r\n室\",埼玉花子,横,許可,\r\n"
            + "2026-11-21 10:00:00,認証設備室\r\n")));

        Assert.Equal(
            [(5, "日時"), (6, "室"), (6, "要員番号"), (6, "入退"), (8, "")],
            report.Troubles.Select(t => (t.Line, t.Column)));
        Assert.All(report.Troubles, t => Assert.Contains(t.Text, c => c > 'ぁ'));
        Assert.Empty(RegisterHouse.Done(await house.Desk.Search(RegisterHouse.Keeper, Doors, new())).Lines);
    }

    [Theory]
    [InlineData("", "空")]
    [InlineData("室,要員番号,入退,結果\r\n", "必要な列")]
    [InlineData("日時,室,室,要員番号,入退,結果\r\n", "同じ列")]
    [InlineData("日時,室,要員番号,入退,結果,体温\r\n", "ない列")]
    [InlineData(Header + "\"2026-11-20 09:00,a,b,c,d,\r\n", "引用符")]
    [InlineData(Header + "2026-11-20 09:00,a\"b,A1,入,許可,\r\n", "引用符")]
    public async Task A_file_of_another_shape_is_refused_in_plain_words(string text, string said)
    {
        await using RegisterHouse house = new();

        var report = RegisterHouse.Done(
            await house.Imports.Preview(RegisterHouse.Keeper, Doors, Encode("UTF-8", text)));

        Assert.Null(report.Id);
        Assert.Contains(said, Assert.Single(report.Troubles).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Neither_encoding_too_much_and_too_long_are_refused()
    {
        await using RegisterHouse house = new();
        byte[] neither = [.. Encode("UTF-8", Header).Span, 0xFF, 0xFE, 0x81];
        var many = Header + string.Concat(Enumerable.Repeat("1,2,3,4,5,6\n", CsvText.MostRecords + 1));
        var wide = Header + new string('x', 9000);
        (byte[] Octets, string Said)[] files =
        [
            (neither, "文字コード"), (Encoding.UTF8.GetBytes(many), "50000 件"), (Encoding.UTF8.GetBytes(wide), "長すぎる"),
            (new byte[CsvText.MostOctets + 1], "10 MB"),
        ];

        foreach (var (octets, said) in files)
        {
            var report = RegisterHouse.Done(await house.Imports.Preview(RegisterHouse.Keeper, Doors, octets));
            Assert.Contains(said, Assert.Single(report.Troubles).Text, StringComparison.Ordinal);
        }
    }

    [Fact, Cps("5-2-1-1(1)")]
    public async Task Only_the_keeper_takes_a_file_and_only_the_one_he_looked_at_within_the_hour()
    {
        await using RegisterHouse house = new();
        var preview = RegisterHouse.Done(
            await house.Imports.Preview(RegisterHouse.Keeper, Doors, Encode("UTF-8", Log)));
        var another = RegisterHouse.Officer("kanri-2", Role.CaManager);

        var auditors = await house.Imports.Import(RegisterHouse.Auditor, Doors, Encode("UTF-8", Log));
        var strangers = await house.Imports.Take(another, Doors, preview.Id!);
        house.Clock.Advance(TimeSpan.FromMinutes(61));
        var late = await house.Imports.Take(RegisterHouse.Keeper, Doors, preview.Id!);
        var disposal = await house.Imports.Import(
            RegisterHouse.Keeper, RegisterHouse.Register("DW"), Encode("UTF-8", Log));

        Assert.Equal("5-2-1-1(1)", auditors.Refusal?.Clause.Number);
        Assert.Equal("5-1-1-2", strangers.Refusal?.Clause.Number);
        Assert.Equal("5-1-1-2", late.Refusal?.Clause.Number);
        Assert.Equal("5-1-1-9", disposal.Refusal?.Clause.Number);
    }

    [Fact]
    public void Whatever_is_brought_the_reader_says_what_it_is_or_what_is_wrong() =>
        Gen.OneOf(Gen.Byte.Array[0, 300], Gen.String["\",\r\n=aあ1"].Select(Encoding.UTF8.GetBytes)).Sample(noise =>
        {
            byte[] file = [.. Encode("UTF-8", Header).Span, .. noise];
            var reading = ImportReading.Read(Doors, file, new(2026, 11, 24));
            return reading.Entries.Length == 0 || reading.TroubleCount == 0;
        });

    [Fact]
    public void We_and_Python_read_the_same_values_out_of_what_Python_wrote()
    {
        const string Script = """
            import csv, json, sys
            rows = json.load(sys.stdin)
            sys.stdout.reconfigure(encoding="utf-8", newline="")
            csv.writer(sys.stdout).writerows(rows)
            """;

        Gen.String["\", \r\n'=;\tａあ髙x"].Where(s => s.Length < 50).Array[2, 6].Array[50].Sample(cells =>
        {
            string[][] rows = [.. cells.Select(row => row.Prepend("x").ToArray())];
            var json = JsonSerializer.SerializeToUtf8Bytes(rows);
            var written = Tool.Run("python3", json, "-c", Script).Succeeded().Output;
            Assert.Equal(rows, CsvText.Read(written).Select(r => r.Values));
        }, iter: 5);
    }

    [Fact]
    public async Task Python_reads_what_is_exported_and_no_cell_begins_as_a_formula()
    {
        const string Script = """
            import csv, io, json, sys
            text = sys.stdin.buffer.read().decode("utf-8-sig")
            print(json.dumps(list(csv.DictReader(io.StringIO(text, newline=""), strict=True))))
            """;
        await using RegisterHouse house = new();
        string[] titles = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "＝1+1", "引用\"符,と読点", "普通の件名"];
        foreach (var title in titles)
        {
            await house.Write("AG", RegisterHouse.Agreement with
            {
                Fields = RegisterHouse.Fields(("title", title), ("party", "V-0001"), ("details", "一行\n二行")),
            });
        }

        var csv = RegisterHouse.Done(
            await house.Desk.Export(RegisterHouse.Auditor, RegisterHouse.Register("AG"), 2026));
        var rows = JsonSerializer.Deserialize<Dictionary<string, string>[]>(
            Tool.Run("python3", csv, "-c", Script).Succeeded().Output)!;

        Assert.Equal(titles.Select((t, i) => i < 5 ? "'" + t : t), rows.Select(r => r["件名"]));
        Assert.All(rows, r => Assert.Equal(("一行\n二行", "2026-11-20", "記入"), (r["内容"], r["日付"], r["種別"])));
        Assert.DoesNotContain(rows.SelectMany(r => r.Values), v => v.Length > 0 && "=+-@".Contains(v[0]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_hundred_thousand_entries_are_searched_and_paged_quickly(bool onPostgres)
    {
        await using RegisterHouse house = new(onPostgres ? server.NewDatabase() : null);
        var csv = Many(5_000);
        await Told("import of 5,000 rows", () => house.Imports.Import(RegisterHouse.Keeper, Doors, csv));
        await house.Store.Write(Multiply);
        house.Due();
        await Search(new() { Text = "nobody" });

        var page = await Told("first page", () => Search(new()));
        var middle = await Told("page in the middle", () => Search(new() { After = "EE-2026-050000" }));
        var person = await Told("one among all, by a word", () => Search(new() { Text = "rare-one" }));
        var due = await Told("what is due", () => Task.FromResult<Outcome<DueMatter[]>>(house.Due(365).ToArray()));

        Assert.Equal("EE-2026-100000", page.Lines[0].Number);
        Assert.Equal("EE-2026-049999", middle.Lines[0].Number);
        Assert.Equal("EE-2026-00008", Assert.Single(person.Lines).Number);
        Assert.Single(due);

        Task<Outcome<RegisterPage>> Search(RegisterQuery query) =>
            house.Desk.Search(RegisterHouse.Keeper, Doors, query);

        async Task<T> Told<T>(string what, Func<Task<Outcome<T>>> act) where T : class
        {
            var watch = Stopwatch.StartNew();
            var result = RegisterHouse.Done(await act());
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(what[0] == 'i' ? 60 : 3), what);
            output.WriteLine($"{what}: {watch.ElapsedMilliseconds} ms");
            return result;
        }
    }

    private static byte[] Many(int rows)
    {
        StringBuilder csv = new(Header);
        for (var i = 0; i < rows; i++)
        {
            var at = new DateTime(2026, 5, 1).AddSeconds(i).ToString("s", CultureInfo.InvariantCulture);
            var person = i == 7 ? "rare-one" : $"a{i % 40:d3}";
            csv.Append(CultureInfo.InvariantCulture, $"{at},認証設備室,{person},入,許可,\r\n");
        }
        return Encoding.UTF8.GetBytes(csv.ToString());
    }

    /// <summary>Copies of the first row, with numbers of their own, up to 100,000.</summary>
    private static void Multiply(StoreTransaction tx)
    {
        const string Numbers = """
            WITH RECURSIVE n (i) AS (SELECT 5001 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
            """;
        tx.Execute($"""
            INSERT INTO register_entries
            {Numbers}
            SELECT i, 'EE-2026-' || SUBSTR('00000', LENGTH(CAST(i AS TEXT))) || CAST(i AS TEXT), i, series, year, i,
                kind, dated, written_at, written_by, sha256, NULL, CAST(i AS TEXT), body
            FROM register_entries CROSS JOIN n WHERE id = 1
            """);
        tx.Execute($"""
            INSERT INTO register_chains
            {Numbers}
            SELECT i, i, series, year, dated, words, due_on, keep_until, disposed_on
            FROM register_chains CROSS JOIN n WHERE first = 1
            """);
    }

    private static ReadOnlyMemory<byte> Encode(string encoding, string text) => encoding switch
    {
        "UTF-8" => Encoding.UTF8.GetBytes(text),
        "Shift_JIS" => ShiftJis.GetBytes(text),
        _ => (byte[])[.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text)],
    };
}
