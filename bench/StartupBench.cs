using System.Diagnostics;

namespace Jpki.Bench;

/// <summary>
/// Goal: first start to <c>ready</c> within 10 s after the build, later starts within 3 s, at most 300 MB at rest, on
/// 2 cores. Beside them the machine's own limit: how long the runtime takes to start and stop doing nothing.
/// </summary>
internal static class StartupBench
{
    private const int Port = 38_000;

    public static async Task<StartupFigures> Measure()
    {
        var data = Directory.CreateTempSubdirectory("jpki-bench-").FullName;
        try
        {
            var empty = await Timed(["--help"], line => false);
            var first = await Timed(["up", "--data", data, "--port", $"{Port}"], line => line == "ready");
            var later = await Timed(["up", "--data", data, "--port", $"{Port}"], line => line == "ready");
            return new(first.Took.TotalSeconds, later.Took.TotalSeconds, later.Megabytes, empty.Took.TotalSeconds);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    /// <summary>Runs jpki until a line says it is far enough, or to its end; then stops it.</summary>
    private static async Task<(TimeSpan Took, double Megabytes)> Timed(string[] arguments, Func<string, bool> isEnough)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "jpki.dll");
        ProcessStartInfo start = new("dotnet", [program, .. arguments]) { RedirectStandardOutput = true };
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!isEnough(line))
                continue;
            var took = clock.Elapsed;
            await Task.Delay(TimeSpan.FromSeconds(2));        // At rest.
            process.Refresh();
            var megabytes = process.WorkingSet64 / 1e6;
            process.Kill();
            await process.WaitForExitAsync();
            return (took, megabytes);
        }
        await process.WaitForExitAsync();
        return (clock.Elapsed, 0);
    }
}

/// <summary>Seconds and megabytes.</summary>
internal sealed record StartupFigures(double FirstStart, double LaterStart, double MegabytesAtRest, double EmptyCommand)
{
    public override string ToString() =>
        $"""
        first start to ready  {FirstStart:n2} s  (goal 10; {FirstStart / EmptyCommand:n1} x an empty command)
        later start to ready  {LaterStart:n2} s  (goal 3; {LaterStart / EmptyCommand:n1} x an empty command)
        at rest               {MegabytesAtRest:n0} MB (goal 300)
        empty command         {EmptyCommand:n2} s  (the machine's limit: the runtime starts, prints, ends)
        """;
}
