using Jpki.Authority;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.Authority;

/// <summary>What becomes of the bridge CA's requests and certificates. (CPS 4-6 … 4-10)</summary>
public sealed class CrossCertificateTests
{
    public static TheoryData<string, string> WrongRequests { get; } = new()
    {
        { "under another name", "4-7" },
        { "for a key that came otherwise", "6-1-1-5" },
        { "not signed with its key", "3-1-11" },
        { "without a connection test", "4-7" },
        { "for another policy's domain", "1-2" },
        { "examined by who received it", "5-2-2①" },
        { "approved by a senior operator", "5-2-2①" },
        { "asking for another policy", "1-2" },
        { "signed with SHA-1", "6-3-1-2" },
        { "for a resident's key", "6-1-1-5" },
        { "from nobody who was identified", "4-7" },
    };

    public static TheoryData<string, string> WrongCertificates { get; } = new()
    {
        { "that has expired", "4-8" },
        { "that begins tomorrow", "4-8" },
        { "that is self-made", "4-8" },
        { "for another key", "4-8" },
        { "for another name", "4-8" },
        { "of another bridge", "4-7" },
        { "of ten years", "1-3-2②" },
        { "for an end entity", "7-1-2" },
        { "of another policy", "1-2" },
    };

    [Fact, Cps("4-6")]
    public async Task The_governor_applies_with_a_request_that_OpenSSL_verifies()
    {
        await using var cross = await CrossHouse.Open();

        var request = cross.Office.Apply().CertificationRequest;

        using ScratchFolder scratch = new();
        var said = Tool.Run(
            "openssl", "req", "-inform", "DER", "-in", scratch.Write("request.der", request), "-verify", "-noout",
            "-subject").Succeeded();
        Assert.Contains("The Governor of Saitama Prefecture", said.Text, StringComparison.Ordinal);
    }

    [Fact, Cps("4-7"), Cps("7-1-2"), Cps("1-3-2②")]
    public async Task The_bridge_gets_a_certificate_of_five_years_for_its_name_and_key()
    {
        await using var cross = await CrossHouse.Open();

        var certificate = Certificate.Read((await cross.Issue()).Value!.Certificate);

        Assert.Equal(CrossHouse.BridgeName, certificate.Subject);
        Assert.Equal(cross.Key.PublicKey, certificate.PublicKey);
        Assert.True(certificate.IsSignedBy(cross.House.Room.Governor.TrustAnchor.PublicKey));
        Assert.Equal(JapanTime.EndOfYears(certificate.NotBefore, 5), certificate.NotAfter);
    }

    [Theory, MemberData(nameof(WrongRequests)), Cps("4-7"), Cps("6-1-1-5")]
    public async Task A_request_is_refused_and_kept_that_is(string fault, string clause)
    {
        await using var cross = await CrossHouse.Open();
        using var other = TestKey.Rsa(2048);
        var papers = CrossHouse.Papers;
        var good = cross.Request();
        var (request, way) = fault switch
        {
            "under another name" => (cross.Request(Name.Parse("CN=Stranger,O=JPKI-TEST,C=JP")), papers),
            "for a key that came otherwise" => (good with { KeySha256 = new('0', 64) }, papers),
            "not signed with its key" => (cross.Request(signer: other), papers),
            "without a connection test" => (good, papers with { ConnectionTest = null }),
            "for another policy's domain" =>
                (good with { Mappings = [new("1.2.3.4", "1.2.3.5")] }, papers),
            "examined by who received it" =>
                (good, papers with { Examination = papers.Reception }),
            "asking for another policy" =>
                (cross.Foreign("-sha256", "-addext", "certificatePolicies=1.2.3.4"), papers),
            "signed with SHA-1" => (cross.Foreign("-sha1"), papers),
            "for a resident's key" => (await Certified(cross), papers),
            "from nobody who was identified" => (good, papers with { RequesterProof = " " }),
            _ => (good, papers with { Approval = papers.Approval with { Officer = "senior-1" } }),
        };

        var refused = await cross.Issue(request, way);

        Assert.Equal(clause, refused.Refusal?.Clause.Number);
        Assert.Equal(clause, Assert.Single(cross.House.Room.Store.Read(CrossBooks.Refused)).Clause);
        Assert.Null(cross.House.Room.Crls.LastRun);
        Assert.Contains("cross certificate refused", cross.House.Log(), StringComparison.Ordinal);
    }

    [Fact, Cps("5-2-2①")]
    public async Task The_same_approval_again_gets_the_same_certificate()
    {
        await using var cross = await CrossHouse.Open();
        var approved = cross.House.Agreed(
            Duties.IssueCrossCertificate, new CrossOrder<CrossRequest>(CrossHouse.Papers, cross.Request()));

        var first = await cross.Office.Issue(approved);
        var again = await cross.Office.Issue(approved);

        Assert.Equal(first.Value!.Certificate, again.Value!.Certificate);
    }

    [Fact, Cps("4-8")]
    public async Task Both_certificates_make_a_pair_once_both_receipts_are_filed_and_not_before()
    {
        await using var cross = await CrossHouse.Open();
        var ours = (await cross.Issue()).Value!.Serial;
        var theirs = cross.Given();
        await cross.Accept(theirs);
        Assert.Empty(cross.Office.Pairs());

        Assert.False((await cross.File(ours, isOurs: true)).Value!.IsMutual);
        Assert.Empty(cross.Office.Pairs());
        Assert.Null(cross.House.Room.Crls.LastRun);
        Assert.True((await cross.File($"{theirs.Serial}", isOurs: false)).Value!.IsMutual);

        var pair = CrossCertificatePair.Read(Assert.Single(cross.Office.Pairs()));
        Assert.Equal(theirs.Der.ToArray(), pair.IssuedToThisCa!.Der.ToArray());
        Assert.Equal(CrossHouse.BridgeName, pair.IssuedByThisCa!.Subject);
        Assert.NotNull(cross.House.Room.Crls.LastRun);
    }

    [Fact, Cps("4-8")]
    public async Task A_receipt_for_what_was_never_exchanged_is_refused()
    {
        await using var cross = await CrossHouse.Open();
        var ours = (await cross.Issue()).Value!.Serial;

        Assert.Equal("4-8", (await cross.File(ours, isOurs: false)).Refusal?.Clause.Number);
        Assert.Equal("4-8", (await cross.File("1A2B", isOurs: true)).Refusal?.Clause.Number);
    }

    [Theory, MemberData(nameof(WrongCertificates)), Cps("4-8")]
    public async Task A_certificate_is_not_taken_and_kept(string fault, string clause)
    {
        await using var cross = await CrossHouse.Open();
        await cross.Issue();
        using var other = TestKey.Rsa(2048);
        var now = cross.House.Clock.GetUtcNow();
        var wrong = fault switch
        {
            "that has expired" =>
                cross.Given(c => c with { NotBefore = now.AddYears(-5), NotAfter = now.AddDays(-1) }),
            "that begins tomorrow" => cross.Given(c => c with { NotBefore = now.AddDays(1) }),
            "that is self-made" => cross.Given(signer: other),
            "for another key" => cross.Given(c => c with { PublicKey = other.PublicKey }),
            "for another name" => cross.Given(c => c with { Subject = CrossHouse.BridgeName }),
            "of another bridge" => cross.Given(c => c with { Issuer = Name.Parse("CN=Stranger,C=JP") }),
            "of ten years" => cross.Given(c => c with { NotAfter = now.AddYears(10) }),
            "for an end entity" =>
                cross.Given(c => c with
                {
                    Extensions = CrossHouse.Constrained(PolicyOids.Test.Certificates, isCa: false),
                }),
            _ => cross.Given(c => c with { Extensions = CrossHouse.Constrained("1.2.3.4") }),
        };

        var refused = await cross.Accept(wrong);

        Assert.Equal(clause, refused.Refusal?.Clause.Number);
        Assert.Equal(clause, Assert.Single(cross.House.Room.Store.Read(CrossBooks.Refused)).Clause);
        Assert.Empty(cross.Office.Pairs());
        Assert.Null(cross.House.Room.Crls.LastRun);
    }

    [Theory, Cps("4-10-1"), Cps("7-2-2")]
    [InlineData(CrossEnd.KeyCompromise, 2)]
    [InlineData(CrossEnd.Renewal, 4)]
    [InlineData(CrossEnd.Termination, 5)]
    public async Task Whoever_asked_an_ended_certificate_is_on_the_ARL_with_its_reason_and_in_no_pair(
        CrossEnd cause, int reason)
    {
        await Ends(cause, reason, CrossParty.Governor);
        await Ends(cause, reason, CrossParty.Bridge);
    }

    private static async Task Ends(CrossEnd cause, int reason, CrossParty askedBy)
    {
        await using var cross = await CrossHouse.Open();
        var (serial, _) = await cross.Exchanged();

        Assert.Null((await cross.Revoke(serial, cause, askedBy)).Refusal);

        var arl = cross.House.Lists(cross.House.Room.Crls.LastRun!)["authority"];
        Assert.Equal((serial, reason), arl.Entries().Select(e => ($"{e.Serial}", e.ReasonCode ?? 0)).Single());
        Assert.Empty(cross.Office.Pairs());
    }

    /// <summary>The bridge's request over a key that a resident has.</summary>
    private static async Task<CrossRequest> Certified(CrossHouse cross)
    {
        using var key = TestKey.Rsa(2048);
        var notice = cross.House.Notice(with: n => n with
        {
            CertificationRequest = CertificationRequest.Create(
                Name.Parse("CN=holder"), key.PublicKey, key.Algorithm, key.SignHash),
        });
        Assert.Null((await cross.House.Issue(notice)).Refusal);
        return cross.Request(key: key);
    }

    [Fact, Cps("4-10-1"), Cps("4-4-2-4")]
    public async Task Only_what_was_given_and_lives_is_ended()
    {
        await using var cross = await CrossHouse.Open();
        var (serial, _) = await cross.Exchanged();
        var resident = await cross.House.Issued();

        Assert.Equal("4-10-1", (await cross.Revoke("1A2B", CrossEnd.Termination)).Refusal?.Clause.Number);
        Assert.Equal("4-10-1", (await cross.Revoke($"{resident.Serial}", CrossEnd.Termination)).Refusal?.Clause.Number);
        await cross.Revoke(serial, CrossEnd.KeyCompromise);
        Assert.Equal("4-4-2-4", (await cross.Revoke(serial, CrossEnd.Termination)).Refusal?.Clause.Number);
        Assert.Equal("4-10-1", (await cross.Issue()).Refusal?.Clause.Number);
    }

    [Theory, Cps("4-9")]
    [InlineData(CrossOccasion.TheirsEnds, false)]
    [InlineData(CrossOccasion.OursEnds, true)]
    [InlineData(CrossOccasion.TheirsChanges, false)]
    [InlineData(CrossOccasion.OursChanges, true)]
    public async Task For_each_of_the_four_occasions_both_are_renewed_and_nothing_is_due_any_more(
        CrossOccasion occasion, bool isOurs)
    {
        await using var house = await PublishedHouse.Open();
        CrossHouse cross = new(house.Authority);
        using var renewed = TestKey.Rsa(2048);
        await cross.Exchanged();
        var isNearTheEnd = occasion is CrossOccasion.TheirsEnds or CrossOccasion.OursEnds;
        house.Authority.Clock.Advance(TimeSpan.FromDays(isNearTheEnd ? 4.8 * 365 : 1));
        if (occasion == CrossOccasion.OursChanges)
            Assert.Null((await house.Renew(2)).Refusal);
        var signer = occasion == CrossOccasion.TheirsChanges ? renewed : cross.Key;
        if (occasion == CrossOccasion.TheirsChanges)
            await cross.Issue(cross.Request(key: signer) with { Occasion = occasion });
        Assert.Contains(Due(cross), s => s.IsOurs == isOurs);

        var ours = (await cross.Issue(cross.Request(key: signer) with { Occasion = occasion })).Value!.Serial;
        var theirs = cross.Given(signer: signer);
        await cross.Accept(theirs);
        await cross.File(ours, isOurs: true);
        await cross.File($"{theirs.Serial}", isOurs: false);

        Assert.Empty(Due(cross));
        cross.Key.Dispose();
    }

    private static IEnumerable<CrossStanding> Due(CrossHouse cross) => cross.Office.Standing().Where(s =>
        s.Changes.Count > 0 || s.NotAfter < cross.House.Clock.GetUtcNow().AddDays(90));

    [Fact, Cps("4-9")]
    public async Task A_renewal_takes_the_place_of_the_old_pair()
    {
        await using var cross = await CrossHouse.Open();
        var (old, _) = await cross.Exchanged();
        cross.House.Clock.Advance(TimeSpan.FromDays(4.7 * 365));

        var anew = (await cross.Issue(cross.Request() with { Occasion = CrossOccasion.OursEnds })).Value!.Serial;
        var theirs = cross.Given();
        await cross.Accept(theirs);
        Assert.Equal(old, $"{CrossCertificatePair.Read(cross.Office.Pairs()[0]).IssuedByThisCa!.Serial}");
        await cross.File(anew, isOurs: true);
        await cross.File($"{theirs.Serial}", isOurs: false);
        await cross.Revoke(old, CrossEnd.Renewal);

        var pair = CrossCertificatePair.Read(Assert.Single(cross.Office.Pairs()));
        Assert.Equal(anew, $"{pair.IssuedByThisCa!.Serial}");
        Assert.All(cross.Office.Standing(), s => Assert.True(s.NotAfter > cross.House.Clock.GetUtcNow().AddYears(4)));
    }

    [Fact, Cps("4-9")]
    public async Task Standing_says_what_would_be_different_now()
    {
        await using var cross = await CrossHouse.Open();
        await cross.Exchanged();

        Assert.All(cross.Office.Standing(), s => Assert.Empty(s.Changes));
        using var renewed = TestKey.Rsa(2048);
        await cross.Issue(cross.Request(key: renewed));
        var changed = Assert.Single(cross.Office.Standing().Single(s => !s.IsOurs).Changes);
        Assert.Contains("bridge CA's key", changed, StringComparison.Ordinal);
    }
}
