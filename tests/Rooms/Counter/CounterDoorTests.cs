using System.Net;
using System.Text.Json;
using Jpki.Counter;
using Jpki.Cps;
using Jpki.Forms;
using Xunit;

namespace Jpki.Tests.Rooms.Counter;

/// <summary>The routes that programs use.</summary>
public sealed class CounterDoorTests
{
    [Fact, Cps("4-1-1"), Cps("4-3-1")]
    public async Task A_program_issues_and_revokes_through_the_door()
    {
        await using var door = await CounterDoor.Open();
        await door.LogIn();
        var resident = (await door.Get<Resident[]>("/residents?withoutCertificate=true&limit=1"))[0];

        var id = (await door.Post<IssuanceApplication>("/applications", CounterHouse.FormOf(resident))).Id;
        Assert.All(await door.Get<Comparison[]>($"/applications/{id}/comparison"), c => Assert.True(c.IsSame));
        await door.Post<IssuanceApplication>($"/applications/{id}/match");
        await door.Post<IssuanceApplication>($"/applications/{id}/identity", CounterHouse.Licence);
        var handOver = await door.Post<HandOver>($"/applications/{id}/hand-over");
        await door.Post<KeyPairMade>("/device/key-pair", new DeviceForm(handOver.Code, "CARD42", "CARD42"));
        var issued = await door.Post<IssuanceApplication>($"/applications/{id}/notice");
        await door.Post<Payment>($"/applications/{id}/fee");
        var delivery = await door.Post<Delivery>($"/applications/{id}/delivery");
        var card = await door.Text($"/applications/{id}/card");
        var receipt = await door.Post<Receipt>("/revocations", new RevocationForm
        {
            Person = CounterHouse.FormOf(resident),
            Reason = RevocationReason.KeyCompromise,
            Identity = CounterHouse.Licence,
        });

        Assert.Equal((issued.Serial, issued.Serial), (delivery.Serial, receipt.Serial));
        Assert.Contains("\"sign\"", card, StringComparison.Ordinal);
        Assert.Equal(ReceiptState.Completed, (await door.Get<Receipt>($"/receipts/{receipt.Id}")).State);
        var held = await door.Get<HeldCertificate>($"/certificates/{issued.Serial}");
        Assert.Equal((resident.Id, RevocationReason.KeyCompromise), (held.ResidentId, held.Reason));
        var everybody = await door.Get<Resident[]>("/residents?limit=100");
        Assert.All(everybody, r => Assert.Equal(CounterHouse.Kawagoe, r.Municipality));
        var left = await door.Post<RegisterEntryAnswer>("/register-events",
            new RegisterEntry { ResidentId = resident.Id, Event = RegisterEventKind.Left });
        Assert.Empty(left.Ended);
    }

    [Theory, Cps("3-1-7"), Cps("3-1-8"), Cps("4-2-2")]
    [InlineData("a name", "substitutes", "3-1-8", "氏名の4文字目「😀」(U+1F600)")]
    [InlineData("a date", "birthDate", "3-1-7", "1981年2月は28日まで")]
    [InlineData("an address", "address", "4-2-2", "住所は200文字まで")]
    public async Task A_refusal_at_the_door_names_field_place_and_clause(
        string wrong, string field, string clause, string words)
    {
        await using var door = await CounterDoor.Open(authorityIsUp: false);
        await door.LogIn();
        var form = CounterHouse.FormOf(door.House.Somebody());
        var person = form.Attributes;

        var answer = await door.Send("/applications", form with
        {
            Attributes = wrong switch
            {
                "a date" => person with { BirthDate = new(Era.Showa, 1981, 2, 29) },
                "an address" => person with { Address = new('架', 201) },
                _ => person with { Name = "見本　😀" },
            },
        });
        using var problem = JsonDocument.Parse(await CounterDoor.TextOf(answer));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal($"CPS {clause}", problem.RootElement.GetProperty("title").GetString());
        Assert.Equal(field, problem.RootElement.GetProperty("field").GetString());
        Assert.Contains(words, problem.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory, Cps("5-1-2-2")]
    [InlineData("GET", "/residents")]
    [InlineData("POST", "/applications")]
    [InlineData("GET", "/applications")]
    [InlineData("POST", "/revocations")]
    [InlineData("POST", "/register-events")]
    public async Task Nobody_acts_without_logging_in(string method, string path)
    {
        await using var door = await CounterDoor.Open(authorityIsUp: false);

        var answer = await door.Send(new HttpMethod(method), path);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task A_name_with_a_control_character_or_without_end_finds_nothing_and_breaks_nothing()
    {
        await using var door = await CounterDoor.Open(authorityIsUp: false);
        await door.LogIn();

        var found = await door.Post<ResidentsFound>("/residents/search", new ResidentSearchForm("\0"));
        Assert.NotEmpty(found.Residents);
        var paper = await door.Send(HttpMethod.Get, "/applications/A%01");
        var endless = await door.Send("/login", new LogInForm("kawagoe-1", new string('x', 5000)));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, paper.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, endless.StatusCode);
    }

    [Fact, Cps("5-1-2-2")]
    public async Task A_wrong_password_is_answered_with_401_and_the_clause()
    {
        await using var door = await CounterDoor.Open(authorityIsUp: false);

        var answer = await door.Send("/login", new LogInForm("kawagoe-1", "wrong"));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("CPS 5-1-2-2", await CounterDoor.TextOf(answer), StringComparison.Ordinal);
    }

    [Fact, Cps("5-1-2-2")]
    public async Task Another_municipalitys_papers_are_forbidden()
    {
        await using var door = await CounterDoor.Open(authorityIsUp: false);
        var application = await door.House.UpTo(ApplicationState.Matched);
        await door.LogIn("hanno-1");

        var seen = await door.Send(HttpMethod.Get, $"/applications/{application.Id}");
        var proven = await door.Send($"/applications/{application.Id}/identity", CounterHouse.Licence);
        var resident = await door.Send(HttpMethod.Get, $"/residents/{application.ResidentId}");

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (seen.StatusCode, proven.StatusCode));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, resident.StatusCode);
    }

    [Fact]
    public async Task Whose_certificate_it_is_only_the_own_municipality_learns()
    {
        await using var door = await CounterDoor.Open();
        var issued = await door.House.UpTo(ApplicationState.Issued);

        await door.LogIn("hanno-1");
        var fromElsewhere = await door.Get<HeldCertificate>($"/certificates/{issued.Serial}");

        Assert.Equal((CounterHouse.Kawagoe, ""), (fromElsewhere.Municipality, fromElsewhere.ResidentId));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"appliedOn":"2026-11-24","surprise":1}""")]
    [InlineData("""{"appliedOn":"見本　花子"}""")]
    public async Task A_malformed_body_gets_one_clear_answer(string body)
    {
        await using var door = await CounterDoor.Open(authorityIsUp: false);
        await door.LogIn();

        var answer = await door.SendText("/applications", body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.DoesNotContain("見本", await CounterDoor.TextOf(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_without_end_is_cut_off()
    {
        await using var door = await CounterDoor.Open(authorityIsUp: false);
        await door.LogIn();

        var answer = await door.SendText("/applications", new string(' ', 100_000));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }
}
