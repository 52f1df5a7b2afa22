using System.Text.Json;
using Xunit;

namespace Jpki.Tests.Scenarios;

/// <summary>
/// A prefecture that ends at a bad moment: what it had answered is there when it is started again, and its logs are
/// whole.
/// </summary>
public sealed class AKilledPrefecture
{
    [Fact, Cps("4-11-5")]
    public async Task Loses_nothing_that_it_answered()
    {
        await using RunningPrefecture prefecture = new() { Residents = 2_000 };
        await prefecture.Start();
        var issued = Issue(prefecture, "11201", "first", 3);
        prefecture.Jpki("sandbox", "revoke", "--serial", issued[0], "--reason", "keyCompromise").Succeeded();
        var during = Task.Run(() => prefecture.Jpki(
            "sandbox", "issue", "--municipality", "11203", "--count", "20", "--out", prefecture.Scratch("during")));

        await WaitForTheFirst(prefecture.Scratch("during"), during);
        await prefecture.Kill();
        var cut = await during;
        await prefecture.Start();

        Assert.NotEqual(0, cut.ExitCode);
        var delivered = Directory.GetFiles(prefecture.Scratch("during"), "*.json").Select(SerialIn).ToList();
        Assert.NotEmpty(delivered);
        foreach (var serial in issued.Skip(1).Concat(delivered))
            prefecture.Jpki("sandbox", "revoke", "--serial", serial, "--reason", "superseded").Succeeded();
        AssertRefused("4-4-2-4", prefecture.Jpki(
            "sandbox", "revoke", "--serial", issued[0], "--reason", "superseded"));
        AssertLogsAreWhole(prefecture);
    }

    [Fact]
    public async Task Is_started_again_after_it_was_killed_at_any_moment_of_its_first_start()
    {
        await using RunningPrefecture prefecture = new();
        for (var moment = 400; moment < 4_000; moment += 900)
            await prefecture.KillWhileStarting(TimeSpan.FromMilliseconds(moment));

        await prefecture.Start();

        Issue(prefecture, "11385", "after", 1);
        AssertLogsAreWhole(prefecture);
    }

    [Fact]
    public async Task Ends_at_once_and_with_0_on_Ctrl_C_and_then_begins_where_it_was()
    {
        await using RunningPrefecture prefecture = new();
        await prefecture.Start();
        var issued = Issue(prefecture, "11100", "before", 1);
        var anchor = await Anchor(prefecture);

        var ended = await prefecture.Interrupt();
        await prefecture.Start();

        Assert.Equal(0, ended);
        Assert.Equal(anchor, await Anchor(prefecture));
        prefecture.Jpki("sandbox", "revoke", "--serial", issued[0], "--reason", "cessationOfOperation").Succeeded();
        AssertLogsAreWhole(prefecture);
    }

    internal static List<string> Issue(RunningPrefecture prefecture, string municipality, string folder, int count)
    {
        prefecture.Jpki(
            "sandbox", "issue", "--municipality", municipality, "--count", $"{count}",
            "--out", prefecture.Scratch(folder)).Succeeded();
        return [.. Directory.GetFiles(prefecture.Scratch(folder), "*.json").Select(SerialIn)];
    }

    /// <summary>Every log in every room, over HTTP, by its public key alone.</summary>
    internal static void AssertLogsAreWhole(RunningPrefecture prefecture)
    {
        var logs = prefecture.Endpoints.GetProperty("logs").EnumerateArray().ToList();
        Assert.Equal(7, logs.Count);
        foreach (var log in logs)
        {
            Tool.Run("dotnet", RunningPrefecture.Program, "ledger", "verify",
                "--log", log.GetProperty("url").GetString()!, "--key", log.GetProperty("key").GetString()!)
                .Succeeded();
        }
    }

    private static void AssertRefused(string clause, ToolAnswer answer)
    {
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains(clause, answer.Errors);
    }

    private static Task<byte[]> Anchor(RunningPrefecture prefecture) =>
        File.ReadAllBytesAsync(prefecture.Door("trustAnchor"), TestContext.Current.CancellationToken);

    private static string SerialIn(string file) =>
        JsonDocument.Parse(File.ReadAllBytes(file)).RootElement.GetProperty("serial").GetString()!;

    private static async Task WaitForTheFirst(string folder, Task meanwhile)
    {
        while (!meanwhile.IsCompleted && Directory.GetFiles(folder, "*.json").Length == 0)
            await Task.Delay(10, TestContext.Current.CancellationToken);
    }
}
