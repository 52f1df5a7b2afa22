using Jpki.Forms;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Jpki.Tests.Rooms.Forms;

/// <summary>Overload at a door.</summary>
public sealed class TurnstileTests
{
    [Fact]
    public async Task Who_comes_when_it_is_full_is_told_the_place_in_the_line_and_when_to_come_back()
    {
        Turnstile turnstile = new(most: 2);
        TaskCompletionSource<object?> busy = new();
        DefaultHttpContext late = new();

        var inside = Enumerable.Range(0, 2)
            .Select(_ => turnstile.Pass(Asks(new DefaultHttpContext()), _ => new(busy.Task)).AsTask()).ToList();
        var waits = (IStatusCodeHttpResult?)await turnstile.Pass(
            Asks(late), _ => throw new InvalidOperationException("it is full"));
        busy.SetResult("done");
        var answers = await Task.WhenAll(inside);
        var after = await turnstile.Pass(Asks(new DefaultHttpContext()), _ => new("done"));

        Assert.Equal((503, "1"), (waits!.StatusCode, late.Response.Headers.RetryAfter.ToString()));
        Assert.All([.. answers, after], answer => Assert.Equal("done", answer));
    }

    private static DefaultEndpointFilterInvocationContext Asks(HttpContext http) => new(http);
}
