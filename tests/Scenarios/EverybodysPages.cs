using Microsoft.Playwright;
using Xunit;

namespace Jpki.Tests.Scenarios;

/// <summary>
/// Every page of the prefecture in a real browser: axe finds nothing, and the keyboard is enough. (JIS X 8341-3)
/// </summary>
[Collection(PrefectureTests.Name)]
public sealed class EverybodysPages(RunningPrefecture prefecture, ABrowser browser) : IClassFixture<ABrowser>
{
    [Fact, Cps("2-6-1")]
    public async Task The_public_site()
    {
        var page = await browser.Anybody();

        foreach (var (path, name) in Site)
        {
            await page.GotoAsync(prefecture.Door("site") + path);
            await page.IsForEverybody(name);
        }
    }

    [Fact, Cps("5-1-2-2")]
    public async Task The_counters_terminal()
    {
        var page = await browser.Anybody();
        var door = prefecture.Door("counter");
        await page.GotoAsync(door + "/terminal");
        await page.IsForEverybody("counter-log-in");

        await LogInAtCounter(page);
        await page.IsForEverybody("counter-today");
        foreach (var (path, name) in Counter)
        {
            await page.GotoAsync(door + path);
            await page.IsForEverybody(name);
        }
    }

    private static readonly (string Path, string Name)[] Site = [("/", "site"), ("/en", "site-en")];

    private static readonly (string Path, string Name)[] Counter =
    [
        ("/terminal/applications/new", "counter-application"), ("/terminal/revocations/new", "counter-revocation"),
        ("/terminal/register-events/new", "counter-event"), ("/terminal/certificates", "counter-certificate"),
    ];

    private async Task LogInAtCounter(IPage page)
    {
        var officer = prefecture.Endpoints.GetProperty("officers").EnumerateArray()
            .First(o => o.GetProperty("role").GetString() == "CounterOfficer");
        await page.FillAsync("#id", officer.GetProperty("id").GetString()!);
        await page.FillAsync("#password", officer.GetProperty("password").GetString()!);
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Heading, new() { Name = "本日の受付" }).First.WaitForAsync();
    }
}
