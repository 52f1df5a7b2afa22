using Jpki.Cps;
using Jpki.Cps.Lint;
using Jpki.Tests.House;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.Cps;

/// <summary>Every rule lets something pass and stops something; every good specimen passes all of them.</summary>
public sealed class LintRuleTests
{
    public static TheoryData<string> CertificateRules => [.. Linter.CertificateRules.Select(r => r.Id)];

    public static TheoryData<string> CrlRules => [.. Linter.CrlRules.Select(r => r.Id)];

    public static TheoryData<string> EntryRules => [.. Linter.EntryRules.Select(r => r.Id)];

    public static TheoryData<string> OcspRules => [.. Linter.OcspRules.Select(r => r.Id)];

    public static TheoryData<CertificateKind> Kinds => [.. Enum.GetValues<CertificateKind>()];

    private static Dictionary<string, (CertificateKind Accepted, Func<Certificate> Refused)> Fixtures =>
        CertificateFixtures.All.Concat(ProfileFixtures.All).ToDictionary(f => f.Key, f => f.Value);

    [Fact]
    public void Each_rule_has_its_fixtures_and_each_fixture_its_rule()
    {
        Assert.Equal(Linter.CertificateRules.Select(r => r.Id).Order(), Fixtures.Keys.Order());
        Assert.Equal(Linter.CrlRules.Select(r => r.Id).Order(), ListFixtures.Crls.Keys.Order());
        Assert.Equal(Linter.EntryRules.Select(r => r.Id).Order(), ListFixtures.Entries.Keys.Order());
        Assert.Equal(Linter.OcspRules.Select(r => r.Id).Order(), ListFixtures.Answers.Keys.Order());
    }

    [Fact]
    public void Each_rule_names_a_clause_or_a_section() => Findings.None(
        from source in Linter.CertificateRules.Select(r => r.Source).Concat(Linter.CrlRules.Select(r => r.Source))
            .Concat(Linter.EntryRules.Select(r => r.Source)).Concat(Linter.OcspRules.Select(r => r.Source))
        where !(source.StartsWith("CPS ", StringComparison.Ordinal) ? Clauses.Resolves(source[4..])
            : System.Text.RegularExpressions.Regex.IsMatch(source, @"^RFC \d{4} [A\d][.\d]*$"))
        select $"{source} is neither");

    [Theory, MemberData(nameof(Kinds)), Cps("7-1"), Cps("5-2-2③")]
    public void A_good_specimen_of_every_kind_passes_every_rule(CertificateKind kind)
    {
        var certificate = Specimens.Good(kind);

        Assert.Empty(Linter.Certificate(certificate, kind));
        Assert.Equal(
            kind == CertificateKind.NewWithOld ? CertificateKind.OldWithNew : kind,
            Jpki.Cps.Lint.Kinds.Of(certificate));
    }

    [Theory, MemberData(nameof(CertificateRules)), Cps("7-1")]
    public void A_rule_about_certificates_stops_what_breaks_it_and_nothing_else(string id)
    {
        var (accepted, refused) = Fixtures[id];

        Assert.DoesNotContain(id, Linter.Certificate(Specimens.Good(accepted), accepted).Select(f => f.Rule));
        var kind = id.StartsWith("cps_", StringComparison.Ordinal) ? accepted : (CertificateKind?)null;
        Assert.Contains(id, Linter.Certificate(refused(), kind).Select(f => f.Rule));
    }

    [Theory, MemberData(nameof(CrlRules)), Cps("7-2")]
    public void A_rule_about_CRLs_stops_what_breaks_it_and_nothing_else(string id)
    {
        Assert.Contains(id, Linter.Crl(ListFixtures.Crls[id]()).Select(f => f.Rule));
        Assert.Empty(Linter.Crl(Specimens.Crl(null, CrlKind.Crl, ListFixtures.Entry)));
        Assert.Empty(Linter.Crl(Specimens.Crl(null, CrlKind.Arl, ListFixtures.Entry)));
        Assert.Empty(Linter.Crl(Specimens.Crl(null, CrlKind.Operations, ListFixtures.Entry)));
    }

    [Theory, MemberData(nameof(EntryRules)), Cps("4-4-4-2")]
    public void A_rule_about_entries_stops_what_breaks_it(string id) =>
        Assert.Contains(id, Linter.Crl(ListFixtures.Entries[id]()).Select(f => f.Rule));

    [Theory, MemberData(nameof(OcspRules)), Cps("4-4-4-2")]
    public void A_rule_about_OCSP_stops_what_breaks_it_and_nothing_else(string id)
    {
        Assert.Contains(id, Linter.Ocsp(ListFixtures.Answers[id]()).Select(f => f.Rule));
        Assert.Empty(Linter.Ocsp(Specimens.Answered()));
    }

    [Fact]
    public void What_is_older_than_a_rule_is_not_judged_by_it()
    {
        var old = Specimens.Bent(CertificateKind.SelfSigned, c => c with
        {
            Algorithm = SignatureAlgorithm.Sha1WithRsa,
            NotBefore = new(2003, 12, 27, 5, 8, 15, TimeSpan.Zero),
            NotAfter = new(2013, 12, 26, 14, 59, 59, TimeSpan.Zero),
        });

        Assert.Empty(Linter.Certificate(old, CertificateKind.SelfSigned));
    }

    [Fact]
    public void Many_bad_entries_are_one_finding()
    {
        var bad = ListFixtures.Entry with { ReasonCode = 6 };

        var finding = Assert.Single(Linter.Crl(Specimens.Crl(null, CrlKind.Crl, bad, ListFixtures.Entry, bad)));

        Assert.EndsWith("(in 2 entries)", finding.Text);
    }
}
