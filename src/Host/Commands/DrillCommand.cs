using System.CommandLine;
using System.Diagnostics;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Host.Drills;
using Jpki.Ledger;

namespace Jpki.Host.Commands;

/// <summary>
/// <c>jpki drill</c>: the rare acts on a copy of the prefecture, through the doors that officers use. It prints what
/// was done, how long it took, and what was lost. 訓練 (CPS 4-13, 4-14-2)
/// </summary>
internal static class DrillCommand
{
    private static readonly Option<int> Port = new("--port")
    {
        Description = "写しの最初のポート番号 / the copy's first port (17000)",
        DefaultValueFactory = _ => 17000,
    };

    private static readonly Option<int> Certificates =
        new("--certificates") { Description = "写しに加える架空の電子証明書 / made-up certificates to add" };

    public static Command Create()
    {
        Command rollover = new("rollover", "知事の鍵の更新 / change the governor's key")
        {
            DataOption.Data, Port, Certificates,
        };
        rollover.SetAction((parsed, _) => Run(parsed, "rollover", Rollover));
        Command compromise = new("compromise", "知事の鍵の危殆化 / the governor's key is compromised")
        {
            DataOption.Data, Port, Certificates,
        };
        compromise.SetAction((parsed, _) => Run(parsed, "compromise", Compromise));
        return new("drill", "写しでの訓練 / drills on a copy") { rollover, compromise };
    }

    private static async Task<int> Run(
        ParseResult parsed, string name, Func<ConsoleVisit, AuthorityReport, List<DrillStep>, Task> act)
    {
        await using var copy = await DrillCopy.Open(
            DataOption.Of(parsed), parsed.GetValue(Port), parsed.GetValue(Certificates), Console.Error.WriteLine);
        using SandboxClient sandbox = new(copy.Endpoints);
        var watch = await OcspWatch.Open(sandbox);
        var day = await DailyRun(sandbox);
        // Whoever was logged in before is a day older now.
        ConsoleVisit console = new(sandbox);
        var before = await Report(console);
        List<DrillStep> steps =
        [
            new($"日次 daily run {before.LastRun?.Number}, {before.Revoked:n0} of {before.Issued:n0} revoked", day),
        ];
        var clock = new Stopwatch();
        await using (watch)
        {
            clock.Start();
            watch.Begin();
            await act(console, before, steps);
            clock.Stop();
        }
        DrillReport report = new()
        {
            Drill = name,
            Steps = steps,
            Seconds = clock.Elapsed.TotalSeconds,
            Certificates = before.Issued,
            Limit = DrillLimit.Measure(
                Path.Combine(copy.Folder, "repository", "objects"), Path.Combine(copy.Folder, "limit")),
            Ocsp = watch.Heard,
            Lost = [.. await Lost(copy.Endpoints, before, await Report(console))],
            PeakMemoryMegabytes = watch.PeakMemory / 1e6,
        };
        CommandLine.Print(parsed, report, () => Tell(report));
        return report.Lost.Count == 0 ? ExitCode.Done : ExitCode.Refused;
    }

    /// <summary>A day goes by; what the schedule does then is published before the answer. (CPS 4-4-9)</summary>
    private static async Task<double> DailyRun(SandboxClient sandbox)
    {
        var clock = Stopwatch.StartNew();
        await SandboxClient.Read<ClockAnswer>(sandbox.Sandbox().PostAsJsonAsync(
            "clock", new ClockOrder(Periods.CrlInterval.TotalSeconds), FormJson.Options));
        return clock.Elapsed.TotalSeconds;
    }

    private static async Task Rollover(ConsoleVisit console, AuthorityReport before, List<DrillStep> steps) =>
        steps.Add(await Timed(() => console.Do(
            Duties.RenewAuthorityKey, "rollover", new RolloverOrder(before.Generation + 1))));

    /// <summary>The compromise, and the authority again under a new key.</summary>
    private static async Task Compromise(ConsoleVisit console, AuthorityReport before, List<DrillStep> steps)
    {
        steps.Add(await Timed(() => console.Do(
            Duties.DeclareCompromise, "compromise", new CompromiseOrder(before.Generation, "訓練 drill"))));
        var report = (await console.Get<CompromiseReport[]>(Duties.WatchTheSystem, "api/compromises"))[^1];
        steps.AddRange(report.Steps.Select(s => new DrillStep(
            $"  {s.Step}: {s.Result}", (s.At - report.DeclaredAt).TotalSeconds)));
        steps.Add(await Timed(() => console.Do(
            Duties.RenewAuthorityKey, "rollover", new RolloverOrder(before.Generation + 1))));
    }

    private static Task<AuthorityReport> Report(ConsoleVisit console) =>
        console.Get<AuthorityReport>(Duties.WatchTheSystem, "api/report");

    private static async Task<DrillStep> Timed(Func<Task<string>> act)
    {
        var clock = Stopwatch.StartNew();
        return new(await act(), clock.Elapsed.TotalSeconds);
    }

    private static async Task<List<string>> Lost(Endpoints endpoints, AuthorityReport before, AuthorityReport after)
    {
        List<string> lost = [];
        if (after.Issued < before.Issued)
            lost.Add($"{before.Issued - after.Issued} certificates");
        if (after.FeedPosition < before.FeedPosition)
            lost.Add($"{before.FeedPosition - after.FeedPosition} changes of status");
        if (after.LastRun?.PublishedAt is null)
            lost.Add($"the publication of run {after.LastRun?.Number}: {after.PublishingTrouble}");
        foreach (var log in endpoints.Logs)
        {
            var verdicts = await LedgerVerifier.Verify(log.Log, [LogPublicKey.Read(log.Key)], []);
            lost.AddRange(verdicts.Where(v => !v.IsGood).Select(v => $"log {log.Room}: {v}"));
        }
        return lost;
    }

    private static void Tell(DrillReport report)
    {
        foreach (var step in report.Steps)
            Console.Out.WriteLine($"{step.Seconds,8:n1} s  {step.What}");
        var (limit, ocsp) = (report.Limit, report.Ocsp);
        Console.Out.WriteLine(
            $"{report.Seconds,8:n1} s  全体（日次を除く） in all but the daily run, {report.Certificates:n0} 通 certificates");
        Console.Out.WriteLine(
            $"{limit.Seconds,8:n1} s  機械の限界 the machine's limit: {limit.Lists} objects, {limit.Megabytes:n1} MB: "
            + $"hashed {limit.Hashing:n2} s, signed {limit.Signing:n2} s, written and synced {limit.Writing:n2} s");
        Console.Out.WriteLine(
            $"OCSP: {ocsp.Asked} 回中 {ocsp.Silent} 回応答なし silent, slowest {ocsp.SlowestSeconds * 1000:n0} ms"
            + (ocsp.RevokedAfterSeconds is { } after ? $", revoked after {after:n1} s" : "")
            + $"; peak memory {report.PeakMemoryMegabytes:n0} MB");
        Console.Out.WriteLine(
            $"失われたもの lost: {(report.Lost.Count == 0 ? "なし nothing" : string.Join("; ", report.Lost))}");
    }
}
