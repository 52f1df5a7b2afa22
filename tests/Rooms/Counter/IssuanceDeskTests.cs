using Jpki.Card;
using Jpki.Counter;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Hsm;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.Counter;

/// <summary>From the paper to the card, and every way to be refused on it.</summary>
public sealed class IssuanceDeskTests
{
    [Fact, Cps("4-1-1"), Cps("4-2-1"), Cps("4-3-1")]
    public async Task An_applicant_whose_checks_pass_goes_home_with_a_card()
    {
        await using var house = await CounterHouse.Open();
        var resident = house.Somebody();

        var application = await house.UpTo(ApplicationState.Delivered, resident);

        Assert.Equal(ApplicationState.Delivered, application.State);
        var notice = Assert.IsType<IssuanceNotice>(Assert.Single(house.Authority.Arrived));
        Assert.Equal(Substitution.Certify(resident.Attributes, new Dictionary<string, string>()).Value,
            notice.Attributes);
        Assert.True(CertificationRequest.Read(notice.CertificationRequest).IsSelfSigned);
        var card = CardImage.Read(Assert.Single(house.CardFiles));
        Assert.Equal(application.Certificate, card.SignCertificate);
        Assert.NotNull(card.CaCertificate);
        Assert.Equal(
            CertificationRequest.Read(notice.CertificationRequest).PublicKey,
            SigningKey.FromPkcs8("card", card.Sign.PrivateKey).PublicKey);
    }

    [Fact, Cps("3-1-4")]
    public async Task The_subject_is_named_by_time_sequence_municipality_and_terminal()
    {
        await using var house = await CounterHouse.Open();

        var first = await house.UpTo(ApplicationState.KeyPairMade);
        var second = await house.UpTo(ApplicationState.KeyPairMade, house.Somebody(1));

        Assert.Equal("202611241000000000111201T001", first.SubjectCommonName);
        Assert.Equal("202611241000000000211201T001", second.SubjectCommonName);
        var subject = CertificationRequest.Read(first.CertificationRequest).Subject;
        Assert.Equal("CN=202611241000000000111201T001,L=Kawagoe-shi,L=Saitama-ken,C=JP", subject.ToString());
    }

    [Theory, Cps("4-1-2"), Cps("3-1-7"), Cps("4-2-2")]
    [InlineData("name", "name", "4-1-2")]
    [InlineData("kana", "nameKana", "4-1-2")]
    [InlineData("birth", "birthDate", "3-1-7")]
    [InlineData("gender", "gender", "4-1-2")]
    [InlineData("address", "address", "4-1-2")]
    [InlineData("long", "address", "4-2-2")]
    [InlineData("strange", "substitutes", "3-1-8")]
    [InlineData("future", "appliedOn", "4-1-2")]
    [InlineData("agent", "agentAddress", "4-1-2")]
    public async Task A_paper_with_a_fault_is_not_taken_and_field_and_clause_are_named(
        string lack, string field, string clause)
    {
        await using var house = await CounterHouse.Open(authorityIsUp: false);
        var good = CounterHouse.FormOf(house.Somebody());
        var known = good.Attributes;
        var bad = lack switch
        {
            "name" => good with { Attributes = known with { Name = " " } },
            "kana" => good with { NameKana = "" },
            "birth" => good with { Attributes = known with { BirthDate = new(Era.Heisei, 1980, 1, 1) } },
            "gender" => good with { Attributes = known with { Gender = 0 } },
            "address" => good with { Attributes = known with { Address = "" } },
            "long" => good with { Attributes = known with { Address = new('架', 201) } },
            "strange" => good with { Attributes = known with { Name = "見本　😀" } },
            "future" => good with { AppliedOn = new(2026, 11, 25) },
            _ => good with { Agent = new("代理　人", "") },
        };

        var refused = await house.Room.Issuance.Receive(house.Officer, bad);

        Assert.Equal((field, clause), (refused.Refusal?.Field, refused.Refusal?.Clause.Number));
        Assert.Empty(house.Room.Issuance.Recent(house.Officer));
    }

    [Theory, Cps("3-1-9")]
    [InlineData("name", "氏名")]
    [InlineData("birth", "生年月日")]
    [InlineData("gender", "性別")]
    [InlineData("address", "住所")]
    [InlineData("alias", "通称")]
    public async Task A_difference_from_the_register_ends_the_application_and_is_named(string attribute, string label)
    {
        await using var house = await CounterHouse.Open(authorityIsUp: false);
        var form = CounterHouse.FormOf(house.Somebody());
        var known = form.Attributes;
        var wrong = attribute switch
        {
            "name" => known with { Name = "別人　花子" },
            "birth" => known with { BirthDate = new(Era.Showa, 1950, 1, 1) },
            "gender" => known with { Gender = known.Gender == Gender.Male ? Gender.Female : Gender.Male },
            "alias" => known with { Alias = "見知らぬ　通称" },
            _ => known with { Address = known.Address + "９" },
        };
        var application = CounterHouse.Done(await house.Room.Issuance.Receive(house.Officer,
            form with { Attributes = wrong }));

        var refused = await house.Room.Issuance.Match(house.Officer, application.Id);

        Assert.Equal("3-1-9", refused.Refusal?.Clause.Number);
        Assert.Contains(label, refused.Refusal!.Reason, StringComparison.Ordinal);
        var ended = house.Now(application);
        Assert.Equal((ApplicationState.Refused, refused.Refusal), (ended.State, ended.Refusal));
    }

    [Fact, Cps("3-1-9")]
    public async Task Width_and_spaces_are_no_difference()
    {
        await using var house = await CounterHouse.Open(authorityIsUp: false);
        var resident = house.Somebody();
        var typed = new string([.. resident.Attributes.Address.Select(c => c is >= '０' and <= '９'
            ? (char)(c - '０' + '0') : c == '－' ? '-' : c)]);
        var form = CounterHouse.FormOf(resident) with { Attributes = resident.Attributes with { Address = typed } };

        var application = CounterHouse.Done(await house.Room.Issuance.Receive(house.Officer, form));

        Assert.Equal(ApplicationState.Matched,
            CounterHouse.Done(await house.Room.Issuance.Match(house.Officer, application.Id)).State);
    }

    [Fact, Cps("3-1-9")]
    public async Task A_paper_can_be_corrected_before_it_is_compared_and_not_after()
    {
        await using var house = await CounterHouse.Open(authorityIsUp: false);
        var form = CounterHouse.FormOf(house.Somebody());
        var slip = form with { Attributes = form.Attributes with { Name = "書き損じ　太郎" } };
        var application = CounterHouse.Done(await house.Room.Issuance.Receive(house.Officer, slip));
        Assert.Contains(house.Room.Issuance.Compare(house.Officer, application.Id)!, c =>
            c is { Field: "name", IsSame: false });

        CounterHouse.Done(await house.Room.Issuance.Correct(house.Officer, application.Id, form));
        CounterHouse.Done(await house.Room.Issuance.Match(house.Officer, application.Id));

        Assert.Equal("4-1-1", (await house.Room.Issuance.Correct(house.Officer, application.Id, slip))
            .Refusal?.Clause.Number);
    }

    [Fact, Cps("3-1-8")]
    public async Task A_substitute_that_cannot_be_written_itself_is_not_taken()
    {
        await using var house = await CounterHouse.Open(authorityIsUp: false);
        var resident = house.Room.Register.Search(CounterHouse.Kawagoe, "", false, 100)
            .Concat(house.Room.Register.Search(CounterHouse.Hanno, "", false, 100))
            .First(r => SubstituteCharacters.FindIn(r.Attributes.Name).Count > 0);
        var officer = resident.Municipality == CounterHouse.Kawagoe ? house.Officer : house.Elsewhere;
        var rare = SubstituteCharacters.FindIn(resident.Attributes.Name)[0].Character;
        var form = CounterHouse.FormOf(resident) with { Substitutes = new() { [rare] = "𠮷" } };

        var refused = await house.Room.Issuance.Receive(officer, form);
        Assert.Equal(("3-1-8", "substitutes"), (refused.Refusal?.Clause.Number, refused.Refusal?.Field));

        var application =
            CounterHouse.Done(await house.Room.Issuance.Receive(officer, form with { Substitutes = [] }));
        Assert.Contains(house.Room.Issuance.Substitutes(officer, application.Id), n => n.Character.Character == rare);
        CounterHouse.Done(await house.Room.Issuance.Match(officer, application.Id));
    }

    [Theory, Cps("3-1-9")]
    [InlineData("doubt", ApplicationState.Refused)]
    [InlineData("expired", ApplicationState.Matched)]
    [InlineData("face", ApplicationState.Matched)]
    [InlineData("number", ApplicationState.Matched)]
    public async Task Whoever_is_not_proven_gets_no_key(string lack, ApplicationState then)
    {
        await using var house = await CounterHouse.Open(authorityIsUp: false);
        var application = await house.UpTo(ApplicationState.Matched);
        var evidence = lack switch
        {
            "doubt" => CounterHouse.Licence with { HasDoubt = true },
            "expired" => CounterHouse.Licence with { ExpiresOn = new(2026, 11, 23) },
            "face" => CounterHouse.Licence with { FaceMatches = false },
            _ => CounterHouse.Licence with { Number = "12" },
        };

        var refused = await house.Room.Issuance.Prove(house.Officer, application.Id, evidence);

        Assert.Equal("3-1-9", refused.Refusal?.Clause.Number);
        Assert.Equal(then, house.Now(application).State);
        Assert.NotNull((await house.MakeKeyPair(application.Id, KeyKind.Rsa2048)).Refusal);
        Assert.Empty(house.CardFiles);
    }

    [Fact, Cps("3-1-9")]
    public async Task Only_the_end_of_the_documents_number_is_kept()
    {
        await using var house = await CounterHouse.Open(authorityIsUp: false);

        var application = await house.UpTo(ApplicationState.Proven);

        Assert.Equal("7890", application.Identity!.Number);
    }

    [Theory, Cps("3-1-10")]
    [InlineData(true, true, true, null)]
    [InlineData(false, true, true, "3-1-10")]
    [InlineData(true, false, true, "3-1-10")]
    [InlineData(true, true, false, "3-1-10")]
    public async Task An_agent_needs_every_paper(bool power, bool seal, bool reply, string? clause)
    {
        await using var house = await CounterHouse.Open(authorityIsUp: false);
        var form = CounterHouse.FormOf(house.Somebody()) with { Agent = new("代理　見本", "埼玉県川越市見本台１－２－３") };
        var application = CounterHouse.Done(await house.Room.Issuance.Receive(house.Officer, form));
        CounterHouse.Done(await house.Room.Issuance.Match(house.Officer, application.Id));
        if (reply)
            await house.Inquire(application.Id);

        var proven = await house.Room.Issuance.Prove(
            house.Officer, application.Id, CounterHouse.Licence with { Agent = new(power, seal, reply) });

        Assert.Equal(clause, proven.Refusal?.Clause.Number);
    }

    [Theory, Cps("6-3-2"), Cps("6-1-2-3")]
    [InlineData(KeyKind.Rsa2048, "", false, null)]
    [InlineData(KeyKind.Rsa1024, "", false, "6-3-2")]
    [InlineData(KeyKind.Rsa1024, "cps-1.7-literal", false, null)]
    [InlineData(KeyKind.P256, "", false, "6-1-2-3")]
    [InlineData(KeyKind.P256, "", true, null)]
    public async Task The_device_makes_the_keys_the_site_allows(KeyKind kind, string policy, bool allowsP256,
        string? clause)
    {
        await using var house = await CounterHouse.Open(
            o => o with { Policy = CryptoPolicy.Find(policy)!, AllowsP256 = allowsP256 }, authorityIsUp: false);
        var application = await house.UpTo(ApplicationState.Proven);

        var made = await house.MakeKeyPair(application.Id, kind);

        Assert.Equal(clause, made.Refusal?.Clause.Number);
        Assert.Equal(clause is null ? 1 : 0, house.CardFiles.Count());
    }

    [Theory, Cps("6-4-2-1")]
    [InlineData("CARD42", "CARD42", null)]
    [InlineData("CARD42", "CARD43", "6-4-2-1")]
    [InlineData("C42", "C42", "6-4-2-1")]
    [InlineData("カード４２", "カード４２", "6-4-2-1")]
    public async Task The_password_is_typed_twice_and_keeps_its_rule(string typed, string again, string? clause)
    {
        await using var house = await CounterHouse.Open(authorityIsUp: false);
        var application = await house.UpTo(ApplicationState.Proven);

        var made = await house.MakeKeyPair(application.Id, KeyKind.Rsa2048, typed, again);

        Assert.Equal(clause, made.Refusal?.Clause.Number);
    }

    [Fact, Cps("4-2-3")]
    public async Task The_Authoritys_refusal_ends_the_application_with_its_clause_in_Japanese()
    {
        await using var house = await CounterHouse.Open();
        house.Authority.Refuses = new("4-2-3", "a live certificate exists");

        var application = await house.UpTo(ApplicationState.Waiting);

        Assert.Equal(ApplicationState.Refused, application.State);
        Assert.Equal("4-2-3", application.Refusal?.Clause.Number);
        Assert.Contains("既に有効な電子証明書", application.Refusal!.Reason, StringComparison.Ordinal);
        Assert.Equal(0, house.Room.Waiting);
    }

    [Fact, Cps("4-3-2")]
    public async Task Whoever_gets_the_card_is_told_to_guard_it()
    {
        await using var house = await CounterHouse.Open();
        var application = await house.UpTo(ApplicationState.Delivered);

        var papers = CounterHouse.Done(house.Room.Issuance.Papers(house.Officer, application.Id));

        Assert.Contains(papers.Notices, n => n.Contains("厳重に管理", StringComparison.Ordinal));
        Assert.Contains(papers.Notices, n => n.Contains("遅滞なく", StringComparison.Ordinal));
        Assert.Contains(papers.Copy, line => line.Text == application.Serial);
    }

    [Fact, Cps("4-3-1")]
    public async Task Nothing_is_handed_over_before_it_is_issued()
    {
        await using var house = await CounterHouse.Open(authorityIsUp: false);
        var application = await house.UpTo(ApplicationState.KeyPairMade);

        Assert.Equal("4-1-1", (await house.Deliver(application.Id))
            .Refusal?.Clause.Number);
        Assert.Equal("4-1-1", house.Room.Issuance.Card(house.Officer, application.Id).Refusal?.Clause.Number);
    }

    [Fact, Cps("5-1-2-2")]
    public async Task An_officer_sees_only_applications_of_the_own_municipality()
    {
        await using var house = await CounterHouse.Open(authorityIsUp: false);
        var application = await house.UpTo(ApplicationState.Matched);

        Assert.Equal("5-1-2-2", house.Room.Issuance.Find(house.Elsewhere, application.Id).Refusal?.Clause.Number);
        Assert.Equal("5-1-2-2", (await house.Room.Issuance.Prove(house.Elsewhere, application.Id,
            CounterHouse.Licence)).Refusal?.Clause.Number);
        Assert.Empty(house.Room.Issuance.Recent(house.Elsewhere));
        Assert.Null(house.Room.Register.Find(application.ResidentId!, CounterHouse.Hanno));
        Assert.NotNull(house.Room.Register.Find(application.ResidentId!, CounterHouse.Kawagoe));
        Assert.Single(house.Room.Issuance.Recent(house.Officer));
    }

    [Fact, Cps("3-1-9")]
    public async Task A_register_that_changed_meanwhile_stops_the_next_step()
    {
        await using var house = await CounterHouse.Open(authorityIsUp: false);
        var application = await house.UpTo(ApplicationState.Proven);
        CounterHouse.Done(await house.Room.Events.Enter(house.Officer,
            new() { ResidentId = application.ResidentId!, Event = RegisterEventKind.Left }));

        var refused = await house.MakeKeyPair(application.Id, KeyKind.Rsa2048);

        Assert.Equal("3-1-9", refused.Refusal?.Clause.Number);
    }
}
