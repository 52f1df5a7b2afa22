using System.Text;
using Jpki.Hsm;
using Xunit;

namespace Jpki.Tests.Scenarios;

/// <summary>A site of its own: whom it names in a file gets a letter, and nobody has a default password.</summary>
public sealed class TheFirstOfficers
{
    [Fact, Cps("5-2-3"), Cps("5-2-1-1")]
    public async Task Come_with_the_codes_of_their_letters_and_then_work_together()
    {
        await using RunningPrefecture prefecture = new() { Residents = 20 };
        var named = Officers(prefecture.Scratch("first"), "CaManager", "SeniorOperator", "SeniorOperator");
        prefecture.MoreOptions = ["--officers", named];
        await prefecture.Start();

        var letter = Path.Combine(prefecture.Data, "letters", "person-1.txt");
        Assert.DoesNotContain(
            prefecture.Endpoints.GetProperty("officers").EnumerateArray(),
            o => o.GetProperty("role").GetString() != "CounterOfficer");
        Refused(prefecture.Jpki("sandbox", "publish"), 2, "--officers");

        Refused(prefecture.Enrol("person-1", "XXXXXXXXXX-YYYYYYYYYY"), 1, "5-2-3");
        prefecture.Enrol("person-1", CodeIn(letter)).Succeeded();
        await prefecture.Kill();
        await prefecture.Start();
        prefecture.Enrol("person-2", CodeIn(letter.Replace("person-1", "person-2"))).Succeeded();
    }

    [Fact, Cps("5-2-2①")]
    public void Too_few_of_them_or_roles_that_exclude_each_other_are_no_beginning()
    {
        using ScratchFolder folder = new();
        ToolAnswer Up(params string[] roles) => Tool.Run(
            "dotnet",
            [RunningPrefecture.Program, "up", "--data", folder["data"], "--officers", Officers(folder.Root, roles)]);

        Refused(Up("CaManager", "SeniorOperator"), 2, "2 × SeniorOperator");
        Refused(Up("CaManager\",\"SeniorOperator", "SeniorOperator", "SeniorOperator"), 2, "5-2-2①");
        Assert.False(File.Exists(folder["data/site.json"]));
    }

    private static void Refused(ToolAnswer answer, int exitCode, string words)
    {
        Assert.Equal(exitCode, answer.ExitCode);
        Assert.Contains(words, answer.Errors);
    }

    private static string Officers(string folder, params string[] roles)
    {
        var file = Path.Combine(folder, "officers.json");
        var people = roles.Select((role, i) =>
            $$"""{"id":"person-{{i + 1}}","staffNumber":"S-{{i:D4}}","name":"検証　{{i}}","roles":["{{role}}"]}""");
        File.WriteAllText(file, $"[{string.Join(",", people)}]");
        return file;
    }

    /// <summary>A letter that others could read is not even opened.</summary>
    private static string CodeIn(string letter) => Encoding.UTF8.GetString(SecretFile.Read(letter)).Split('\n')
        .First(l => l.StartsWith("code", StringComparison.Ordinal))[4..].Trim();
}
