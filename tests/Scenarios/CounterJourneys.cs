using System.Text.Json;
using Jpki.Cps;
using Jpki.Forms;
using Microsoft.Playwright;
using Xunit;

namespace Jpki.Tests.Scenarios;

/// <summary>
/// An officer at the terminal and an applicant at the key pair device, each in a browser of their own, with the
/// keyboard only; every page on the way is for everybody. (CPS 4-1, 4-3, 2-1-3)
/// </summary>
[Collection(PrefectureTests.Name)]
public sealed class CounterJourneys(RunningPrefecture prefecture, ABrowser browser) : IClassFixture<ABrowser>
{
    private string Door => prefecture.Door("counter");

    [Fact, Cps("4-1-1"), Cps("6-4-2-1"), Cps("4-3-2"), Cps("2-1-3(14)")]
    public async Task An_applicant_goes_from_the_paper_to_the_device_and_home_with_card_and_receipt()
    {
        var terminal = await LogIn();
        var device = await browser.Anybody();

        await Apply(terminal, await Somebody(terminal));
        await terminal.IsForEverybody("journey-match");
        await Press(terminal, "一致を確認した");
        await Show(terminal, expires: true);
        await terminal.IsForEverybody("journey-hand-over-before");
        Assert.Equal(0, await terminal.Locator("input[type=password]").CountAsync());
        await AtDevice(terminal, device, "journey-device");
        await terminal.GetByText("状態を更新する").PressAsync("Enter");
        await Press(terminal, "通知して発行を受ける");
        await terminal.IsForEverybody("journey-fee");
        await Press(terminal, "500円を受け取り");
        await Press(terminal, "告知事項を説明し");
        await terminal.IsForEverybody("journey-delivered");
        await PrintsAndIsForEverybody(terminal, "写しと告知事項を印刷する", "journey-copy", "厳重に管理");
        await terminal.GoBackAsync();
        await PrintsAndIsForEverybody(terminal, "領収書を印刷する", "journey-receipt", "500円");
    }

    [Fact, Cps("3-1-10"), Cps("4-1-1(2)"), Cps("4-1-1(3)")]
    public async Task An_agent_comes_again_with_the_answer_to_the_letter()
    {
        var terminal = await LogIn();

        await Apply(terminal, await Somebody(terminal), agent: true);
        await Press(terminal, "一致を確認した");
        await terminal.IsForEverybody("journey-letter-none");
        await Press(terminal, "照会書を作成する");
        await terminal.FillAsync("#sentOn", "2020-01-01");
        await Press(terminal, "発送を記録する");
        Assert.Contains("発送の日は", await terminal.InnerTextAsync("#sentOn-error"), StringComparison.Ordinal);
        await terminal.IsForEverybody("journey-letter-wrong-day");
        await terminal.FillAsync("#sentOn", await Today(terminal));
        await Press(terminal, "発送を記録する");
        await terminal.IsForEverybody("journey-letter-sent");
        await terminal.Locator("td a").First.PressAsync("Enter");
        await IsPrinted(terminal, "journey-letter", "回答の年月日");
        await terminal.GoBackAsync();
        await terminal.SelectOptionAsync("#reply", "Confirmed");
        await Press(terminal, "回答を記録する");
        await terminal.CheckAsync("#powerOfAttorney");
        await terminal.CheckAsync("#sealCertificate");
        await Show(terminal, expires: true);
        await terminal.IsForEverybody("journey-agent-password");
        await terminal.FillAsync("#password", "AGENT42");
        await terminal.FillAsync("#passwordAgain", "AGENT43");
        await Press(terminal, "鍵ペアを生成する");
        Assert.Contains("一致しません", await terminal.InnerTextAsync("#passwordAgain-error"), StringComparison.Ordinal);
        await terminal.FillAsync("#password", "AGENT42");
        await terminal.FillAsync("#passwordAgain", "AGENT42");
        await Press(terminal, "鍵ペアを生成する");
        await terminal.GetByText("通知して発行を受ける").WaitForAsync();
    }

    [Fact, Cps("3-1-8"), Cps("4-1-2")]
    public async Task An_applicant_with_a_rare_name_chooses_what_the_certificate_shows()
    {
        var terminal = await LogIn();
        var somebody = await Somebody(terminal, rare: true);
        var rare = SubstituteCharacters.FindIn(NameOf(somebody))[0];
        var field = $"#substitute-{rare.CodePoints.Replace("U+", "").Replace(' ', '-')}";

        await terminal.GotoAsync(Door + "/terminal/applications/new");
        await Choose(terminal, somebody);
        await terminal.IsForEverybody("journey-substitutes-choices");
        await Press(terminal, "受け付けて照合へ");
        Assert.Contains("代替文字を", await terminal.InnerTextAsync($"{field}-error"), StringComparison.Ordinal);
        await terminal.CheckAsync($"{field}-0");
        await terminal.FillAsync($"{field}-other", "😀");
        await Press(terminal, "受け付けて照合へ");
        Assert.Contains(
            "記録に使用できません", await terminal.InnerTextAsync($"{field}-other-error"), StringComparison.Ordinal);
        await terminal.IsForEverybody("journey-substitutes-wrong");
        await terminal.CheckAsync($"{field}-1");
        await Press(terminal, "受け付けて照合へ");
        await Press(terminal, "一致を確認した");
        await terminal.GetByText($"{rare.Candidates[0]}（申請者の選択）").WaitForAsync();
        await terminal.IsForEverybody("journey-substitutes-chosen");
    }

    [Fact, Cps("3-4-1"), Cps("3-1-10"), Cps("4-4-2-2")]
    public async Task An_agent_ends_a_certificate_when_the_holder_has_answered()
    {
        var terminal = await LogIn();
        var resident = await Somebody(terminal);
        await Issue(terminal, await browser.Anybody(), resident);

        await terminal.GotoAsync(Door + "/terminal/revocations/new");
        await Choose(terminal, resident);
        await terminal.SelectOptionAsync("#reason", "CessationOfOperation");
        await Press(terminal, "代理人の申請を受け付け");
        Assert.Contains("代理人の氏名", await terminal.InnerTextAsync("#agentName-error"), StringComparison.Ordinal);
        await terminal.IsForEverybody("journey-revocation-no-agent");
        await terminal.FillAsync("#agentName", "代理　見本");
        await terminal.FillAsync("#agentAddress", "埼玉県川越市見本台１－２－３");
        await Press(terminal, "代理人の申請を受け付け");
        await terminal.IsForEverybody("journey-revocation-inquiring");
        await Press(terminal, "照会書を作成する");
        await Press(terminal, "発送を記録する");
        await terminal.SelectOptionAsync("#reply", "Confirmed");
        await Press(terminal, "回答を記録する");
        await terminal.IsForEverybody("journey-revocation-agent");
        await Press(terminal, "代理人と確認し");
        await terminal.IsForEverybody("journey-revocation-wrong");
        await terminal.CheckAsync("#powerOfAttorney");
        await terminal.CheckAsync("#sealCertificate");
        await FillLicence(terminal, expires: true);
        await Press(terminal, "代理人と確認し");
        await terminal.GetByText("失効申請受理通知書").First.WaitForAsync();
        await terminal.IsForEverybody("journey-revocation-done");
    }

    [Fact, Cps("2-1-3(16)"), Cps("2-8-6"), Cps("4-15")]
    public async Task Requests_are_taken_and_answered_and_the_day_is_closed()
    {
        var terminal = await LogIn();
        var device = await browser.Anybody();
        var resident = await Somebody(terminal);
        await Issue(terminal, device, resident);

        await Ask(terminal, resident, "ResetPassword");
        await AtDevice(terminal, device, "journey-reset");
        await terminal.GetByText("状態を更新する").PressAsync("Enter");
        await terminal.IsForEverybody("journey-reset-done");
        await Ask(terminal, resident, "Unlock");
        await terminal.IsForEverybody("journey-unlock");
        await Press(terminal, "ロック解除を行う");
        await Ask(terminal, resident, "Disclosure");
        await Press(terminal, "開示する");
        Assert.Equal(1, await terminal.Locator("#answer-error").CountAsync());
        await terminal.FillAsync("#answer", "請求のとおり開示します。");
        await Press(terminal, "開示する");
        await PrintsAndIsForEverybody(terminal, "回答書を印刷する", "journey-disclosure", "シリアル番号");
        await terminal.GotoAsync(Door + "/terminal/requests/new");
        await Press(terminal, "受け付ける");
        await terminal.IsForEverybody("journey-request-empty");
        await Pages(terminal, resident);
    }

    [Fact, Cps("4-4-2-3"), Cps("3-3"), Cps("3-1-9"), Cps("2-1-3(16)"), Cps("4-15")]
    public async Task A_lost_card_is_reported_and_another_issued_and_a_doubt_issues_nothing()
    {
        var terminal = await LogIn();
        var device = await browser.Anybody();
        var resident = await Somebody(terminal);
        await Issue(terminal, device, resident);

        await terminal.GotoAsync(Door + "/terminal/revocations/new");
        await Choose(terminal, resident);
        await terminal.SelectOptionAsync("#reason", "KeyCompromise");
        await FillLicence(terminal, expires: true);
        await Press(terminal, "本人と確認し");
        await PrintsAndIsForEverybody(terminal, "書面を印刷する", "journey-lost", "失効処理完了通知書");
        await Issue(terminal, device, resident, "Reissue");
        await terminal.IsForEverybody("journey-reissued");
        await Ask(terminal, resident, "EraseKey");
        await terminal.IsForEverybody("journey-erase");
        await terminal.Locator("button.danger").First.PressAsync("Enter");
        await PrintsAndIsForEverybody(terminal, "回答書を印刷する", "journey-erased", "消去");
        await Doubt(terminal);
        await Complain(terminal);
    }

    [Fact, Cps("4-1-1"), Cps("3-2")]
    public async Task A_holder_renews_in_the_last_three_months_and_no_sooner()
    {
        await using RunningPrefecture years = new();
        await years.Start();
        await new CounterJourneys(years, browser).Renew();
    }

    private async Task Renew()
    {
        var terminal = await LogIn();
        var device = await browser.Anybody();
        var resident = await Somebody(terminal);
        await Issue(terminal, device, resident);

        await Apply(terminal, resident, kind: "Renewal");
        await Press(terminal, "一致を確認した");
        await terminal.GetByText("満了する日の3か月前").First.WaitForAsync();
        await terminal.IsForEverybody("journey-renewal-too-early");
        prefecture.Jpki("sandbox", "clock", "--advance", "1050d").Succeeded();
        terminal = await LogIn();
        await Issue(terminal, device, resident, "Renewal");
        await terminal.GetByText("写しと告知事項を印刷する").WaitForAsync();
        await terminal.IsForEverybody("journey-renewal");
    }

    private async Task Doubt(IPage terminal)
    {
        await Apply(terminal, await Somebody(terminal));
        await terminal.GetByText("申請書の記入を訂正する").PressAsync("Enter");
        await terminal.Locator("#appliedOn").WaitForAsync();
        await terminal.IsForEverybody("journey-correction");
        await terminal.GoBackAsync();
        await Press(terminal, "一致を確認した");
        await FillLicence(terminal, expires: false);
        await terminal.FillAsync("#expiresOn", "2020-01-01");
        await Press(terminal, "本人と確認した");
        Assert.Contains("切れています", await terminal.InnerTextAsync("#expiresOn-error"), StringComparison.Ordinal);
        await terminal.IsForEverybody("journey-identity-expired");
        await Press(terminal, "疑義があるため発行しない");
        await terminal.GetByRole(AriaRole.Heading, new() { Name = "発行しません" }).WaitForAsync();
        await terminal.IsForEverybody("journey-doubt");
    }

    private async Task Complain(IPage terminal)
    {
        await terminal.GotoAsync(Door + "/terminal/requests/new");
        await terminal.SelectOptionAsync("#requestKind", "Complaint");
        await terminal.FillAsync("#text", "待ち時間が長い。");
        await Press(terminal, "受け付ける");
        await terminal.IsForEverybody("journey-complaint");
        await terminal.FillAsync("#answer", "窓口を増やします。");
        await Press(terminal, "回答する");
        await PrintsAndIsForEverybody(terminal, "回答書を印刷する", "journey-complaint-answer", "窓口を増やします。");
    }

    private async Task Pages(IPage terminal, JsonElement resident)
    {
        await terminal.GotoAsync(Door + "/terminal/history");
        await terminal.FillAsync("#query", NameOf(resident));
        await Press(terminal, "検索");
        Assert.DoesNotContain("query", terminal.Url, StringComparison.Ordinal);
        await terminal.GetByText("検索の結果").WaitForAsync();
        await terminal.IsForEverybody("journey-history");
        await terminal.GotoAsync(Door + "/terminal/statistics");
        await terminal.IsForEverybody("journey-statistics");
        await terminal.GotoAsync(Door + "/terminal");
        await terminal.IsForEverybody("journey-today");
        await terminal.GotoAsync(Door + "/terminal/fees");
        await terminal.FillAsync("#counted", "1");
        await Press(terminal, "本日の日計を締める");
        Assert.Equal(1, await terminal.Locator("#note-error").CountAsync());
        await terminal.IsForEverybody("journey-closing-differs");
        await terminal.FillAsync("#note", "試し");
        await Press(terminal, "本日の日計を締める");
        await PrintsAndIsForEverybody(terminal, "日計表を印刷する", "journey-closing", "差額の理由");
    }

    private async Task Issue(IPage terminal, IPage device, JsonElement resident, string kind = "New")
    {
        await Apply(terminal, resident, kind: kind);
        await Press(terminal, "一致を確認した");
        await Show(terminal, expires: false);
        await AtDevice(terminal, device, null);
        await terminal.GetByText("状態を更新する").PressAsync("Enter");
        await Press(terminal, "通知して発行を受ける");
        await Press(terminal, "500円を受け取り");
        await Press(terminal, "告知事項を説明し");
    }

    /// <summary>The officer gives the code; the applicant mistypes once, then chooses a password.</summary>
    private async Task AtDevice(IPage terminal, IPage device, string? name)
    {
        await Press(terminal, "引継ぎ番号を出す");
        var code = await terminal.InnerTextAsync("p.code");
        if (name is not null)
            await terminal.IsForEverybody($"{name}-code");
        await device.GotoAsync(Door + "/device");
        if (name is not null)
            await device.IsForEverybody($"{name}-start");
        await device.FillAsync("#code", code);
        await Press(device, "始める");
        await device.FillAsync("#password", "CARD42");
        await device.FillAsync("#passwordAgain", "CARD24");
        await device.Locator("form button").First.PressAsync("Enter");
        Assert.Contains("一致しません", await device.InnerTextAsync("#passwordAgain-error"), StringComparison.Ordinal);
        if (name is not null)
            await device.IsForEverybody($"{name}-password");
        await device.FillAsync("#password", "CARD42");
        await device.FillAsync("#passwordAgain", "CARD42");
        await device.Locator("form button").First.PressAsync("Enter");
        await device.GetByText("カードをお取りになり").WaitForAsync();
        if (name is not null)
            await device.IsForEverybody($"{name}-done");
    }

    private async Task Apply(IPage terminal, JsonElement resident, bool agent = false, string kind = "New")
    {
        await terminal.GotoAsync(Door + "/terminal/applications/new");
        await Choose(terminal, resident);
        await terminal.SelectOptionAsync("#applicationKind", kind);
        if (agent)
        {
            await terminal.FillAsync("#agentName", "代理　見本");
            await terminal.FillAsync("#agentAddress", "埼玉県川越市見本台１－２－３");
        }
        await Press(terminal, "受け付けて照合へ");
    }

    private async Task Ask(IPage terminal, JsonElement resident, string kind)
    {
        await terminal.GotoAsync(Door + "/terminal/requests/new");
        await Choose(terminal, resident);
        await terminal.SelectOptionAsync("#requestKind", kind);
        await FillLicence(terminal, expires: false);
        await Press(terminal, "受け付ける");
    }

    private static async Task Choose(IPage terminal, JsonElement resident)
    {
        await terminal.FillAsync("#query", NameOf(resident));
        await Press(terminal, "検索");
        await terminal.Locator($"a[href$='resident={resident.GetProperty("id").GetString()}']").PressAsync("Enter");
        await terminal.Locator($"#name[value='{NameOf(resident)}']").WaitForAsync();   // The page after the choice.
    }

    private static async Task Show(IPage terminal, bool expires)
    {
        await FillLicence(terminal, expires);
        await Press(terminal, "本人と確認した");
    }

    private static async Task FillLicence(IPage terminal, bool expires)
    {
        await terminal.SelectOptionAsync("#kind", "DrivingLicence");
        await terminal.FillAsync("#number", "301234567890");
        if (expires)
            await terminal.FillAsync("#expiresOn", "2099-12-31");
        await terminal.CheckAsync("#faceMatches");
    }

    private static Task Press(IPage page, string button) =>
        page.GetByRole(AriaRole.Button, new() { Name = button }).First.PressAsync("Enter");

    private static async Task PrintsAndIsForEverybody(IPage page, string link, string name, string words)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = link }).PressAsync("Enter");
        await page.GetByText("PDFにする").WaitForAsync();
        await IsPrinted(page, name, words);
    }

    /// <summary>A page for everybody, and the same as PDF.</summary>
    private static async Task IsPrinted(IPage page, string name, string words)
    {
        await page.GetByText(words).First.WaitForAsync();
        await page.IsForEverybody(name);
        var pdf = await page.APIRequest.GetAsync(page.Url + "/pdf");
        var octets = await pdf.BodyAsync();
        Assert.Equal("application/pdf", pdf.Headers["content-type"]);
        Assert.True(octets.AsSpan().StartsWith("%PDF-"u8));
        Assert.Equal("no-store", pdf.Headers["cache-control"]);
    }

    private async Task<JsonElement> Somebody(IPage terminal, bool rare = false)
    {
        var answer = await terminal.APIRequest.GetAsync(Door + "/residents?withoutCertificate=true&limit=100");
        return (await answer.JsonAsync())!.Value.EnumerateArray()
            .First(r => rare
                ? SubstituteCharacters.FindIn(NameOf(r)).Any(c => c.Candidates.Count > 0)
                : r.GetProperty("attributes").EnumerateObject()
                    .Where(a => a.Value.ValueKind == JsonValueKind.String)
                    .All(a => SubstituteCharacters.FindIn(a.Value.GetString()!).Count == 0));
    }

    private static string NameOf(JsonElement resident) =>
        resident.GetProperty("attributes").GetProperty("name").GetString()!;

    private static async Task<string> Today(IPage terminal) => await terminal.GetAttributeAsync("#sentOn", "value") is
    { Length: 10 } day && !day.StartsWith("2020", StringComparison.Ordinal)
        ? day : JapanTime.DayOf(TimeProvider.System.GetUtcNow()).ToString("yyyy-MM-dd");

    private async Task<IPage> LogIn()
    {
        var officer = prefecture.Endpoints.GetProperty("officers").EnumerateArray()
            .First(o => o.GetProperty("role").GetString() == "CounterOfficer");
        var page = await browser.Anybody();
        await page.GotoAsync(Door + "/terminal/log-in");
        await page.FillAsync("#id", officer.GetProperty("id").GetString()!);
        await page.FillAsync("#password", officer.GetProperty("password").GetString()!);
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Heading, new() { Name = "本日の受付" }).First.WaitForAsync();
        return page;
    }
}
