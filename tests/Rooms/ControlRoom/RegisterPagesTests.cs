using System.Net;
using System.Text;
using System.Text.Json;
using Jpki.Cps;
using Xunit;

namespace Jpki.Tests.Rooms.ControlRoom;

/// <summary>The registers as officers see them in a browser without a script, and programs as JSON.</summary>
public sealed class RegisterPagesTests
{
    private const string Log = "日時,室,要員番号,入退,結果\r\n2026-11-20 09:00,認証設備室,A001,入,許可\r\n";

    private static readonly (string Name, string Value)[] Agreement =
    [
        ("date", "2026-11-20"), ("place", "第一書庫"), ("title", "<script>取決め</script>"), ("party", "V-0001"),
    ];

    [Fact, Cps("4-12-1-1"), Cps("5-2-1-1(1)")]
    public async Task The_keeper_writes_an_entry_in_a_form_and_finds_it_again()
    {
        await using var door = await RegisterDoor.Open();

        var written = await door.Fill("/registers/AG/new", "/registers/AG/new", Agreement, [1, 2, 3]);
        var entry = await door.Get(written.Location!);
        var found = await door.Get("/registers/AG?text=v-0001");
        var file = await door.Get("/registers/AG/AG-2026-00001/file");

        Assert.Equal((HttpStatusCode.SeeOther, "/registers/AG/AG-2026-00001"), (written.Status, written.Location));
        Assert.Contains("&lt;script&gt;", entry.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", entry.Html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("AG-2026-00001", found.Text, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], file.Octets);
    }

    [Fact]
    public async Task What_is_wrong_is_beside_its_field_and_nothing_has_to_be_typed_twice()
    {
        await using var door = await RegisterDoor.Open();

        var answer = await door.Fill(
            "/registers/AG/new", "/registers/AG/new", [("date", "2026-11-20"), ("party", "V-0001")]);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Contains("件名を記入してください。", answer.Text, StringComparison.Ordinal);
        Assert.Contains("id=\"title-error\"", answer.Html, StringComparison.Ordinal);
        Assert.Contains("aria-describedby=\"title-error\"", answer.Html, StringComparison.Ordinal);
        Assert.Contains("value=\"V-0001\"", answer.Html, StringComparison.Ordinal);
    }

    [Fact, Cps("5-2-3"), Cps("5-2-1-1(1)")]
    public async Task Others_see_only_their_registers_and_write_only_into_them()
    {
        await using var door = await RegisterDoor.Open();

        var list = await door.Get("/registers", "uketsuke-1");
        var closed = await door.Get("/registers/BC", "uketsuke-1");
        var written = await door.Fill("/registers/AG/new", "/registers/AG/new", Agreement, officer: "uketsuke-1");
        var nobody = await door.Get("/registers", "nobody");

        Assert.Contains("相互認証証明書等の申請書類", list.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("要員の経歴調査", list.Text, StringComparison.Ordinal);
        Assert.Contains("5-2-3", closed.Text, StringComparison.Ordinal);
        Assert.Contains("5-2-1-1(1)", written.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("監査報告書", nobody.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("AG-2026", (await door.Get("/registers/AG")).Text, StringComparison.Ordinal);
    }

    [Fact, Cps("2-7-6")]
    public async Task A_finding_is_corrected_followed_up_and_closed_by_pages()
    {
        await using var door = await RegisterDoor.Open();
        var finding = await door.House.Write("AF", RegisterHouse.Finding);
        var path = $"/registers/AF/{finding.Number}";

        var due = await door.Get("/registers");
        var form = await door.Get(path + "/correction");
        var corrected = await door.Fill(path + "/correction", path + "/correction",
        [
            ("reason", "誤記"), ("date", "2026-11-20"), ("place", "第一書庫"), ("due", "2026-12-24"), ("title", "新しい件名"),
            ("report", "AR-2026-00001"), ("weight", "low"),
        ]);
        var closed = await door.Fill(path + "/follow-up", path + "/follow-up",
        [
            ("date", "2026-11-24"), ("measure", "改めた"), ("state", "confirmed"), ("checker", "chiji-1"),
            ("closes", "true"),
        ]);
        var entry = await door.Get(path);

        Assert.Contains(finding.Number, due.Text, StringComparison.Ordinal);
        Assert.Contains("value=\"2026-12-24\"", form.Html, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.SeeOther, HttpStatusCode.SeeOther), (corrected.Status, closed.Status));
        Assert.Contains("新しい件名", entry.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("対応を記入する", entry.Text, StringComparison.Ordinal);
        Assert.Empty(door.House.Due());
    }

    [Fact, Cps("4-12-1-4")]
    public async Task The_form_of_a_readability_check_begins_with_its_volume()
    {
        await using var door = await RegisterDoor.Open();
        await door.House.Write("AG", RegisterHouse.Agreement);

        var volumes = await door.Get("/registers/checks");
        var form = await door.Get("/registers/RC/new?series=AG&year=2026");

        Assert.Contains("/registers/RC/new?series=AG&year=2026", volumes.Text, StringComparison.Ordinal);
        Assert.Contains("value=\"AG\"", form.Html, StringComparison.Ordinal);
        Assert.Contains("value=\"2026\"", form.Html, StringComparison.Ordinal);
    }

    [Fact, Cps("5-1-1-2")]
    public async Task A_file_is_looked_at_first_and_then_taken()
    {
        await using var door = await RegisterDoor.Open();
        const string Path = "/registers/EE/import";

        var preview = await door.Fill(Path, Path, [], Encoding.UTF8.GetBytes(Log));
        var before = await door.Get("/registers/EE");
        var taken = await door.Fill(Path, Path + "/take", [("id", preview.Hidden("id"))]);
        var csv = await door.Get("/registers/EE/export.csv?year=2026", "kansa-1");
        var index = await door.Get("/registers/EE/index?year=2026");

        Assert.Contains("新しい記入 1 件", preview.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("EE-2026-00001", before.Text, StringComparison.Ordinal);
        Assert.Contains("1 件を取り込みました", taken.Text, StringComparison.Ordinal);
        Assert.Contains("認証設備室", csv.Text, StringComparison.Ordinal);
        Assert.Contains("EE-2026-00001", index.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_with_faults_shows_them_in_a_table_and_too_large_a_one_is_refused()
    {
        await using var door = await RegisterDoor.Open();
        const string Path = "/registers/EE/import";

        var faulty = await door.Fill(Path, Path, [], Encoding.UTF8.GetBytes(Log + "きのう,室,A001,入,許可\r\n"));
        var large = await door.Fill(Path, Path, [], new byte[(10 * 1024 * 1024) + 1]);
        var rows = string.Concat(Enumerable.Repeat("2026-11-20 09:00,室,A001,入,許可\r\n", 40_000));
        var fine = await door.Fill(Path, Path, [], Encoding.UTF8.GetBytes(Log + rows));

        Assert.Contains("<td>3</td><td>日時</td>", faulty.Text, StringComparison.Ordinal);
        Assert.Contains("10 MB まで", large.Text, StringComparison.Ordinal);
        Assert.Contains("新しい記入 2 件、既にあるもの（又は重複）39999 件", fine.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_form_has_a_label_for_every_field_and_no_page_has_a_script()
    {
        await using var door = await RegisterDoor.Open();
        string[] pages =
        [
            "/registers", "/registers/checks", "/registers/AG", "/registers/AG/import",
            .. Registers.All.Select(r => $"/registers/{r.Series}/new"),
        ];

        foreach (var path in pages)
        {
            var page = await door.Get(path);
            Assert.Empty(page.Unlabelled);
            Assert.DoesNotContain("<script", page.Html, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("<html lang=\"ja\">", page.Html, StringComparison.Ordinal);
        }
    }

    [Fact, Cps("4-12-1-1")]
    public async Task A_program_writes_and_reads_as_JSON_and_is_told_every_fault()
    {
        await using var door = await RegisterDoor.Open();
        const string Draft = """
            { "date": "2026-11-20", "place": "第一書庫", "fields": { "title": "取決め", "party": "V-0001" } }
            """;

        var written = await door.Post("/api/registers/AG", Json(Draft));
        var read = await door.Get("/api/registers/AG/AG-2026-00001", "kansa-1");
        var wrong = await door.Post("/api/registers/AG", Json("""{ "date": "きのう", "fields": { "party": "V" } }"""));
        var noJson = await door.Post("/api/registers/AG", Json("{"));
        var auditor = await door.Post("/api/registers/AG", Json(Draft), "kansa-1");
        var import = await door.Post("/api/registers/EE/imports", new ByteArrayContent(Encoding.UTF8.GetBytes(Log)));
        var nobody = await door.Get("/api/registers", "nobody");

        Assert.Equal("AG-2026-00001", JsonDocument.Parse(written.Text).RootElement.GetProperty("number").GetString());
        Assert.Contains("V-0001", read.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.Status);
        Assert.Equal(3, JsonDocument.Parse(wrong.Text).RootElement.GetProperty("troubles").GetArrayLength());
        Assert.Equal(HttpStatusCode.BadRequest, noJson.Status);
        Assert.Contains("CPS 5-2-1-1(1)", auditor.Text, StringComparison.Ordinal);
        Assert.Contains("\"first\":\"EE-2026-00001\"", import.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, nobody.Status);
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
