using System.Text.Json;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace Jpki.Tests.Scenarios;

/// <summary>
/// Debian's Chromium, steered by Playwright: what people see, with nobody's download. One browser, and a context of his
/// own, with his own client certificate, for each person in a test.
/// </summary>
public sealed class ABrowser : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";

    private IPlaywright playwright = null!;
    private IBrowser browser = null!;

    public async ValueTask InitializeAsync()
    {
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Chromium,
            Args = ["--no-sandbox", "--lang=ja-JP"],          // Tests run as root in a container.
        });
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }

    /// <summary>Somebody without a certificate.</summary>
    public Task<IPage> Anybody() => Page(null);

    /// <summary>Somebody whose browser shows a certificate to one door.</summary>
    public Task<IPage> Holder(string door, string certificate, string key) =>
        Page(new() { Origin = door, CertPath = certificate, KeyPath = key });

    private async Task<IPage> Page(ClientCertificate? certificate)
    {
        var context = await browser.NewContextAsync(new()
        {
            ClientCertificates = certificate is null ? null : [certificate],
            IgnoreHTTPSErrors = true,                         // The doors' certificates are our own CA's.
            Locale = "ja-JP",
            TimezoneId = "Asia/Tokyo",
            ViewportSize = new() { Width = 1100, Height = 900 },
        });
        return await context.NewPageAsync();
    }
}

/// <summary>What is asked of every page, whatever it says.</summary>
internal static class PageRules
{
    private const int MostTabs = 400;

    /// <summary>A picture, for those who want to see it, in artifacts/pictures.</summary>
    public static async Task Picture(this IPage page, string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(House.Repo.Root, "artifacts", "pictures")).FullName;
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png"), FullPage = true });
    }

    /// <summary>axe finds nothing; Tab reaches every control in the page's order, with a visible focus.</summary>
    public static async Task IsForEverybody(this IPage page, string name)
    {
        await page.Picture(name);
        await AxeFindsNothing(page, name);
        await TabReachesEverything(page, name);
        Assert.Equal(0, await page.Locator("script").CountAsync());
    }

    private static async Task AxeFindsNothing(IPage page, string name)
    {
        var found = await page.RunAxe();
        Assert.True(found.Violations.Length == 0, $"{name} ({page.Url})\n" + string.Join("\n", found.Violations.Select(
            v => $"{v.Id}: {v.Help}\n" + string.Join("\n", v.Nodes.Select(n => $"    {n.Html}")))));
    }

    private static async Task TabReachesEverything(IPage page, string name)
    {
        // Numbers every control a person could use; a group of radio buttons is one stop.
        var controls = await page.EvaluateAsync<int>(
            """
            () => {
              if (document.activeElement) document.activeElement.blur();
              const seen = new Set();
              let n = 0;
              for (const e of document.querySelectorAll('a[href], button, input, select, textarea, summary')) {
                if (e.disabled || e.type === 'hidden' || e.getClientRects().length === 0) continue;
                if (e.closest('details:not([open])') && e.tagName !== 'SUMMARY') continue;
                const group = e.type === 'radio' ? 'radio ' + e.name : null;
                if (group && seen.has(group)) continue;
                if (group) seen.add(group);
                if (group) document.getElementsByName(e.name).forEach(r => r.dataset.stop = n);
                e.dataset.stop = n++;
              }
              return n;
            }
            """);
        await page.EvaluateAsync("() => { window.getSelection().removeAllRanges(); document.body.tabIndex = -1; "
            + "document.body.focus(); document.body.removeAttribute('tabindex'); }");
        List<int> reached = [];
        for (var presses = 0; presses < MostTabs && reached.Count < controls; presses++)
        {
            await page.Keyboard.PressAsync("Tab");
            var stop = await page.EvaluateAsync<JsonElement>(
                """
                () => {
                  const e = document.activeElement;
                  const s = getComputedStyle(e);
                  return { stop: parseInt(e.dataset.stop ?? '-1'), html: e.outerHTML.slice(0, 200),
                    visible: (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== 'none' };
                }
                """);
            var number = stop.GetProperty("stop").GetInt32();
            if (number < 0 || (reached.Count > 0 && reached[^1] == number))
                continue;
            Assert.True(stop.GetProperty("visible").GetBoolean(), $"{name}: no visible focus on {stop}");
            reached.Add(number);
        }
        Assert.True(Enumerable.Range(0, controls).SequenceEqual(reached),
            $"{name}: of {controls} controls Tab reaches {string.Join(' ', reached)}");
    }
}
