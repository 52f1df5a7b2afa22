using System.Text.Json;
using Jpki.Forms;
using Jpki.Host.Negatives;
using Jpki.Tests.Scenarios;
using Xunit;

namespace Jpki.Tests.Rooms.Host;

/// <summary>
/// The pack of wrong certificates: whether our own validator, and somebody else's, sees what is wrong.
/// </summary>
public sealed class NegativePackTests : IDisposable
{
    private readonly ScratchFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact, Cps("7-1-1"), Cps("4-4-4-4")]
    public void Jpki_validate_says_of_every_case_what_the_catalogue_says_a_correct_verifier_must()
    {
        var pack = Write();

        var answers = Tool.Run("dotnet", RunningPrefecture.Program, "validate", "--batch", $"{pack}/batch.jsonl")
            .Succeeded().Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<ValidationAnswer>(line, FormJson.Options)!)
            .ToDictionary(answer => answer.Id!);

        var entries = Catalogue(pack);
        Assert.Equal(entries.Select(e => e.Id).Order(), answers.Keys.Order());
        Assert.Equal([], entries.Where(e => !Agree(e, answers[e.Id])).Select(e => $"{e.Id}: {answers[e.Id].Reason}"));
    }

    [Fact]
    public void OpenSSL_refuses_every_wrong_CRL_and_accepts_the_good_one()
    {
        var pack = Write();

        var verdicts = Catalogue(pack).Where(e => e.Id.StartsWith("crl-", StringComparison.Ordinal) || e.Id == "good")
            .ToDictionary(e => e.Id, e => OpensslAccepts(pack, e.Id));

        Assert.Equal(["good"], verdicts.Where(v => v.Value).Select(v => v.Key));
    }

    private string Write()
    {
        var pack = folder["pack"];
        Tool.Run("dotnet", RunningPrefecture.Program, "sandbox", "negatives", "--out", pack).Succeeded();
        return pack;
    }

    private static CatalogueEntry[] Catalogue(string pack) => JsonSerializer.Deserialize<CatalogueEntry[]>(
        File.ReadAllBytes($"{pack}/catalogue.json"), FormJson.Options)!;

    private static bool Agree(CatalogueEntry entry, ValidationAnswer answer) =>
        answer.Valid == entry.Valid && (answer.Valid || answer.Reason!.Contains(entry.Must!, StringComparison.Ordinal));

    private bool OpensslAccepts(string pack, string id)
    {
        var lists = string.Concat(Directory.GetFiles($"{pack}/{id}", "*.crl").Select(crl =>
            Tool.Run("openssl", "crl", "-inform", "DER", "-in", crl).Succeeded().Text));
        File.WriteAllText(folder["lists.pem"], lists);
        Tool.Run("openssl", "x509", "-inform", "DER", "-in", $"{pack}/anchor.cer", "-out", folder["anchor.pem"])
            .Succeeded();
        Tool.Run("openssl", "x509", "-inform", "DER", "-in", $"{pack}/{id}/target.cer", "-out", folder["target.pem"])
            .Succeeded();
        string[] withLists = lists.Length > 0 ? ["-CRLfile", folder["lists.pem"]] : [];
        return Tool.Run("openssl", ["verify", "-crl_check", "-extended_crl", "-CAfile", folder["anchor.pem"],
            .. withLists, folder["target.pem"]]).ExitCode == 0;
    }
}
