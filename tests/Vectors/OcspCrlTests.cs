using System.Formats.Asn1;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Jpki.Tests.House;
using Jpki.X509;
using Jpki.X509.Paths;
using Xunit;

namespace Jpki.Tests.Vectors;

/// <summary>
/// BoringSSL's OCSP answers and CRLs, good and bad: what they tell of one certificate, its issuer being known.
/// </summary>
public sealed partial class OcspCrlTests
{
    [Fact]
    public void Every_OCSP_answer_is_judged_right() => Findings.None(
        from test in Cases("boringssl_ocsp")
        let status = Ask(test)
        where Word(status) != (string)test["revocation_status"]!
        select $"{test["id"]}: {status}");

    [Fact]
    public void Every_CRL_is_judged_right() => Findings.None(
        from test in Cases("boringssl_crl")
        let status = Ask(test)
        where Word(status) != (string)test["status"]!
        select $"{test["id"]}: {status}");

    private static string Word(Status status) => status switch
    {
        Status.Good => "GOOD",
        Status.Revoked => "REVOKED",
        _ => "UNKNOWN",
    };

    private static JsonNode[] Cases(string suite)
    {
        var file = Path.Combine(Conformance.FolderOrSkip("ocsp-crl"), "cases.json");
        return [.. JsonNode.Parse(File.ReadAllText(file))![suite]!.AsArray()!];
    }

    /// <summary>
    /// The suite asks below path validation: the path is given as it is, and only the status is wanted.
    /// </summary>
    private static Status Ask(JsonNode test)
    {
        var blocks = Blocks((string)test["file"]!).ToLookup(b => b.Label, b => b.Der);
        PathQuestion question = new()
        {
            Target = Certificate.Read(blocks["CERTIFICATE"].Single()),
            At = DateTimeOffset.Parse((string)test["attime"]!, CultureInfo.InvariantCulture),
            MaxRevocationAge = TimeSpan.FromSeconds((int)test["max_age_seconds"]!),
        };
        Facts[] authorities = [.. blocks["CA CERTIFICATE 2"].Concat(blocks["CA CERTIFICATE"]).Select(Read)];
        Facts[] path = [.. authorities, new(question.Target)];
        PathPool pool;
        try
        {
            pool = new([], [], blocks["CRL"].Select(der => Crl.Read(der)),
                blocks["OCSP RESPONSE"].Select(der => OcspResponse.Read(der).Basic).OfType<BasicOcspResponse>());
        }
        catch (AsnContentException)
        {
            return Status.Undetermined;
        }
        Work work = new(new(), new(), TimeProvider.System);
        FoundPath found = new(path, [.. path.Select(f => f.Certificate.PublicKey)], []);
        var byCrl = new CrlCheck(pool, question, work, new(pool, work, (_, _) => false)).Find(found, path.Length - 1);
        var byOcsp = new OcspCheck(pool, question, work).Find(found, path.Length - 1);
        return byCrl.Status > byOcsp.Status ? byCrl.Status : byOcsp.Status;

        static Facts Read(byte[] der) => new(Certificate.Read(der));
    }

    private static IEnumerable<(string Label, byte[] Der)> Blocks(string file) =>
        from block in Block().Matches(File.ReadAllText(Path.Combine(Conformance.FolderOrSkip("ocsp-crl"), file)))
        select (block.Groups[1].Value, Convert.FromBase64String(block.Groups[2].Value));

    [GeneratedRegex("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END")]
    private static partial Regex Block();
}
