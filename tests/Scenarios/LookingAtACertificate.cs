using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace Jpki.Tests.Scenarios;

/// <summary>One view of a certificate, by <c>jpki show</c> and in the control room.</summary>
[Collection(PrefectureTests.Name)]
public sealed partial class LookingAtACertificate(RunningPrefecture prefecture)
{
    [Fact, Cps("4-2-2")]
    public void Show_reads_files_cards_and_standard_input_in_both_languages()
    {
        var into = Issue("show");

        var japanese = Show(null, Path.Combine(into, "001.cer")).Succeeded().Text;
        var english = Show(null, Path.Combine(into, "001.cer"), "--lang", "en").Succeeded().Text;
        var card = Show(null, Path.Combine(into, "001.card")).Succeeded().Text;
        var piped = Show(File.ReadAllBytes(Path.Combine(into, "001.cer")), "-", "--json").Succeeded().Text;

        Assert.Contains("電子証明書（利用者の署名用）", japanese);
        Assert.Matches(@"住所: +埼玉県さいたま市", japanese);
        Assert.Matches(@"市区町村: +さいたま市.+区", japanese);
        Assert.Contains("holder's signature certificate", english);
        Assert.Contains("自己署名証明書", card);
        Assert.Equal("certificate", JsonDocument.Parse(piped).RootElement[0].GetProperty("key").GetString());
    }

    [Fact]
    public void Show_says_what_it_cannot_read()
    {
        var text = Show("hello"u8.ToArray(), "-");
        var missing = Show(null, "/nonexistent");

        Assert.Equal((2, 2), (text.ExitCode, missing.ExitCode));
        Assert.Contains("neither DER nor PEM", text.Errors);
    }

    [Fact, Cps("2-8-1"), Cps("5-2-3")]
    public async Task The_control_room_shows_it_by_serial_number_to_those_whose_duty_it_is()
    {
        var into = Issue("console");
        var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(into, "001.json"))).RootElement;
        var serial = json.GetProperty("serial").GetString()!;

        var shown = await Get("SeniorOperator", $"certificates?serial={serial}");
        var unknown = await Get("SeniorOperator", "certificates?serial=1234");
        var refused = await Get("InternalAuditor", $"certificates?serial={serial}");

        Assert.Contains($"<dd>{serial}</dd>", shown);
        Assert.Contains("<dt>住所</dt>", shown);
        Assert.Contains("運用規程 4-4-2", unknown);
        Assert.Contains("運用規程 5-2-1-1(6)", refused);
        Assert.DoesNotContain("<dt>住所</dt>", refused);
    }

    [Fact]
    public async Task The_control_room_shows_a_file()
    {
        var stop = TestContext.Current.CancellationToken;
        using var officer = await Officer("CaManager");
        var page = await officer.GetStringAsync(new Uri("certificates", UriKind.Relative), stop);
        var token = Token().Match(page);
        using ByteArrayContent file = new(await File.ReadAllBytesAsync(prefecture.Door("trustAnchor"), stop));
        file.Headers.ContentType = new MediaTypeHeaderValue("application/pkix-cert");

        var answer = await officer.PostAsync(new Uri("certificates", UriKind.Relative), new MultipartFormDataContent
        {
            { new StringContent(token.Groups[2].Value), token.Groups[1].Value },
            { file, "file", "ca.cer" },
        }, stop);

        Assert.Contains("自己署名証明書", WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(stop)));
    }

    private static ToolAnswer Show(byte[]? input, params string[] arguments) =>
        Tool.Run("dotnet", input, [RunningPrefecture.Program, "show", .. arguments]);

    private string Issue(string folder)
    {
        var into = prefecture.Scratch($"looking-{folder}");
        prefecture.Jpki("sandbox", "issue", "--municipality", "11100", "--out", into).Succeeded();
        return into;
    }

    private async Task<string> Get(string role, string path)
    {
        using var officer = await Officer(role);
        var stop = TestContext.Current.CancellationToken;
        var answer = await officer.GetAsync(new Uri(path, UriKind.Relative), stop);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(stop));
    }

    private async Task<HttpClient> Officer(string role)
    {
        var officer = prefecture.Endpoints.GetProperty("officers").EnumerateArray()
            .First(o => o.GetProperty("role").GetString() == role);
        using var pem = X509Certificate2.CreateFromPemFile(
            officer.GetProperty("certificate").GetString()!, officer.GetProperty("key").GetString()!);
        HttpClientHandler handler = new()
        {
            ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator,
        };
        handler.ClientCertificates.Add(
            X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null));
        HttpClient client = new(handler) { BaseAddress = new(prefecture.Door("controlRoom") + "/") };
        var session = await client.PostAsJsonAsync(
            "api/sessions", new { password = officer.GetProperty("password").GetString() });
        var token = (await session.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString();
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    [GeneratedRegex("name=\"(__RequestVerificationToken)\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
