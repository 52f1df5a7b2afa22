using System.Net;
using System.Text.Json;
using Jpki.Tests.Scenarios;
using Xunit;

namespace Jpki.Tests.Rooms.Counter;

/// <summary>Too many at the counters' door at once: whoever has to wait is told the place, and loses nothing.</summary>
public sealed class OverloadTests(ABrowser browser) : IClassFixture<ABrowser>
{
    [Fact]
    public async Task A_page_says_the_place_in_the_line_and_is_for_everybody()
    {
        await using var door = await CounterDoor.Open(authorityIsUp: false, o => o with { MostAtOnce = 0 });
        var page = await browser.Anybody();

        var answer = await page.GotoAsync(door.Http.BaseAddress + "terminal/statistics?month=2026-11");

        Assert.Equal(503, answer!.Status);
        Assert.Equal("1", (await answer.HeaderValueAsync("retry-after")));
        Assert.Contains("1番目", await page.InnerTextAsync("main"), StringComparison.Ordinal);
        Assert.Equal(
            "/terminal/statistics?month=2026-11", await page.GetAttributeAsync("main a", "href"));
        await page.IsForEverybody("waiting-line");
    }

    [Fact]
    public async Task What_was_typed_waits_in_the_page_but_a_password_does_not()
    {
        await using var door = await CounterDoor.Open(authorityIsUp: false, o => o with { MostAtOnce = 0 });

        var form = await door.Visit("/terminal/applications", new Dictionary<string, string>
        {
            ["formToken"] = "00",
            ["name"] = "見本　\"花子\"",
        });
        var logIn = await door.Visit(
            "/terminal/log-in", new Dictionary<string, string> { ["id"] = "x", ["password"] = "SECRET42" });

        Assert.Equal(HttpStatusCode.ServiceUnavailable, form.Status);
        Assert.Contains("name=\"name\" value=\"見本　\"花子\"\"", form.Text, StringComparison.Ordinal);
        Assert.Contains("action=\"/terminal/applications\"", form.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, logIn.Status);
        Assert.DoesNotContain("SECRET42", logIn.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_is_told_the_same_and_the_place_and_the_style_can_always_be_asked_for()
    {
        await using var door = await CounterDoor.Open(authorityIsUp: false, o => o with { MostAtOnce = 0 });

        var busy = await door.Send(HttpMethod.Get, "/applications");
        var place = await door.Send(HttpMethod.Get, "/applications/A1/place");
        var style = await door.Send(HttpMethod.Get, "/terminal/terminal.css");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "1"), (busy.StatusCode, $"{busy.Headers.RetryAfter}"));
        var said = JsonDocument.Parse(await CounterDoor.TextOf(busy)).RootElement;
        Assert.Equal(1, said.GetProperty("position").GetInt32());
        Assert.Equal(HttpStatusCode.Unauthorized, place.StatusCode);
        Assert.Equal(HttpStatusCode.OK, style.StatusCode);
    }
}
