using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Jpki.Counter;
using Jpki.Cps;
using Xunit;

namespace Jpki.Tests.Rooms.Counter;

/// <summary>The terminal's pages, as a browser without a script sees them.</summary>
public sealed partial class TerminalPagesTests
{
    [Fact, Cps("5-1-2-2")]
    public async Task A_visitor_who_has_not_logged_in_sees_the_log_in_and_nothing_else()
    {
        await using var door = await CounterDoor.Open(authorityIsUp: false);
        var application = await door.House.UpTo(ApplicationState.Received);

        string[] paths = ["/", "/terminal", "/terminal/applications/new", $"/terminal/applications/{application.Id}"];
        foreach (var path in paths)
            Assert.Contains("<h1>ログイン</h1>", (await door.Visit(path)).Text, StringComparison.Ordinal);
    }

    [Fact, Cps("5-1-2-2")]
    public async Task A_wrong_password_is_said_on_the_page()
    {
        await using var door = await CounterDoor.Open(authorityIsUp: false);

        var page = await door.Visit("/terminal/log-in");
        page = await door.Submit(page, "/log-in", ("id", "kawagoe-1"), ("password", "no"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        Assert.Contains("運用規程 5-1-2-2", page.Text, StringComparison.Ordinal);
    }

    [Fact, Cps("4-1-1"), Cps("4-3-2"), Cps("4-4-2-3")]
    public async Task An_officer_issues_and_revokes_without_a_script()
    {
        await using var door = await CounterDoor.Open();
        await door.LogInByPage();
        var resident = door.House.Somebody();

        var page = await door.Visit($"/terminal/applications/new?resident={resident.Id}");
        Keep(page, "1-new-application");
        page = await door.Submit(page, "/terminal/applications", Written(resident));
        Assert.Contains("一致を確認した", page.Text, StringComparison.Ordinal);
        page = await door.Submit(page, "/match");
        Keep(page, "3-identity");
        page = await door.Submit(page, "/identity", Shown());
        Keep(page, "4-key-pair");
        page = await AtDevice(door, page, "CARD42");
        page = await door.Submit(page, "/notice");
        Assert.Contains("発行済", page.Text, StringComparison.Ordinal);
        page = await door.Submit(page, "/fee");
        page = await door.Submit(page, "/delivery");
        Keep(page, "5-delivery");
        Assert.Contains("厳重に管理", page.Text, StringComparison.Ordinal);
        Keep(await door.Visit("/terminal"), "6-today");

        page = await door.Visit($"/terminal/revocations/new?resident={resident.Id}");
        Keep(page, "7-revocation");
        page = await door.Submit(page, "/terminal/revocations",
            [("reason", "KeyCompromise"), .. Written(resident), .. Shown()]);
        Keep(page, "8-receipt");
        Assert.Contains("失効処理完了通知書", page.Text, StringComparison.Ordinal);
    }

    [Fact, Cps("3-1-8"), Cps("4-2-2")]
    public async Task For_a_character_outside_the_repertoire_the_applicant_chooses_from_candidates_or_another()
    {
        await using var door = await CounterDoor.Open(authorityIsUp: false);
        await door.LogInByPage();
        var page = await door.Visit("/terminal/applications/new");
        var resident = door.House.Somebody();

        (string, string)[] rare = [.. Written(resident), ("name", "閒本　髙子")];
        var asked = await door.Submit(page, "/terminal/applications", rare);
        var refused = await door.Submit(page, "/terminal/applications",
            [.. rare, ("substitute-9592", "閑"), ("substitute-9AD9", "other"), ("substitute-9AD9-other", "😀")]);
        var taken = await door.Submit(page, "/terminal/applications",
            [.. rare, ("substitute-9592", "閑"), ("substitute-9AD9", "other"), ("substitute-9AD9-other", "タカ")]);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, asked.Status);
        Assert.Contains("氏名の1文字目「閒」", asked.Text, StringComparison.Ordinal);
        Assert.Contains("value=\"間\"", asked.Text, StringComparison.Ordinal);
        Assert.Contains("id=\"substitute-9AD9-error\"", asked.Html, StringComparison.Ordinal);
        Assert.Contains("運用規程 3-1-8", asked.Text, StringComparison.Ordinal);
        Assert.Contains("「😀」も記録に使用できません", refused.Text, StringComparison.Ordinal);
        Assert.Contains("閑（申請者の選択）", taken.Text, StringComparison.Ordinal);
        Assert.Contains("タカ（申請者の選択）", taken.Text, StringComparison.Ordinal);
        Keep(taken, "9-substitutes");
    }

    [Fact, Cps("2-8-1"), Cps("4-2-2")]
    public async Task An_officer_looks_at_a_certificate_of_the_municipality_and_the_log_knows()
    {
        await using var door = await CounterDoor.Open();
        await door.LogInByPage();
        var issued = await door.House.UpTo(ApplicationState.Delivered);

        var shown = await door.Visit($"/terminal/certificates?serial={issued.Serial!.ToLowerInvariant()}");
        var unknown = await door.Visit("/terminal/certificates?serial=1234");

        Assert.Contains("<dt>シリアル番号</dt><dd>" + issued.Serial, shown.Text, StringComparison.Ordinal);
        Assert.Contains("SHA-256", shown.Text, StringComparison.Ordinal);
        Assert.Contains("certificate shown", door.House.Log(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, unknown.Status);
        Assert.Contains("運用規程 4-4-2", unknown.Text, StringComparison.Ordinal);
        Keep(shown, "10-certificate");
    }

    [Fact, Cps("5-1-2-2")]
    public async Task Another_municipalitys_certificate_is_not_shown()
    {
        await using var door = await CounterDoor.Open();
        var issued = await door.House.UpTo(ApplicationState.Delivered);

        var refused = await door.House.Room.Revocations.Read(door.House.Elsewhere, issued.Serial!);

        Assert.Equal("5-1-2-2", refused.Refusal?.Clause.Number);
        Assert.Null(refused.Value);
    }

    [Fact]
    public async Task A_file_is_shown_and_what_is_none_is_said_to_be_none()
    {
        await using var door = await CounterDoor.Open(authorityIsUp: false);
        await door.LogInByPage();
        var page = await door.Visit("/terminal/certificates");
        using TestPki ca = new();

        var shown = await door.Upload(page, "/terminal/certificates", ca.Certificate.Der.ToArray());
        var refused = await door.Upload(page, "/terminal/certificates", "hello"u8.ToArray());

        Assert.Contains("自己署名証明書", shown.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("id=\"file-error\"", refused.Html, StringComparison.Ordinal);
    }

    [Fact, Cps("3-1-9")]
    public async Task Differences_are_marked_and_the_paper_can_be_corrected()
    {
        await using var door = await CounterDoor.Open(authorityIsUp: false);
        await door.LogInByPage();
        var resident = door.House.Somebody();
        var page = await door.Visit("/terminal/applications/new");

        page = await door.Submit(page, "/terminal/applications", [.. Written(resident), ("address", "埼玉県川越市別の町１")]);
        Keep(page, "2-differences");
        Assert.Contains("<strong>相違</strong>", page.Text, StringComparison.Ordinal);
        page = await door.Visit(page.Path + "/correction");
        page = await door.Submit(page, "/correction", Written(resident));

        Assert.DoesNotContain("<strong>相違</strong>", page.Text, StringComparison.Ordinal);
        page = await door.Submit(page, "/match");
        page = await door.Submit(page, "/identity", ("verdict", "doubt"));
        Assert.Contains("疑義", page.Text, StringComparison.Ordinal);
        Assert.Contains("運用規程 3-1-9", page.Text, StringComparison.Ordinal);
    }

    [Fact, Cps("4-1-2")]
    public async Task An_error_stands_beside_its_field_and_nothing_typed_is_lost()
    {
        await using var door = await CounterDoor.Open(authorityIsUp: false);
        await door.LogInByPage();

        var page = await door.Submit(await door.Visit("/terminal/applications/new"), "/terminal/applications",
            ("name", "見本　花子"), ("era", "4"), ("year", "99"), ("month", "2"), ("day", "30"));

        Keep(page, "9-errors");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        Assert.Contains("id=\"address-error\"", page.Html, StringComparison.Ordinal);
        Assert.Contains("aria-describedby=\"address-hint address-error\"", page.Html, StringComparison.Ordinal);
        Assert.Contains("value=\"見本　花子\"", page.Text, StringComparison.Ordinal);
        Assert.Contains("value=\"99\"", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_says_when_the_Authority_is_away()
    {
        await using var door = await CounterDoor.Open(authorityIsUp: false);
        await door.LogInByPage();
        var application = await door.House.UpTo(ApplicationState.Waiting);

        var its = await door.Visit($"/terminal/applications/{application.Id}");
        var today = await door.Visit("/terminal");

        Assert.Contains("発行を待っています", its.Text, StringComparison.Ordinal);
        Assert.Contains("1 件あります", today.Text, StringComparison.Ordinal);
    }

    [Fact, Cps("4-4-1-1")]
    public async Task A_register_event_is_entered_on_a_page()
    {
        await using var door = await CounterDoor.Open();
        await door.LogInByPage();
        var issued = await door.House.UpTo(ApplicationState.Delivered);

        var page = await door.Visit($"/terminal/register-events/new?resident={issued.ResidentId}");
        page = await door.Submit(page, issued.ResidentId!, [.. Written(door.House.Somebody()), ("event", "Died")]);

        Assert.Contains("失効する電子証明書は 1 件", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_from_elsewhere_does_nothing()
    {
        await using var door = await CounterDoor.Open(authorityIsUp: false);
        await door.LogInByPage();
        var application = await door.House.UpTo(ApplicationState.Received);

        Dictionary<string, string> forged = new() { ["formToken"] = "00" };
        var page = await door.Visit($"/terminal/applications/{application.Id}/match", forged);

        var found = CounterHouse.Done(door.House.Room.Issuance.Find(door.House.Officer, application.Id));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, ApplicationState.Received), (page.Status, found.State));
    }

    [Fact]
    public async Task What_was_typed_is_never_markup()
    {
        await using var door = await CounterDoor.Open(authorityIsUp: false);
        await door.LogInByPage();

        var page = await door.Submit(await door.Visit("/terminal/applications/new"), "/terminal/applications/new",
            ("query", "\"><script>alert(1)</script>"));

        Assert.DoesNotContain("<script", page.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/terminal/log-in")]
    [InlineData("/terminal")]
    [InlineData("/terminal/applications/new")]
    [InlineData("/terminal/revocations/new")]
    [InlineData("/terminal/register-events/new")]
    public async Task Every_input_has_a_label_and_every_page_a_language_a_title_and_a_way_past_the_menu(string path)
    {
        await using var door = await CounterDoor.Open(authorityIsUp: false);
        if (!path.EndsWith("log-in", StringComparison.Ordinal))
            await door.LogInByPage();

        var html = (await door.Visit(path)).Html;

        Assert.Contains("<html lang=\"ja\">", html, StringComparison.Ordinal);
        Assert.Contains("href=\"#main\"", html, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(html, "<h1>"));
        Assert.DoesNotContain(" style=", html, StringComparison.Ordinal);
        var labelled = Regex.Matches(html, "<label for=\"([^\"]+)\"").Select(m => m.Groups[1].Value).ToHashSet();
        var inputs = Input().Matches(html)
            .Where(m => !m.Value.Contains("type=\"hidden\"", StringComparison.Ordinal));
        Assert.All(inputs, m => Assert.Contains(m.Groups[1].Value, labelled));
        var ids = Regex.Matches(html, " id=\"([^\"]+)\"").Select(m => m.Groups[1].Value).ToArray();
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    /// <summary>The officer's page before and after the applicant was at the device.</summary>
    internal static async Task<CounterDoor.Page> AtDevice(CounterDoor door, CounterDoor.Page page, string password)
    {
        var path = page.Path;
        page = await door.Submit(page, "/device");
        var device = await door.Submit(await door.Visit("/device"), "/device", ("code", Code(page)));
        device = await door.Submit(device, "/device/password",
            ("keyKind", "Rsa2048"), ("password", password), ("passwordAgain", password));
        Assert.Contains("終わりました", device.Text, StringComparison.Ordinal);
        return await door.Visit(path);
    }

    private static string Code(CounterDoor.Page page) =>
        Regex.Match(page.Text, "<p class=\"code\">([^<]+)</p>").Groups[1].Value;

    internal static (string, string)[] Written(Resident resident)
    {
        var person = resident.Attributes;
        int[] birth = [Eras.YearInEra(person.BirthDate), person.BirthDate.Month, person.BirthDate.Day];
        string[] parts = [.. birth.Select(n => n == 0 ? "" : $"{n}")];
        return
        [
            ("appliedOn", "2026-11-24"), ("name", person.Name), ("nameKana", resident.NameKana),
            ("alias", person.Alias ?? ""), ("era", $"{(int)person.BirthDate.Era}"), ("year", parts[0]),
            ("month", parts[1]), ("day", parts[2]), ("gender", $"{(int)person.Gender}"), ("address", person.Address),
        ];
    }

    private static (string, string)[] Shown() =>
    [
        ("kind", "DrivingLicence"), ("number", "301234567890"), ("expiresOn", "2028-03-01"), ("faceMatches", "yes"),
        ("verdict", "same"),
    ];

    /// <summary>JPKI_SCREENSHOTS=FOLDER keeps the pages, to be looked at.</summary>
    private static void Keep(CounterDoor.Page page, string name)
    {
        if (Environment.GetEnvironmentVariable("JPKI_SCREENSHOTS") is not { Length: > 0 } folder)
            return;
        using var style = typeof(CounterRoom).Assembly.GetManifestResourceStream("Jpki.Counter.Pages.terminal.css")!;
        using StreamReader reader = new(style);
        var file = Path.Combine(Directory.CreateDirectory(folder).FullName, name);
        var html = Regex.Replace(page.Html, "<link [^>]*>", $"<style>{reader.ReadToEnd()}</style>");
        File.WriteAllText(file + ".html", html);
        using var browser = Process.Start("chromium", [
            "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
            "--window-size=1200,1600", $"--screenshot={file}.png", $"file://{file}.html"]);
        browser.WaitForExit(TimeSpan.FromSeconds(60));
    }

    [GeneratedRegex("<(?:input|select)[^>]* id=\"([^\"]+)\"[^>]*>|<input[^>]* type=\"hidden\"[^>]*>")]
    private static partial Regex Input();
}
