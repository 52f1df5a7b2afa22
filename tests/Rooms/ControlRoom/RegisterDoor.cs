using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using Jpki.ControlRoom;
using Jpki.ControlRoom.Officers;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Hsm;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Jpki.Tests.Rooms.ControlRoom;

/// <summary>The console's door on loopback with its registers, and officers whose certificates it believes.</summary>
internal sealed partial class RegisterDoor : IAsyncDisposable
{
    private const string Password = "correct horse battery staple";

    private readonly WebApplication app;
    private readonly HttpClient http;
    private readonly RandomNumberGenerator random = RandomNumberGenerator.Create();
    private readonly ECDsa signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly Dictionary<string, X509Certificate2> certificates = [];
    private readonly Dictionary<string, string> tokens = [];
    private readonly OperatorsConsole console;
    private string antiforgery = "";

    private RegisterDoor()
    {
        console = new(new()
        {
            Store = House.Store,
            Authority = new() { BaseAddress = new("http://127.0.0.1:1/") },
            Verifiers = new() { BaseAddress = new("http://127.0.0.1:1/") },
            Signer = signer,
            Clock = House.Clock,
            Random = random,
        });
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(k => k.Limits.MaxRequestBodySize = 1024 * 1024);
        builder.Services.ConfigureHttpJsonOptions(o => FormJson.Apply(o.SerializerOptions));
        builder.Services.AddRazorComponents();
        builder.Services.AddAntiforgery();
        app = builder.Build();
        app.Use((context, next) =>
        {
            var officer = context.Request.Headers["X-Officer"].ToString();
            context.Connection.ClientCertificate = certificates.GetValueOrDefault(officer);
            return next(context);
        });
        app.UseAntiforgery();
        app.MapControlRoom(console);
        http = new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false });
    }

    public RegisterHouse House { get; } = new();

    public static async Task<RegisterDoor> Open()
    {
        RegisterDoor door = new();
        await door.Add("kanri-1", Role.CaManager);
        await door.Add("kansa-1", Role.InternalAuditor);
        await door.Add("uketsuke-1", Role.Receptionist);
        await door.app.StartAsync();
        door.http.BaseAddress = new(door.app.Urls.First());
        return door;
    }

    public Task<Answer> Get(string path, string officer = "kanri-1") => Send(HttpMethod.Get, path, null, officer);

    public Task<Answer> Post(string path, HttpContent content, string officer = "kanri-1") =>
        Send(HttpMethod.Post, path, content, officer);

    /// <summary>Fetches a form and sends it with these fields, and perhaps a file.</summary>
    public async Task<Answer> Fill(
        string path, string action, IEnumerable<(string Name, string Value)> fields, byte[]? file = null,
        string officer = "kanri-1")
    {
        var page = await Get(path, officer);
        MultipartFormDataContent form = new()
        {
            { new StringContent(page.Hidden("__RequestVerificationToken")), "__RequestVerificationToken" },
            { new StringContent(page.Hidden("key")), "key" },
        };
        foreach (var (name, value) in fields)
            form.Add(new StringContent(value), name);
        if (file is not null)
            form.Add(new ByteArrayContent(file), "file", "file.csv");
        return await Post(action, form, officer);
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await app.DisposeAsync();
        await House.DisposeAsync();
        signer.Dispose();
        random.Dispose();
    }

    private async Task Add(string id, Role role)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(
            $"C=JP,O=JPKI-TEST,OU=Operations,OU=Officer,CN={id}", key, HashAlgorithmName.SHA256);
        certificates[id] = request.CreateSelfSigned(
            new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2040, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var caller = Caller.Of(certificates[id])!;
        await House.Store.Write(tx =>
        {
            OfficerBooks.Save(tx, new()
            {
                Id = id,
                StaffNumber = id,
                Name = "試験 要員",
                Roles = RoleText.Of([role]),
                State = (long)OfficerState.Active,
            });
            tx.Execute("""
                UPDATE officer SET certificate_sha256 = @CertificateSha256, password_hash = @hash,
                    password_expires_at = @ends WHERE id = @Id
                """, new
            {
                caller.Id,
                caller.CertificateSha256,
                hash = PasswordHash.Create(Password, random),
                ends = House.Clock.GetUtcNow().AddDays(60).ToUnixTimeMilliseconds(),
            });
        });
        tokens[id] = RegisterHouse.Done(await console.LogIns.LogIn(caller, Password)).Token;
    }

    private async Task<Answer> Send(HttpMethod method, string path, HttpContent? content, string officer)
    {
        using HttpRequestMessage request = new(method, new Uri(path, UriKind.Relative)) { Content = content };
        request.Headers.Add("X-Officer", officer);
        request.Headers.Authorization = new("Bearer", tokens.GetValueOrDefault(officer, "nobody"));
        if (antiforgery.Length > 0)
            request.Headers.Add("Cookie", antiforgery);
        using var answer = await http.SendAsync(request);
        foreach (var cookie in answer.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
            antiforgery = cookie.Split(';')[0];
        return new(
            answer.StatusCode, answer.Headers.Location?.ToString(), await answer.Content.ReadAsByteArrayAsync());
    }

    /// <summary>What came back.</summary>
    internal sealed partial record Answer(HttpStatusCode Status, string? Location, byte[] Octets)
    {
        public string Html => Encoding.UTF8.GetString(Octets);

        public string Text => WebUtility.HtmlDecode(Html);

        /// <summary>Inputs that nobody could find with a screen reader.</summary>
        public IEnumerable<string> Unlabelled =>
            from Match input in Input().Matches(Html)
            where !input.Value.Contains("type=\"hidden\"", StringComparison.Ordinal)
            let id = Id().Match(input.Value).Groups[1].Value
            where !Html.Contains($"<label for=\"{id}\"", StringComparison.Ordinal)
            select input.Value;

        public string Hidden(string name) => Regex.Match(Html, $"name=\"{name}\" value=\"([^\"]*)\"").Groups[1].Value;

        [GeneratedRegex("<(input|select|textarea)[^>]*>")]
        private static partial Regex Input();

        [GeneratedRegex(" id=\"([^\"]*)\"")]
        private static partial Regex Id();
    }
}
