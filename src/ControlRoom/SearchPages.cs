using System.Globalization;
using Jpki.ControlRoom.Pages;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Forms.Viewing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Jpki.ControlRoom;

/// <summary>Where an operator finds certificates by everything but their holders. 証明書の検索</summary>
internal static class SearchPages
{
    public static void Map(IEndpointRouteBuilder routes, OperatorsConsole console, PageDoor door)
    {
        routes.MapGet("/search", door.Get(Duties.WatchTheSystem, async visit =>
        {
            var query = visit.Http.Request.Query;
            var question = Question(query);
            var answer = await console.Authority.Send<CertificateFinds>("operators/searches", question);
            return answer.IsRefused(out var refusal, out var finds)
                ? Page(visit, question, null, refusal)
                : Page(visit, question, finds, null);
        }));
        routes.MapGet("/inner-certificates/{serial}", door.Get(Duties.WatchTheSystem, async visit =>
            (await console.Authority.Get<CertificateCopy>(
                $"operators/inner-certificates/{Uri.EscapeDataString(visit.Route("serial"))}"))
                .IsRefused(out var refusal, out var copy)
                ? PageDoor.Refused(visit, refusal)
                : ViewerPage.Of(visit, "運用の証明書", "A certificate of the inner network",
                    Viewer.Show(copy.Certificate, new()))));
    }

    /// <summary>What cannot be a question is none: a form of ours does not send it.</summary>
    internal static CertificateQuestion Question(IQueryCollection query) => new()
    {
        Book = Named<CertificateBook>(query["book"]) ?? CertificateBook.Governor,
        Serial = query["serial"].ToString().Trim() is { Length: > 0 and <= 40 } serial
            && serial.All(char.IsAsciiHexDigit) ? serial.ToUpperInvariant() : null,
        Kind = Named<CertificateKind>(query["kind"]),
        Municipality = Municipalities.Find(query["municipality"].ToString())?.Code5,
        Standing = Named<CertificateStanding>(query["standing"]),
        Issued = Days(query, "issued"),
        Expires = Days(query, "expires"),
        Revoked = Days(query, "revoked"),
        After = query["after"].ToString() is { Length: > 0 } after ? after : null,
    };

    /// <summary>From the beginning of one Japanese day to the end of another.</summary>
    internal static Interval Days(IQueryCollection query, string name) =>
        new(Day(query[name + "From"]), Day(query[name + "Until"])?.AddDays(1));

    private static DateTimeOffset? Day(string? text) => DateOnly.TryParseExact(
        text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        && day.Year is > 1900 and < 9999
        ? new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), JapanTime.Offset).ToUniversalTime()
        : null;

    private static T? Named<T>(string? name) where T : struct, Enum =>
        Enum.TryParse<T>(name, out var value) && Enum.IsDefined(value) ? value : null;

    private static IResult Page(
        Visit visit, CertificateQuestion question, CertificateFinds? finds, Refusal? refusal) =>
        PageDoor.Show<SearchPage>(
            visit.Http, PageDoor.Frame(visit, "証明書を探す", "Find certificates") with { Refusal = refusal },
            ("Question", question), ("Finds", finds), ("Query", visit.Http.Request.Query));
}
