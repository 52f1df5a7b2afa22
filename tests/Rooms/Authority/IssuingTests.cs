using Jpki.Cps;
using Jpki.Forms;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.Authority;

/// <summary>What the governor certifies and what he refuses, with his books open. (CPS 4-2)</summary>
public sealed class IssuingTests : IAsyncLifetime
{
    private AuthorityHouse house = null!;

    public async ValueTask InitializeAsync() => house = await AuthorityHouse.Open();

    public ValueTask DisposeAsync() => house.DisposeAsync();

    [Fact, Cps("4-2-1"), Cps("6-3-2")]
    public async Task A_resident_is_certified_for_three_years_less_the_rest_of_a_day()
    {
        var certificate = await house.Issued();

        Assert.Equal(house.Clock.GetUtcNow(), certificate.NotBefore);
        Assert.Equal(new(2029, 11, 23, 14, 59, 59, TimeSpan.Zero), certificate.NotAfter);
        Assert.True(certificate.IsSignedBy(house.Room.Governor.TrustAnchor.PublicKey));
    }

    [Fact, Cps("4-2-3")]
    public async Task A_holder_of_a_live_certificate_is_refused_another()
    {
        var first = await house.Issued();

        var second = await house.Issue(house.Notice());

        Assert.True(second.IsRefused(out var refusal, out _));
        Assert.Equal("4-2-3", refusal!.Clause.Number);
        Assert.Contains(first.Serial.ToString(), refusal.Reason);
    }

    [Fact, Cps("3-2"), Cps("4-2-3")]
    public async Task A_renewal_ends_the_certificate_it_names_and_no_other()
    {
        var old = await house.Issued();

        var wrong = await house.Issue(house.Notice(with: n => n with { Renews = "0A" }));
        var renewed = await house.Issue(house.Notice(with: n => n with { Renews = old.Serial.ToString() }));
        var again = await house.Revoke(old, RevocationReason.KeyCompromise);

        Assert.Equal("3-2", wrong.Refusal?.Clause.Number);
        Assert.NotNull(renewed.Value);
        Assert.Equal("4-4-2-4", again.Refusal?.Clause.Number);
        Assert.Contains("superseded", house.Log(), StringComparison.Ordinal);
    }

    [Fact, Cps("4-2-3")]
    public async Task A_holder_whose_certificate_was_revoked_is_certified_again()
    {
        await house.Revoke(await house.Issued(), RevocationReason.KeyCompromise);

        var second = await house.Issue(house.Notice());

        Assert.False(second.IsRefused(out _, out _));
    }

    [Fact, Cps("4-2-3")]
    public async Task A_holder_whose_certificate_has_expired_is_certified_again()
    {
        await house.Issued();
        house.Clock.Advance(TimeSpan.FromDays(3 * 366));

        var second = await house.Issue(house.Notice());

        Assert.False(second.IsRefused(out _, out _));
    }

    [Fact, Cps("4-2-1")]
    public async Task The_same_notice_again_is_answered_with_the_same_certificate()
    {
        var notice = house.Notice();
        var form = AuthorityHouse.Signed(notice, house.Terminal);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => house.Room.Governor.Issue(form, house.Terminal)));
        await house.Restart();
        var later = await house.Room.Governor.Issue(form, house.Terminal);

        Assert.Single(answers.Append(later).Select(Serial).Distinct());
    }

    [Fact, Cps("4-2-1")]
    public async Task The_number_of_a_notice_serves_no_other_notice()
    {
        await house.Issue(house.Notice(with: n => n with { NoticeId = "N-1" }));

        var other = await house.Issue(house.Notice("架空　花子", n => n with { NoticeId = "N-1" }));

        Assert.Equal("4-2-1", Clause(other));
    }

    [Fact, Cps("4-2-1")]
    public async Task Two_notices_under_one_number_at_the_same_moment_do_not_share_an_answer()
    {
        var forms = ((string[])["架空　太郎", "架空　花子"]).Select(name => AuthorityHouse.Signed(
            house.Notice(name, n => n with { NoticeId = "N-2" }), house.Terminal)).ToArray();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => house.Room.Governor.Issue(forms[i % 2], house.Terminal)));

        var issued = answers.Where(a => a.Value is not null).ToList();
        Assert.Equal(4, issued.Count);
        Assert.Single(issued.Select(Serial).Distinct());
        Assert.Equal(issued, answers.Where((_, i) => i % 2 == Array.IndexOf(answers, issued[0]) % 2));
        Assert.All(answers.Except(issued), refused => Assert.Equal("4-2-1", Clause(refused)));
        Assert.All(answers.Except(issued), refused =>
            Assert.Contains("used for another notice", refused.Refusal!.Reason, StringComparison.Ordinal));
    }

    [Fact, Cps("3-1-4")]
    public async Task A_subject_name_is_given_once()
    {
        var first = house.Notice();
        await house.Issue(first);

        var second = await house.Issue(
            house.Notice("架空　花子", n => n with { SubjectCommonName = first.SubjectCommonName }));

        Assert.Equal("3-1-4", Clause(second));
    }

    [Fact, Cps("6-1-2-1")]
    public async Task A_key_is_certified_once()
    {
        var first = house.Notice();
        await house.Issue(first);

        var second = await house.Issue(
            house.Notice("架空　花子", n => n with { CertificationRequest = first.CertificationRequest }));

        Assert.Equal("6-1-2-1", Clause(second));
    }

    [Fact, Cps("3-1-11")]
    public async Task A_key_that_its_holder_does_not_prove_is_refused()
    {
        using var holder = TestKey.P256();
        using var thief = TestKey.P256();
        var request = CertificationRequest.Create(
            Name.Parse("CN=holder"), holder.PublicKey, thief.Algorithm, thief.SignHash);

        var answer = await house.Issue(house.Notice(with: n => n with { CertificationRequest = request }));

        Assert.Equal("3-1-11", Clause(answer));
    }

    [Fact, Cps("5-1-2-2")]
    public async Task A_terminal_speaks_for_its_own_municipality_only()
    {
        var answer = await house.Issue(house.Notice(), house.Elsewhere);

        Assert.Equal("5-1-2-2", Clause(answer));
    }

    [Fact, Cps("4-2-1")]
    public async Task A_notice_under_another_terminals_signature_is_refused()
    {
        var form = AuthorityHouse.Signed(house.Notice(), house.Elsewhere);

        var answer = await house.Room.Governor.Issue(form, house.Terminal);

        Assert.Equal("4-2-1", Clause(answer));
    }

    [Fact, Cps("4-11-2")]
    public async Task Every_issue_and_every_refusal_is_in_the_sealed_log_without_the_persons_attributes()
    {
        var certificate = await house.Issued();
        await house.Issue(house.Notice());

        var log = house.Log();

        Assert.Contains(certificate.Serial.ToString(), log);
        Assert.Contains("certificate refused", log);
        Assert.DoesNotContain("架空", log);
        Assert.DoesNotContain("元町", log);
    }

    private static string Serial(Outcome<IssuanceAnswer> outcome) =>
        outcome.IsRefused(out var refusal, out var answer) ? $"{refusal}" : answer.Serial;

    private static string? Clause(Outcome<IssuanceAnswer> outcome) =>
        outcome.IsRefused(out var refusal, out _) ? refusal.Clause.Number : null;
}
