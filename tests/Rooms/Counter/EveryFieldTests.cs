using System.Net;
using System.Text.RegularExpressions;
using Jpki.Counter;
using Xunit;

namespace Jpki.Tests.Rooms.Counter;

/// <summary>
/// Every field of every form at the counter: what breaks its rule is refused, and said in Japanese beside it.
/// </summary>
public sealed partial class EveryFieldTests
{
    /// <summary>Any text may be searched for.</summary>
    private static readonly string[] WithoutRule = ["query"];

    private static readonly string TooLong = new('あ', 2001);

    private static readonly (string Field, string Wrong)[] WrongPerson =
    [
        ("name", ""), ("name", "見本\u0007"), ("name", TooLong), ("nameKana", ""), ("nameKana", TooLong),
        ("alias", TooLong), ("alias", "\u0007"), ("address", ""), ("address", TooLong), ("address", "\u0007"),
        ("gender", ""), ("gender", "9"), ("era", "9"), ("era", "x"), ("year", "99"), ("year", "-1"),
        ("month", "13"), ("month", "x"), ("day", "32"),
    ];

    private static readonly (string Field, string Wrong)[] WrongPaper =
    [
        .. WrongPerson, ("appliedOn", ""), ("appliedOn", "2027-01-01"), ("appliedOn", "0001-01-01"),
        ("agentName", TooLong), ("agentAddress", TooLong),
    ];

    private static readonly (string Field, string Wrong)[] WrongIdentity =
    [
        ("kind", ""), ("kind", "Other"), ("kind", "99"), ("number", ""), ("number", "123"), ("number", "１２３４５"),
        ("number", "123456789012345678901"), ("expiresOn", "x"), ("expiresOn", "2026-11-23"), ("faceMatches", ""),
    ];

    [Fact]
    public async Task Of_an_application_and_of_its_correction()
    {
        await using var door = await Open();
        var resident = door.House.Somebody();
        var page = await door.Visit("/terminal/applications/new");
        (string, string)[] wrong = [.. WrongPaper, ("applicationKind", "Other"), ("applicationKind", "9")];

        await Refuses(door, page, "/terminal/applications", Paper(resident), wrong);

        page = await door.Submit(page, "/terminal/applications", Paper(resident));
        await Refuses(door, await door.Visit(page.Path + "/correction"), "/correction", Paper(resident), wrong);
    }

    [Fact]
    public async Task Of_who_came()
    {
        await using var door = await Open();
        var application = await door.House.UpTo(ApplicationState.Matched);

        var page = await door.Visit($"/terminal/applications/{application.Id}");
        await Refuses(door, page, "/identity", Shown, WrongIdentity);
    }

    [Fact]
    public async Task Of_an_agents_letter_papers_and_password()
    {
        await using var door = await Open();
        var application = await ByAgent(door.House);
        var path = $"/terminal/applications/{application.Id}";
        var page = await door.Submit(await door.Visit(path), "/letter");

        await Refuses(door, page, "/sent", [("sentOn", "2026-11-24")], [("sentOn", ""), ("sentOn", "2026-11-25")]);
        page = await door.Submit(page, "/sent", ("sentOn", "2026-11-24"));
        (string, string)[] reply = [("reply", "Confirmed"), ("cameOn", "2026-11-24")];
        await Refuses(door, page, "/reply", reply, [("reply", ""), ("reply", "Sent"), ("cameOn", "2026-11-23")]);
        page = await door.Submit(page, "/reply", reply);
        (string, string)[] papers = [.. Shown, ("powerOfAttorney", "yes"), ("sealCertificate", "yes")];
        await Refuses(door, page, "/identity", papers,
            [.. WrongIdentity, ("powerOfAttorney", ""), ("sealCertificate", "")]);
        page = await door.Submit(page, "/identity", papers);
        await Refuses(door, page, "/key-pair", Chosen, WrongPassword);
    }

    [Fact]
    public async Task Of_a_revocation()
    {
        await using var door = await Open();
        var page = await door.Visit("/terminal/revocations/new");
        (string, string)[] good = [("reason", "KeyCompromise"), .. Paper(door.House.Somebody()), .. Shown];

        await Refuses(door, page, "/terminal/revocations", good,
            [("reason", ""), ("reason", "Other"), .. WrongPaper, .. WrongIdentity]);
        await Refuses(
            door, page, "/terminal/revocations", [.. good, ("verdict", "agent")], [("agentName", "")]);
    }

    [Fact]
    public async Task Of_a_request_and_of_its_answer()
    {
        await using var door = await Open();
        var page = await door.Visit("/terminal/requests/new");
        (string, string)[] good =
        [
            ("requestKind", "Correction"), ("text", "ふりがなの訂正"), .. Paper(door.House.Somebody()), .. Shown,
        ];

        await Refuses(door, page, "/terminal/requests", good,
        [
            ("requestKind", ""), ("requestKind", "9"), ("text", ""), ("text", TooLong), ("text", "\u0007"),
            .. WrongPaper, .. WrongIdentity,
        ]);

        page = await door.Submit(page, "/terminal/requests", good);
        await Refuses(door, page, "/answer", [("answer", "訂正しました。"), ("verdict", "granted")],
            [("answer", ""), ("answer", TooLong), ("answer", "\u0007")]);
    }

    [Fact]
    public async Task Of_a_register_event()
    {
        await using var door = await Open();
        var resident = door.House.Somebody();
        var page = await door.Visit($"/terminal/register-events/new?resident={resident.Id}");

        await Refuses(door, page, resident.Id, [("event", "AttributesChanged"), .. Paper(resident)],
            [("event", ""), ("event", "9"), .. WrongPerson]);
    }

    [Fact]
    public async Task Of_a_closing_and_of_what_is_looked_up()
    {
        await using var door = await Open();

        await Refuses(door, await door.Visit("/terminal/fees"), "/closing", [("counted", "0"), ("note", "")],
            [("counted", ""), ("counted", "-1"), ("counted", "99999999999"), ("note", TooLong)]);
        foreach (var page in (string[])["fees", "history"])
        {
            foreach (var day in (string[])["x", "0001-01-01", "9999-12-31", "2026-02-30"])
                IsSaid(await door.Visit($"/terminal/{page}?day={day}"), "day", day);
        }
        foreach (var month in (string[])["x", "0001-01", "9999-12", "2026-13"])
            IsSaid(await door.Visit($"/terminal/statistics?month={month}"), "month", month);
        IsSaid(await door.Visit("/terminal/certificates?serial=1234"), "serial", "1234");
        IsSaid(await door.Visit("/terminal/certificates?serial=%00"), "serial", "%00");
        var viewer = await door.Visit("/terminal/certificates");
        IsSaid(await door.Upload(viewer, "/terminal/certificates", "hello"u8.ToArray()), "file", "hello");
    }

    [Fact, Cps("6-4-2-1")]
    public async Task Of_the_key_pair_device()
    {
        await using var door = await Open();
        var application = await door.House.UpTo(ApplicationState.Proven);
        var (issuance, officer) = (door.House.Room.Issuance, door.House.Officer);
        var handOver = CounterHouse.Done(await issuance.SendToDevice(officer, application.Id));
        var page = await door.Visit("/device");

        await Refuses(door, page, "/device", [("code", handOver.Code)], [("code", ""), ("code", "ABCD-EFGH")]);
        page = await door.Submit(page, "/device", ("code", handOver.Code));
        await Refuses(door, page, "/device/password", Chosen, WrongPassword);
    }

    private static readonly (string Field, string Value)[] Chosen =
        [("keyKind", "Rsa2048"), ("password", "CARD42"), ("passwordAgain", "CARD42")];

    private static readonly (string Field, string Wrong)[] WrongPassword =
    [
        ("keyKind", ""), ("keyKind", "Other"), ("keyKind", "Rsa1024"), ("password", ""), ("password", "ABC"),
        ("password", "ABCDEFGHIJKLMNOPQ"), ("password", "パスワード"), ("passwordAgain", ""), ("passwordAgain", "CARD43"),
    ];

    private static readonly (string Field, string Value)[] Shown =
    [
        ("kind", "DrivingLicence"), ("number", "301234567890"), ("expiresOn", "2028-03-01"), ("faceMatches", "yes"),
        ("verdict", "same"),
    ];

    private static (string Field, string Value)[] Paper(Resident resident) =>
        [("applicationKind", "New"), ("agentName", ""), ("agentAddress", ""), .. TerminalPagesTests.Written(resident)];

    private static async Task<CounterDoor> Open()
    {
        var door = await CounterDoor.Open(authorityIsUp: false);
        await door.LogInByPage();
        return door;
    }

    private static async Task<IssuanceApplication> ByAgent(CounterHouse house)
    {
        var form = CounterHouse.FormOf(house.Somebody()) with { Agent = new("代理　見本", "埼玉県川越市見本台１－２－３") };
        var application = CounterHouse.Done(await house.Room.Issuance.Receive(house.Officer, form));
        return CounterHouse.Done(await house.Room.Issuance.Match(house.Officer, application.Id));
    }

    /// <summary>One field wrong at a time; afterwards no field of the form is left that was not once wrong.</summary>
    private static async Task Refuses(
        CounterDoor door, CounterDoor.Page page, string action, (string Field, string Value)[] good,
        (string Field, string Wrong)[] wrongs)
    {
        foreach (var (field, wrong) in wrongs)
            IsSaid(await door.Submit(page, action, [.. good, (field, wrong)]), field, wrong);
        if (good.Contains(("verdict", "agent")))
            return;
        var form = page.Html.Split("<form ").Single(f =>
            Regex.IsMatch(f, $"action=\"[^\"]*{Regex.Escape(action)}\"", RegexOptions.None, TimeSpan.FromSeconds(1)));
        Assert.Empty(Names(form).Except(WithoutRule).Except(wrongs.Select(w => w.Field)));
    }

    private static void IsSaid(CounterDoor.Page page, string field, string wrong)
    {
        var at = field is "era" or "year" or "month" or "day" && !page.Html.Contains($"id=\"{field}-error\"",
            StringComparison.Ordinal) ? "birthDate" : field;
        var said = Regex.Match(page.Text, $"<p class=\"error\" id=\"{at}-error\">([^<]*)</p>").Groups[1].Value;
        Assert.True(page.Status == HttpStatusCode.UnprocessableEntity, $"{field} = {wrong}: {page.Status}");
        Assert.True(Japanese().IsMatch(said), $"{field} = {wrong}: nothing is said beside it");
        Assert.Matches($"aria-describedby=\"[^\"]*\\b{at}-error\"", page.Html);
    }

    private static IEnumerable<string> Names(string form) => Field().Matches(form.Split("</form>")[0])
        .Where(m => !m.Value.Contains("type=\"hidden\"", StringComparison.Ordinal))
        .Select(m => m.Groups[1].Value).Distinct();

    [GeneratedRegex("<(?:input|select|textarea)[^>]* name=\"([^\"]+)\"[^>]*>")]
    private static partial Regex Field();

    [GeneratedRegex("[ぁ-ん].*。")]
    private static partial Regex Japanese();
}
