using System.Diagnostics;
using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Jpki.Tests.House;
using Jpki.X509;
using Jpki.X509.Paths;
using Xunit;

namespace Jpki.Tests.Vectors;

/// <summary>C2SP/x509-limbo: stories about chains, and chains made to be expensive.</summary>
public sealed class LimboTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly PathValidator validator = new(TimeProvider.System);

    [Fact]
    public void Every_case_has_its_verdict() => Findings.None(
        from test in Cases()
        let objection = Objection(test)
        where objection is null != ((string)test["expected_result"]! == "SUCCESS")
        select $"{test["id"]}: not {test["expected_result"]}, {objection}");

    [Fact]
    public void No_case_takes_long() => Findings.None(
        from test in Cases()
        let started = Stopwatch.GetTimestamp()
        let objection = Objection(test)
        where Stopwatch.GetElapsedTime(started) > Patience
        select $"{test["id"]}: too long, {objection}");

    private static JsonNode[] Cases()
    {
        var file = Path.Combine(Conformance.FolderOrSkip("limbo"), "core.json");
        return [.. JsonNode.Parse(File.ReadAllText(file))!["testcases"]!.AsArray()!];
    }

    private string? Objection(JsonNode test)
    {
        try
        {
            return validator.Validate(Pool(test), Question(test)).Objection?.ToString();
        }
        catch (AsnContentException e)
        {
            return e.Message;
        }
    }

    private static PathPool Pool(JsonNode test) => new(
        Pems(test["trusted_certs"]!).Select(der => Certificate.Read(der)),
        Pems(test["untrusted_intermediates"]!).Select(der => Certificate.Read(der)),
        Pems(test["crls"]!).Select(der => Crl.Read(der)));

    private static PathQuestion Question(JsonNode test) => new()
    {
        Target = Certificate.Read(Der(test["peer_certificate"]!)),
        At = test["validation_time"] is { } at
            ? DateTimeOffset.Parse((string)at!, CultureInfo.InvariantCulture) : TimeProvider.System.GetUtcNow(),
        MaxDepth = (int?)test["max_chain_depth"],
        Names = [.. test["expected_peer_names"]!.AsArray().Append(test["expected_peer_name"])
            .OfType<JsonNode>().Select(PeerName)],
        Revocation = test["crls"]!.AsArray().Count > 0 ? RevocationMode.Required : RevocationMode.None,
    };

    private static PeerName PeerName(JsonNode name) => new((string)name["kind"]! switch
    {
        "DNS" => PeerNameKind.Dns,
        "IP" => PeerNameKind.Ip,
        _ => PeerNameKind.Email,
    }, (string)name["value"]!);

    private static IEnumerable<byte[]> Pems(JsonNode texts) => texts.AsArray().Select(text => Der(text!));

    private static byte[] Der(JsonNode pem)
    {
        var text = (string)pem!;
        return Convert.FromBase64String(text[PemEncoding.Find(text).Base64Data]);
    }
}
