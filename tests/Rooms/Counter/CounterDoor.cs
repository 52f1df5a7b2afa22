using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Jpki.Counter;
using Jpki.Forms;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Jpki.Tests.Rooms.Counter;

/// <summary>The counter's door on loopback, and somebody standing at it.</summary>
internal sealed partial class CounterDoor : IAsyncDisposable
{
    public const string Password = "correct horse battery";

    private readonly WebApplication app;
    private readonly Dictionary<string, string> cookies = [];

    private CounterDoor(CounterHouse house, WebApplication app)
    {
        (House, this.app) = (house, app);
        HttpClientHandler plain = new() { AllowAutoRedirect = false, UseCookies = false };
        Http = new(plain) { BaseAddress = new(app.Urls.First()) };
    }

    public CounterHouse House { get; }

    public HttpClient Http { get; }

    public static async Task<CounterDoor> Open(
        bool authorityIsUp = true, Func<CounterOptions, CounterOptions>? choose = null)
    {
        var house = await CounterHouse.Open(choose, authorityIsUp);
        await house.Room.AddOfficer("kawagoe-1", CounterHouse.Kawagoe, Password);
        await house.Room.AddOfficer("hanno-1", CounterHouse.Hanno, Password);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.ConfigureHttpJsonOptions(o => FormJson.Apply(o.SerializerOptions));
        var app = builder.Build();
        app.MapCounter(house.Room);
        await app.StartAsync();
        return new(house, app);
    }

    public async Task LogIn(string id = "kawagoe-1")
    {
        var answer = await Http.PostAsJsonAsync("/login", new LogInForm(id, Password), FormJson.Options);
        Http.DefaultRequestHeaders.Authorization = new("Bearer", (await Read<LoggedIn>(answer)).Token);
    }

    public async Task<T> Get<T>(string path) => await Read<T>(await Http.GetAsync(new Uri(path, UriKind.Relative)));

    public async Task<T> Post<T>(string path, object? form = null) => await Read<T>(await Send(path, form));

    public Task<HttpResponseMessage> Send(string path, object? form = null) => Http.PostAsync(
        new Uri(path, UriKind.Relative),
        form is null ? null : JsonContent.Create(form, form.GetType(), null, FormJson.Options));

    public Task<HttpResponseMessage> SendText(string path, string body) =>
        Http.PostAsync(new Uri(path, UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"));

    public Task<HttpResponseMessage> Send(HttpMethod method, string path) =>
        Http.SendAsync(new(method, new Uri(path, UriKind.Relative)));

    public Task<string> Text(string path) => Http.GetStringAsync(new Uri(path, UriKind.Relative));

    public static Task<string> TextOf(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync();

    /// <summary>A page as a browser without a script sees it: cookies kept, redirects followed.</summary>
    public Task<Page> Visit(string path, IReadOnlyDictionary<string, string>? form = null) =>
        Send(path, form is null ? null : new FormUrlEncodedContent(form));

    /// <summary>Sends a file with the form on a page, in the field of that name.</summary>
    public Task<Page> Upload(Page page, string action, byte[] file) => Send(
        page.Actions.Last(a => a.EndsWith(action, StringComparison.Ordinal)), new MultipartFormDataContent
        {
            { new StringContent(page.FormToken), "formToken" },
            { new ByteArrayContent(file), "file", "file.bin" },
        });

    private async Task<Page> Send(string path, HttpContent? form)
    {
        var method = form is null ? HttpMethod.Get : HttpMethod.Post;
        using HttpRequestMessage request = new(method, new Uri(path, UriKind.Relative));
        if (cookies.Count > 0)
            request.Headers.Add("Cookie", string.Join("; ", cookies.Select(c => $"{c.Key}={c.Value}")));
        if (form is not null)
            request.Content = form;
        var answer = await Http.SendAsync(request);
        foreach (var cookie in answer.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
        {
            Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
            var pair = cookie.Split(';')[0].Split('=', 2);
            cookies[pair[0]] = pair[1];
        }
        return answer.StatusCode == HttpStatusCode.Redirect
            ? await Visit(answer.Headers.Location!.ToString())
            : new(path, answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Sends the form on a page whose action ends so, with what it holds already.</summary>
    public Task<Page> Submit(Page page, string action, params (string Name, string Value)[] typed)
    {
        Dictionary<string, string> fields = new() { ["formToken"] = page.FormToken };
        foreach (var (name, value) in typed)
            fields[name] = value;
        return Visit(page.Actions.Single(a => a.EndsWith(action, StringComparison.Ordinal)), fields);
    }

    public async Task<Page> LogInByPage() =>
        await Submit(await Visit("/terminal/log-in"), "/log-in", ("id", "kawagoe-1"), ("password", Password));

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.DisposeAsync();
        await House.DisposeAsync();
    }

    private static async Task<T> Read<T>(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode} {text}");
        return JsonSerializer.Deserialize<T>(text, FormJson.Options)!;
    }

    /// <summary>One page as it came.</summary>
    internal sealed partial record Page(string Path, HttpStatusCode Status, string Html)
    {
        public string Text => WebUtility.HtmlDecode(Html);

        public string FormToken => Token().Match(Html).Groups[1].Value;

        public IEnumerable<string> Actions =>
            Action().Matches(Html).Select(m => WebUtility.HtmlDecode(m.Groups[1].Value));

        [GeneratedRegex("name=\"formToken\" value=\"([^\"]+)\"")]
        private static partial Regex Token();

        [GeneratedRegex("action=\"([^\"]+)\"")]
        private static partial Regex Action();
    }
}
