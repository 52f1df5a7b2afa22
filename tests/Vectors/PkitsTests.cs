using System.Globalization;
using System.Text.Json.Nodes;
using Jpki.Tests.House;
using Jpki.X509;
using Jpki.X509.Paths;
using Xunit;

namespace Jpki.Tests.Vectors;

/// <summary>
/// NIST PKITS 1.0.1: 249 paths with their verdicts and policy sets, from what strangers have written down.
/// </summary>
public sealed class PkitsTests
{
    private readonly PathValidator validator = new(TimeProvider.System);

    [Fact]
    public void Every_path_has_its_verdict() => Findings.None(
        from test in Cases()
        let answer = Ask(test, Shuffled(test, "chain"))
        where answer.IsValid != (Text(test, "expected") == "valid")
        select $"{Text(test, "id")}, {Text(test, "name")}: not {Text(test, "expected")}, {answer.Objection}");

    [Fact]
    public void Every_valid_path_has_its_policies() => Findings.None(
        from test in Cases()
        let answer = Ask(test, Shuffled(test, "chain"))
        where answer.IsValid && !answer.Policies.SequenceEqual(Texts(test, "user_constrained_policy_set").Order())
        select $"{Text(test, "id")}: {string.Join(' ', answer.Policies)}");

    [Fact]
    public void A_refusal_names_its_rule_and_its_certificate()
    {
        var refusals = Cases().Select(test => Ask(test, Shuffled(test, "chain"))).Where(a => !a.IsValid).ToList();

        Assert.All(refusals, r => Assert.StartsWith("RFC ", r.Objection!.Section, StringComparison.Ordinal));
        Assert.All(refusals, r => Assert.NotNull(r.Objection!.About));
    }

    [Fact]
    public void All_certificates_of_the_suite_at_once_confuse_nobody()
    {
        var folder = Conformance.FolderOrSkip("pkits");
        var everything = Directory.GetFiles(Path.Combine(folder, "certs")).Select(TryRead).OfType<Certificate>(
            ).ToList();

        Findings.None(
            from test in Cases()
            where Text(test, "expected") == "valid"
            let answer = Ask(test, everything)
            where !answer.IsValid
            select $"{Text(test, "id")}: {answer.Objection}");
    }

    private static JsonNode[] Cases()
    {
        var file = Path.Combine(Conformance.FolderOrSkip("pkits"), "cases.json");
        var cases = JsonNode.Parse(File.ReadAllText(file))!.AsArray();
        Assert.Equal(249, cases.Count);
        return [.. cases!];
    }

    /// <summary>What is between anchor and target, in an order that helps nobody.</summary>
    private static IEnumerable<Certificate> Shuffled(JsonNode test, string chain) =>
        Texts(test, chain).Skip(1).Concat(Texts(test, "extra_certs")).Reverse().Select(TryRead).OfType<Certificate>();

    private PathAnswer Ask(JsonNode test, IEnumerable<Certificate> certificates)
    {
        var anchor = TryRead(Texts(test, "chain").First())!;
        if (TryRead(Texts(test, "chain").Last()) is not { } target)
            return new() { Objection = new("RFC 5280 4.1", "it cannot be read") { About = anchor } };
        PathPool pool = new([anchor], certificates,
            Texts(test, "crls").Select(TryReadCrl).OfType<Crl>());
        return validator.Validate(pool, new()
        {
            Target = target,
            At = DateTimeOffset.Parse(Text(test, "attime"), CultureInfo.InvariantCulture),
            Policies = [.. Texts(test, "initial_policy_set")],
            RequireExplicitPolicy = (bool)test["initial_explicit_policy"]!,
            InhibitPolicyMapping = (bool)test["initial_policy_mapping_inhibit"]!,
            InhibitAnyPolicy = (bool)test["initial_inhibit_any_policy"]!,
        });
    }

    private static Certificate? TryRead(string file) => Read(file, der => Certificate.Read(der));

    private static Crl? TryReadCrl(string file) => Read(file, der => Crl.Read(der));

    private static T? Read<T>(string file, Func<byte[], T> read)
        where T : class
    {
        try
        {
            return read(File.ReadAllBytes(Path.Combine(Conformance.FolderOrSkip("pkits"), file)));
        }
        catch (System.Formats.Asn1.AsnContentException)
        {
            return null;
        }
    }

    private static string Text(JsonNode test, string name) => (string)test[name]!;

    private static IEnumerable<string> Texts(JsonNode test, string name) =>
        test[name]!.AsArray().Select(text => (string)text!);
}
