using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Jpki.Cps;
using Jpki.X509;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Jpki.Site;

/// <summary>The one page, in either language.</summary>
public sealed partial class Page
{
    /// <summary>Japanese stays readable in the page's source.</summary>
    private static readonly ServiceProvider Services = new ServiceCollection()
        .AddSingleton<HtmlEncoder>(HtmlEncoder.Create(UnicodeRanges.All))
        .BuildServiceProvider();

    [Parameter, EditorRequired]
    public required SiteContent Content { get; set; }

    [Parameter, EditorRequired]
    public bool InEnglish { get; set; }

    private PrefectureNames Names => Content.Names;

    private string Title => Say("埼玉県認証局（埼玉県CA）", "Saitama Prefecture Certification Authority");

    private IEnumerable<(string What, string Oid)> Policies =>
    [
        (Say("電子証明書・相互認証証明書", "Residents' and cross certificates"), Names.Policies.Certificates),
        (Say("官職証明書検証サーバ証明書", "Validation server"), Names.Policies.ValidationServer),
        (Say("OCSPレスポンダ証明書", "OCSP responder"), Names.Policies.OcspResponder),
    ];

    internal static async Task<IResult> Render(SiteContent content, Language language)
    {
        var parameters = ParameterView.FromDictionary(new Dictionary<string, object?>
        {
            [nameof(Content)] = content,
            [nameof(InEnglish)] = language == Language.English,
        });
        await using HtmlRenderer renderer = new(Services, NullLoggerFactory.Instance);
        var html = await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var page = await renderer.RenderComponentAsync<Page>(parameters);
            return page.ToHtmlString();
        });
        return Results.Content(html, "text/html; charset=utf-8");
    }

    private string Say(string japanese, string english) => InEnglish ? english : japanese;

    private string Day(DateTimeOffset at)
    {
        var day = JapanTime.DayOf(at);
        return Say($"{day.Year}年{day.Month}月{day.Day}日", $"{day:yyyy-MM-dd}");
    }

    /// <summary>In pairs, as people compare them aloud.</summary>
    private static string Fingerprint(HashAlgorithmName hash, Certificate certificate) =>
        string.Join(':', CryptographicOperations.HashData(hash, certificate.Der.Span).Select(octet => $"{octet:X2}"));
}
