using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;

namespace Jpki.Tests.Scenarios;

/// <summary>
/// Every page of the prefecture in a real browser: axe finds nothing, and the keyboard is enough. (JIS X 8341-3)
/// </summary>
[Collection(PrefectureTests.Name)]
public sealed partial class EverybodysPages(RunningPrefecture prefecture, ABrowser browser) : IClassFixture<ABrowser>
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

    [Theory, Cps("5-2-3")]
    [InlineData("SeniorOperator"), InlineData("InternalAuditor"), InlineData("CaManager"), InlineData("KeyCustodian")]
    [InlineData("Receptionist", "/cross"), InlineData("Examiner", "/cross"), InlineData("Approver", "/cross")]
    public async Task The_control_room(string role, string below = "/")
    {
        var page = await Officer(role);
        await page.GotoAsync(prefecture.Door("controlRoom") + "/log-in");
        await page.IsForEverybody("console-log-in");
        await LogIn(page, role);

        // Every page that an officer of this role can go to from his first; of some, what only they are shown.
        Queue<string> paths = new(["/"]);
        HashSet<string> seen = ["/"];
        while (paths.TryDequeue(out var path))
        {
            await page.GotoAsync(prefecture.Door("controlRoom") + path);
            var name = Plain().Replace(Number().Replace(path, "n"), "-").TrimEnd('-');
            await page.IsForEverybody($"console-{role}{name}");
            foreach (var next in await Links(page))
            {
                if (next.StartsWith(below, StringComparison.Ordinal) && seen.Add(next))
                    paths.Enqueue(next);
            }
        }

        Assert.True(seen.Count >= (below == "/" ? 5 : 2), string.Join(' ', seen));
    }

    private static readonly (string Path, string Name)[] Site = [("/", "site"), ("/en", "site-en")];

    private static readonly (string Path, string Name)[] Counter =
    [
        ("/terminal/applications/new", "counter-application"), ("/terminal/revocations/new", "counter-revocation"),
        ("/terminal/register-events/new", "counter-event"), ("/terminal/certificates", "counter-certificate"),
    ];

    /// <summary>The addresses that the page leads to; of the many lists and certificates one of a kind.</summary>
    private static async Task<IEnumerable<string>> Links(IPage page)
    {
        var all = await page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('a[href^=\"/\"]:not([download])')].map(a => a.getAttribute('href'))");
        return all.DistinctBy(a => Number().Replace(a, "#"));
    }

    [GeneratedRegex("[^a-z]+")]
    private static partial Regex Plain();

    [GeneratedRegex("[0-9a-f]{16}|[0-9A-F]{2,}|[0-9]+|authority|prefecture")]
    private static partial Regex Number();

    private JsonElement Login(string role) => prefecture.Endpoints.GetProperty("officers").EnumerateArray()
        .First(o => o.GetProperty("role").GetString() == role);

    private Task<IPage> Officer(string role) => browser.Holder(
        prefecture.Door("controlRoom"), Login(role).GetProperty("certificate").GetString()!,
        Login(role).GetProperty("key").GetString()!);

    private async Task LogIn(IPage page, string role)
    {
        await page.FillAsync("input[type=password]", Login(role).GetProperty("password").GetString()!);
        await page.Keyboard.PressAsync("Enter");
        await page.GetByText("ログアウト").WaitForAsync();
    }

    private async Task LogInAtCounter(IPage page)
    {
        var officer = Login("CounterOfficer");
        await page.FillAsync("#id", officer.GetProperty("id").GetString()!);
        await page.FillAsync("#password", officer.GetProperty("password").GetString()!);
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Heading, new() { Name = "本日の受付" }).First.WaitForAsync();
    }
}
