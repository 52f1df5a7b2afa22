using System.CommandLine;
using Jpki.Cps;
using Jpki.Forms;

namespace Jpki.Host.Commands;

/// <summary><c>jpki sandbox …</c>: what officers, residents and verifiers do, by command.</summary>
internal static class SandboxCommands
{
    private static readonly Option<string> Advance =
        new("--advance") { Description = "進める時間 / how far: 25h, 90m, 3d", Required = true };

    public static Command Create() => new("sandbox", "開いている県で人がすることをする / act as the people of a running prefecture")
    {
        IssueCommand.Create(),
        RevokeCommand.Create(),
        Publish(),
        VerifierCommand.Create(),
        OfficialCommand.Create(),
        OfficialCommand.CreateRevocation(),
        CutCommand.Create(),
        NegativesCommand.Create(),
        Clock(),
    };

    private static Command Publish()
    {
        Command publish =
            new("publish", "失効記録（CRL/ARL）を今すべて発行する / issue every CRL and the ARL now") { DataOption.Data };
        publish.SetAction(async (parsed, _) =>
        {
            using SandboxClient sandbox = new(Endpoints.Read(DataOption.Of(parsed)));
            ConsoleVisit console = new(sandbox);
            await console.Do(Duties.IssueCrlsNow, "publication", new PublishOrder("on demand"));
            var report = await console.Get<AuthorityReport>(Duties.WatchTheSystem, "api/report");
            if (report.PublishingTrouble is { } trouble)
                throw new BrokenException($"issued, but not published: {trouble}");
            CommandLine.Print(parsed, report, () => Console.Out.WriteLine(
                $"失効記録 {report.LastRun!.Number} を発行し公開しました。 "
                + $"CRLs and ARL number {report.LastRun.Number} are published."));
            return ExitCode.Done;
        });
        return publish;
    }

    private static Command Clock()
    {
        Command clock = new("clock", "県の時計を進め、期限の来たことをすべて行う / move the clock; what is due happens")
        {
            DataOption.Data, Advance,
        };
        clock.SetAction(async (parsed, stop) =>
        {
            var by = Duration(parsed.GetValue(Advance)!);
            using SandboxClient sandbox = new(Endpoints.Read(DataOption.Of(parsed)));
            var now = await SandboxClient.Read<ClockAnswer>(
                sandbox.Sandbox().PostAsJsonAsync("clock", new ClockOrder(by.TotalSeconds), FormJson.Options, stop));
            CommandLine.Print(parsed, now, () => Console.Out.WriteLine(
                $"県の時計は {JapanTime.ForPeople(now.Now)} です。 The prefecture's clock: {now.Now:u}"));
            return ExitCode.Done;
        });
        return clock;
    }

    /// <summary>A number and one of s, m, h, d.</summary>
    private static TimeSpan Duration(string text)
    {
        var seconds = text is [.. var number, var unit] && double.TryParse(number, out var n) && n >= 0
            ? unit switch { 's' => n, 'm' => n * 60, 'h' => n * 3600, 'd' => n * 86400, _ => double.NaN }
            : double.NaN;
        return seconds is >= 0 and <= 50 * 366 * 86400.0
            ? TimeSpan.FromSeconds(seconds)
            : throw new UsageException(
                $"--advance {text}: say a number and s, m, h or d, such as 25h, at most 50 years");
    }
}

/// <summary>How far the sandbox's clock is to go.</summary>
internal sealed record ClockOrder(double Seconds);

/// <summary>What the sandbox's clock shows now.</summary>
internal sealed record ClockAnswer(DateTimeOffset Now);
