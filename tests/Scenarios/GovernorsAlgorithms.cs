using Xunit;

namespace Jpki.Tests.Scenarios;

/// <summary>
/// A site chooses what the governor signs with, and the statement's letter only by name. (CPS 6-3-1-2, 6-3-2)
/// </summary>
public sealed class GovernorsAlgorithms
{
    [Fact, Cps("6-1-2-3"), Cps("6-3-1-2")]
    public async Task The_letter_of_the_statement_is_followed_where_a_site_insists_and_says_so_loudly()
    {
        await using RunningPrefecture prefecture = new()
        {
            MoreOptions = ["--policy", "cps-1.7-literal", "--governor", "rsa2048-sha1"],
        };
        await prefecture.InitializeAsync();

        var folder = Issue(prefecture, "rsa1024");
        using HttpClient client = new();
        var page = await client.GetStringAsync(
            new Uri(prefecture.Door("site")), TestContext.Current.CancellationToken);
        var text = Tool.Run("openssl", "x509", "-inform", "DER", "-in", Certificate(folder), "-noout", "-text").Text;
        var lint = Jpki("lint", "certificate", Certificate(folder));

        Assert.Contains("破られた暗号を使用しています", page);
        Assert.Contains("cps-1.7-literal", page);
        Assert.Contains("sha1WithRSAEncryption", text);
        Assert.Contains("Public-Key: (1024 bit)", text);
        Assert.Contains("warning signature_is_not_sha1 RFC 6194 3: ", lint.Succeeded().Text);
        Assert.Contains("warning rsa_key_has_2048_bits CPS 6-3-2: ", lint.Text);
    }

    [Fact, Cps("6-1-1-2"), Cps("6-3-1-2")]
    public async Task A_governor_on_a_curve_signs_residents_RSA_keys()
    {
        await using RunningPrefecture prefecture = new() { MoreOptions = ["--governor", "p384-sha384"] };
        await prefecture.InitializeAsync();

        var folder = Issue(prefecture, "rsa2048");
        var anchor = prefecture.Door("trustAnchor");
        var verdict = Tool.Run("openssl", "verify", "-x509_strict", "-check_ss_sig", "-trusted", anchor,
            Certificate(folder));

        Assert.Contains(": OK", verdict.Text);
        Assert.Equal("", Jpki("lint", "certificate", Certificate(folder), anchor).Succeeded().Text);
    }

    [Fact, Cps("6-3-1-2")]
    public void SHA_1_without_the_literal_policy_is_refused_at_the_start()
    {
        using ScratchFolder scratch = new();

        var answer = Jpki("up", "--data", scratch["x"], "--governor", "rsa2048-sha1");

        Assert.Equal(2, answer.ExitCode);
        Assert.Contains("cps-1.7-literal", answer.Errors);
    }

    private static string Issue(RunningPrefecture prefecture, string key)
    {
        var folder = prefecture.Scratch(key);
        prefecture.Jpki("sandbox", "issue", "--municipality", "11201", "--key", key, "--out", folder).Succeeded();
        return folder;
    }

    private static string Certificate(string folder) => Directory.GetFiles(folder, "*.cer").Single();

    private static ToolAnswer Jpki(params string[] arguments) =>
        Tool.Run("dotnet", [RunningPrefecture.Program, .. arguments]);
}
