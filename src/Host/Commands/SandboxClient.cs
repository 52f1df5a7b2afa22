using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Jpki.Cps;
using Jpki.Forms;

namespace Jpki.Host.Commands;

/// <summary>
/// Drives a running prefecture through the doors that officers and verifiers use. It knows what <c>endpoints.json</c>
/// says and takes no short cut into a store.
/// </summary>
internal sealed class SandboxClient(Endpoints endpoints) : IDisposable
{
    private readonly OperationsTrust trust = new(
        X509CertificateLoader.LoadCertificateFromFile(endpoints.TlsAnchor),
        new SandboxClock(Path.Combine(Path.GetDirectoryName(endpoints.TlsAnchor)!, "clock")));

    private readonly List<HttpClient> clients = [];

    public Endpoints Endpoints => endpoints;

    /// <summary>A caller with no certificate.</summary>
    public HttpClient Anybody(string door) => Keep(trust.ClientFor(null, new(door)));

    /// <summary>A caller with an officer's certificate.</summary>
    public HttpClient As(OfficerLogin officer, string door)
    {
        var pem = File.ReadAllText(officer.Certificate!);
        return As(X509Certificate2.CreateFromPem(pem, File.ReadAllText(officer.Key!)), door);
    }

    /// <summary>A caller with that certificate.</summary>
    public HttpClient As(X509Certificate2 shown, string door) =>
        Keep(trust.ClientFor(new TlsIdentity(shown), new(door)));

    /// <summary>The sandbox's own door.</summary>
    public HttpClient Sandbox()
    {
        HttpClient client = Keep(new HttpClient { BaseAddress = new(endpoints.Sandbox) });
        client.DefaultRequestHeaders.Authorization = new("Bearer", endpoints.SandboxToken);
        return client;
    }

    /// <summary>The prefecture's time, as its clock shows it.</summary>
    public async Task<DateTimeOffset> Now() => (await Read<ClockAnswer>(Sandbox().GetAsync("clock"))).Now;

    /// <summary>
    /// What the door answered, or its refusal as an exception that ends the command with exit code 1.
    /// </summary>
    public static async Task<T> Read<T>(Task<HttpResponseMessage> sending)
    {
        using var answer = await Sent(sending);
        if (answer.IsSuccessStatusCode)
            return (await answer.Content.ReadFromJsonAsync<T>(FormJson.Options))!;
        var text = await answer.Content.ReadAsStringAsync();
        throw answer.StatusCode is HttpStatusCode.UnprocessableEntity or HttpStatusCode.Forbidden
            ? new RefusedException(RefusalIn(text))
            : new BrokenException($"{answer.RequestMessage?.RequestUri} answered {(int)answer.StatusCode}: {text}");
    }

    public void Dispose() => clients.ForEach(c => c.Dispose());

    private static async Task<HttpResponseMessage> Sent(Task<HttpResponseMessage> sending)
    {
        try
        {
            return await sending;
        }
        catch (HttpRequestException e)
        {
            throw new BrokenException($"{e.Message}: is the prefecture running? Start it with ./jpki up", e);
        }
    }

    private static Refusal RefusalIn(string problem)
    {
        var json = JsonDocument.Parse(problem).RootElement;
        var title = json.GetProperty("title").GetString()!;
        return new(title.StartsWith("CPS ", StringComparison.Ordinal) ? title[4..] : title,
            json.GetProperty("detail").GetString()!);
    }

    private HttpClient Keep(HttpClient client)
    {
        client.Timeout = TimeSpan.FromMinutes(10);            // A compromise is published before it is answered.
        clients.Add(client);
        return client;
    }
}
