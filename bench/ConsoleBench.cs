using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Jpki.Authority;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Hsm;

namespace Jpki.Bench;

/// <summary>
/// Goal: a page of the operators' console within 50 ms (p99) with 1,000,000 certificates in the book. A whole
/// prefecture runs in a process of its own; an officer logs in and asks for each page in turns, one after the other,
/// and for an empty answer of the same door between them. The times are the client's, TLS and all.
/// </summary>
internal static class ConsoleBench
{
    private const int Port = 38_000;

    public static async Task<ConsoleFigures> Measure(int seconds, int certificates)
    {
        var data = Directory.CreateTempSubdirectory("jpki-bench-").FullName;
        try
        {
            using (var first = await Start(data))
                await Stop(first);
            var filling = Stopwatch.StartNew();
            var (serial, run) = await Fill(data, certificates);
            Console.Error.WriteLine($"{certificates:n0} certificates in {filling.Elapsed.TotalSeconds:n0} s");
            using var prefecture = await Start(data);
            try
            {
                return await Measure(data, seconds, certificates, Pages(serial, run));
            }
            finally
            {
                await Stop(prefecture);
            }
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static (string Name, string Path)[] Pages(string serial, long run) =>
    [
        ("empty answer (/healthz)", "healthz"),
        ("home", ""),
        ("search: newest", "search"),
        ("search: serial", $"search?serial={serial[..4]}"),
        ("search: revoked in one municipality", "search?standing=Revoked&municipality=11201"),
        ("search: live, ends within a month, one municipality",
            "search?standing=Live&municipality=11201&expiresUntil="
                + $"{TimeProvider.System.GetUtcNow().AddMonths(1):yyyy-MM-dd}"),
        ("search: nothing to be found", "search?kind=Resident&municipality=11201&revokedUntil=1999-01-01"),
        ("certificate", $"certificates?serial={serial}"),
        ("CRL runs", "crls"),
        ("one run's CRLs", $"crls/{run}"),
        ("a CRL", $"crls/{run}/1/11201"),
        ("schedule", "schedule"),
    ];

    private static async Task<ConsoleFigures> Measure(
        string data, int seconds, int certificates, (string Name, string Path)[] pages)
    {
        using var officer = await LogIn(data, "SeniorOperator");
        var times = pages.ToDictionary(p => p.Name, _ => new List<double>());
        for (var round = -3; round < 0; round++)
            await Round(officer, pages, (_, _) => { });
        for (var clock = Stopwatch.StartNew(); clock.Elapsed.TotalSeconds < seconds;)
            await Round(officer, pages, (name, took) => times[name].Add(took));
        return new(certificates, [.. pages.Select(p => PageFigures.Of(p.Name, times[p.Name]))]);
    }

    private static async Task Round(
        HttpClient officer, (string Name, string Path)[] pages, Action<string, double> took)
    {
        foreach (var (name, path) in pages)
        {
            var clock = Stopwatch.StartNew();
            using var answer = await officer.GetAsync(new Uri(path, UriKind.Relative));
            answer.EnsureSuccessStatusCode();
            await answer.Content.ReadAsByteArrayAsync();
            took(name, clock.Elapsed.TotalMilliseconds);
        }
    }

    /// <summary>A serial number that is in the book, and the run of CRLs that lists what is revoked in it.</summary>
    private static async Task<(string Serial, long Run)> Fill(string data, int certificates)
    {
        using var random = RandomNumberGenerator.Create();
        var keys = HsmLocation.Software.Open(Path.Combine(data, "authority", "keys"));
        await using var room = (await AuthorityRoom.Open(new()
        {
            Folder = Path.Combine(data, "authority"),
            Database = Path.Combine(data, "authority", "store.db"),
            Hsm = keys,
            OperationsHsm = keys,
            Names = PrefectureNames.Sandbox,
            Clock = TimeProvider.System,
            Random = random,
        })).Value!;
        await MadeUpBook.Fill(room.Store, room.Keys, certificates, TimeProvider.System.GetUtcNow());
        var run = await room.Crls.Issue("scheduled", "bench");
        var found = room.Store.Read(db => CertificateSearch.Find(
            db, new() { Kind = CertificateKind.Resident }, TimeProvider.System.GetUtcNow()));
        return (found.Found[0].Serial, run.Number);
    }

    private static async Task<HttpClient> LogIn(string data, string role)
    {
        using var endpoints = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(data, "endpoints.json")));
        var officer = endpoints.RootElement.GetProperty("officers").EnumerateArray()
            .First(o => o.GetProperty("role").GetString() == role);
        using var pem = X509Certificate2.CreateFromPemFile(
            officer.GetProperty("certificate").GetString()!, officer.GetProperty("key").GetString()!);
        HttpClientHandler handler = new()
        {
            ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator,
        };
        handler.ClientCertificates.Add(X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null));
        HttpClient client = new(handler)
        {
            BaseAddress = new(endpoints.RootElement.GetProperty("controlRoom").GetString() + "/"),
        };
        using var answer = await client.PostAsJsonAsync(
            "api/sessions", new { password = officer.GetProperty("password").GetString() }, FormJson.Options);
        answer.EnsureSuccessStatusCode();
        var session = await answer.Content.ReadFromJsonAsync<JsonElement>();
        client.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Bearer", session.GetProperty("token").GetString());
        return client;
    }

    private static async Task<Process> Start(string data)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "jpki.dll");
        var process = Process.Start(new ProcessStartInfo(
            "dotnet", [program, "up", "--data", data, "--port", $"{Port}"])
        { RedirectStandardOutput = true })!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line == "ready")
                return process;
        }
        throw new InvalidOperationException("jpki up ended before it was ready");
    }

    private static async Task Stop(Process process)
    {
        process.Kill();
        await process.WaitForExitAsync();
    }
}

/// <summary>Milliseconds of one page.</summary>
internal sealed record PageFigures(string Page, int Asked, double Median, double P99)
{
    public static PageFigures Of(string page, List<double> times)
    {
        times.Sort();
        return new(page, times.Count, times[times.Count / 2], times[(int)(times.Count * 0.99)]);
    }
}

/// <summary>Milliseconds of each page, the empty answer first.</summary>
internal sealed record ConsoleFigures(int Certificates, IReadOnlyList<PageFigures> Pages)
{
    public override string ToString() =>
        $"{Certificates:n0} certificates; goal: p99 of each page within 50 ms\n"
        + string.Join('\n', Pages.Select(p =>
            $"{p.Page,-52}  p50 {p.Median,6:n1} ms  p99 {p.P99,6:n1} ms  ({p.Asked})"));
}
