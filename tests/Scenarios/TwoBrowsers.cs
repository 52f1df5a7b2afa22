using System.Text.Json;
using Microsoft.Playwright;
using Xunit;

namespace Jpki.Tests.Scenarios;

/// <summary>
/// A whole act of two people, each at a browser and with a card of his own: what one proposes the other sees, and it is
/// done when he agrees. (CPS 5-2-2)
/// </summary>
[Collection(PrefectureTests.Name)]
public sealed class TwoBrowsers(RunningPrefecture prefecture, ABrowser browser) : IClassFixture<ABrowser>
{
    [Fact, Cps("5-2-2①"), Cps("5-2-1-1(6)")]
    public async Task Two_senior_operators_issue_the_CRLs()
    {
        var one = await LogIn("SeniorOperator-1");
        var two = await LogIn("SeniorOperator-2");

        await Go(one, "/acts/new/publication");
        await one.FillAsync("#why", "二人の作業の試験");
        await one.GetByRole(AriaRole.Button, new() { Name = "提案する" }).ClickAsync();
        await one.IsForEverybody("two-people-proposed");
        Assert.Equal(0, await one.GetByRole(AriaRole.Button, new() { Name = "承認して実施する" }).CountAsync());

        await two.GotoAsync(one.Url);
        await two.IsForEverybody("two-people-other-view");
        Assert.Equal(await Digest(one), await Digest(two));
        await Agree(two, "SeniorOperator-2");
        await two.IsForEverybody("two-people-done");

        Assert.Contains("失効記録", await Text(two, "結果"), StringComparison.Ordinal);
        await one.ReloadAsync();
        Assert.Equal("実施済み", await Text(one, "状態"));
    }

    [Fact, Cps("5-2-2②"), Cps("5-2-2③")]
    public async Task An_officer_is_registered_as_instructed_and_comes_with_both_halves_of_his_code()
    {
        var manager = await LogIn("CaManager-1");
        await Go(manager, "/instructions");
        await manager.SelectOptionAsync("#duty", "RegisterOfficers");
        await manager.FillAsync("#text", "リポジトリ操作員を一人増員する");
        await manager.GetByRole(AriaRole.Button, new() { Name = "指示する" }).ClickAsync();

        var one = await LogIn("SeniorOperator-1");
        await Go(one, "/acts/new/registration");
        await one.SelectOptionAsync("#instruction", new SelectOptionValue { Index = 1 });
        await one.FillAsync("#officer", "newcomer-1");
        await one.FillAsync("#staffNumber", "S99001");
        await one.FillAsync("#name", "検証　新人");
        await one.CheckAsync("input[value=RepositoryOperator]");
        await one.GetByRole(AriaRole.Button, new() { Name = "提案する" }).ClickAsync();
        var half = await one.TextContentAsync(".code");
        var two = await LogIn("SeniorOperator-2");
        await two.GetByRole(AriaRole.Link, new() { Name = "要員を登録する" }).First.ClickAsync();
        Assert.Equal(0, await two.Locator(".code").CountAsync());
        await Agree(two, "SeniorOperator-2");

        prefecture.Enrol("newcomer-1", $"{half}-{await two.TextContentAsync(".code")}").Succeeded();
        await manager.ReloadAsync();
        await manager.GetByRole(AriaRole.Button, new() { Name = "結果を確認した" }).ClickAsync();

        Assert.Equal("確認済み", await Text(manager, "状態"));
        var folder = prefecture.Scratch("newcomer-1");
        Tool.Run("openssl", "pkcs12", "-in", Path.Combine(folder, "newcomer-1.p12"), "-passin",
            $"file:{Path.Combine(folder, "password")}", "-nokeys").Succeeded();
    }

    [Fact, Cps("4-13"), Cps("5-2-2②")]
    public async Task A_change_of_the_governors_key_is_proposed_as_the_form_stands_and_dropped_by_the_other()
    {
        await Instruct("RenewAuthorityKey", "更新の計画の確認");
        var one = await LogIn("SeniorOperator-1");
        await Go(one, "/acts/new/rollover");
        await one.SelectOptionAsync("#instruction", new SelectOptionValue { Index = 1 });
        await one.IsForEverybody("two-people-rollover");
        await one.GetByRole(AriaRole.Button, new() { Name = "提案する" }).ClickAsync();
        Assert.Equal(("2", "サイトの設定のとおり"), (await Text(one, "新しい世代"), await Text(one, "アルゴリズム")));

        var two = await LogIn("SeniorOperator-2");
        await two.GotoAsync(one.Url);
        await two.FillAsync("#why", "計画の確認だけで終える");
        await two.GetByRole(AriaRole.Button, new() { Name = "取り下げる" }).ClickAsync();

        Assert.Equal("取下げ", await Text(two, "状態"));
    }

    [Fact, Cps("4-14-2")]
    public async Task A_compromised_key_is_chosen_from_those_there_are()
    {
        await Instruct("DeclareCompromise", "訓練の準備");
        var one = await LogIn("SeniorOperator-1");
        await Go(one, "/acts/new/compromise");

        await one.IsForEverybody("two-people-compromise");

        Assert.StartsWith("第 1 世代", await one.Locator("#generation option").Last.TextContentAsync());
    }

    private async Task Instruct(string duty, string text)
    {
        var manager = await LogIn("CaManager-1");
        await Go(manager, "/instructions");
        await manager.SelectOptionAsync("#duty", duty);
        await manager.FillAsync("#text", text);
        await manager.GetByRole(AriaRole.Button, new() { Name = "指示する" }).ClickAsync();
    }

    private JsonElement Login(string id) => prefecture.Endpoints.GetProperty("officers").EnumerateArray()
        .First(o => o.GetProperty("id").GetString() == id);

    private async Task<IPage> LogIn(string id)
    {
        var officer = Login(id);
        var page = await browser.Holder(
            prefecture.Door("controlRoom"), officer.GetProperty("certificate").GetString()!,
            officer.GetProperty("key").GetString()!);
        await Go(page, "/log-in");
        await page.FillAsync("#password", officer.GetProperty("password").GetString()!);
        await page.Keyboard.PressAsync("Enter");
        await page.GetByText("ログアウト").WaitForAsync();
        return page;
    }

    private async Task Agree(IPage page, string id)
    {
        await page.FillAsync("#password", Login(id).GetProperty("password").GetString()!);
        await page.GetByRole(AriaRole.Button, new() { Name = "承認して実施する" }).ClickAsync();
    }

    private Task<IResponse?> Go(IPage page, string path) => page.GotoAsync(prefecture.Door("controlRoom") + path);

    private static Task<string?> Digest(IPage page) => page.TextContentAsync(".digest");

    private static async Task<string> Text(IPage page, string label) =>
        (await page.Locator("dl.lines > div")
            .Filter(new() { Has = page.Locator("dt", new() { HasTextString = label }) })
            .First.Locator("dd").TextContentAsync())!.Trim();
}
