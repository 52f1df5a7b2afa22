using System.Collections.Immutable;
using System.Formats.Asn1;
using Jpki.X509;

namespace Jpki.Cps.Lint;

/// <summary>Asks every rule. What is older than a rule is not judged by it.</summary>
public static class Linter
{
    public static ImmutableArray<Rule<CertificateView>> CertificateRules { get; } =
    [
        .. FrameRules.All, .. NameRules.All, .. KeyRules.All, .. UsageRules.All, .. IdentifierRules.All,
        .. PolicyRules.All, .. PlaceRules.All, .. ProfileRules.All, .. GovernorRules.All, .. ResidentRules.All,
    ];

    public static ImmutableArray<Rule<CrlView>> CrlRules => Lint.CrlRules.All;

    public static ImmutableArray<Rule<EntryView>> EntryRules => Lint.EntryRules.All;

    public static ImmutableArray<Rule<OcspView>> OcspRules => Lint.OcspRules.All;

    private static readonly ImmutableArray<Rule<CertificateView>> QuickCertificateRules =
        [.. CertificateRules.Where(r => !r.IsCostly)];

    /// <param name="certificate">What is judged.</param>
    /// <param name="kind">The profile to judge by; null for RFC 5280's alone.</param>
    public static IReadOnlyList<Finding> Certificate(Certificate certificate, CertificateKind? kind) =>
        Judge(CertificateRules, new CertificateView(certificate, kind), certificate.NotBefore);

    /// <summary>The list and, one after another, its entries; of each rule about entries the first finding.</summary>
    /// <exception cref="AsnContentException">An entry is malformed.</exception>
    public static IReadOnlyList<Finding> Crl(Crl crl)
    {
        CrlView view = new(crl);
        EntryInspection entries = new(view);
        foreach (var entry in crl.Entries())
            entries.Look([entry]);
        return [.. Judge(CrlRules, view, crl.ThisUpdate), .. entries.Findings];
    }

    public static IReadOnlyList<Finding> Ocsp(BasicOcspResponse response) => Ocsp(new OcspView(response));

    internal static IReadOnlyList<Finding> Ocsp(OcspView view) => Judge(OcspRules, view, view.Response.ProducedAt);

    internal static IReadOnlyList<Finding> Frame(CrlView view) => Judge(CrlRules, view, view.Crl.ThisUpdate);

    internal static IReadOnlyList<Finding> Quickly(Certificate certificate, CertificateKind kind) =>
        Judge(QuickCertificateRules, new CertificateView(certificate, kind), certificate.NotBefore);

    private static List<Finding> Judge<T>(ImmutableArray<Rule<T>> rules, T thing, DateTimeOffset made)
    {
        List<Finding> findings = [];
        var day = DateOnly.FromDateTime(made.UtcDateTime);
        foreach (var rule in rules)
        {
            if (day >= rule.Since && rule.Judge(thing) is { } finding)
                findings.Add(finding);
        }
        return findings;
    }
}

/// <summary>Walks along the entries of one list, in memory that does not grow with them.</summary>
internal sealed class EntryInspection(CrlView view)
{
    private readonly Dictionary<string, (Finding First, long Count)> found = [];

    public CrlView List => view;

    public IEnumerable<Finding> Findings => found.Values.Select(
        f => f.Count == 1 ? f.First : f.First with { Text = $"{f.First.Text} (in {f.Count} entries)" });

    public void Look(ReadOnlySpan<RevokedEntry> entries)
    {
        var thisUpdate = view.Crl.ThisUpdate.UtcTicks;
        foreach (ref readonly var entry in entries)
        {
            if (!EntryRules.IsBeyondDoubt(entry, thisUpdate))
                Judge(entry);
        }
    }

    private void Judge(in RevokedEntry entry)
    {
        var day = DateOnly.FromDateTime(view.Crl.ThisUpdate.UtcDateTime);
        EntryView seen = new(view, entry);
        foreach (var rule in EntryRules.All)
        {
            if (day >= rule.Since && rule.Judge(seen) is { } finding)
                found[rule.Id] = found.TryGetValue(rule.Id, out var f) ? (f.First, f.Count + 1) : (finding, 1);
        }
    }
}
