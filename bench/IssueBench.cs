using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using Jpki.Counter;
using Jpki.Cps;
using Jpki.Host;
using Jpki.Host.Commands;

namespace Jpki.Bench;

/// <summary>
/// Goals: from the officer's last click to the certificate on the virtual card 300 ms at most, one at a time; 63
/// municipalities with 5 terminals each at once, p99 2 s, nothing lost. A whole prefecture in a process of its own, by
/// its doors; key pairs are made before. Beside it raw RSA-2048 signatures on all cores in the same run.
/// </summary>
internal static class IssueBench
{
    private const int Port = 37_000;
    private const string Password = "CARD42PASS";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <param name="terminals">In each municipality.</param>
    /// <param name="seconds">For the raw signatures.</param>
    public static async Task<IssueFigures> Measure(int terminals, double seconds)
    {
        var data = Directory.CreateTempSubdirectory("jpki-bench-").FullName;
        string[] up = ["up", "--data", data, "--port", $"{Port}", "--residents", "9000", "--seed", "7"];
        var program = Path.Combine(AppContext.BaseDirectory, "jpki.dll");
        ProcessStartInfo start = new("dotnet", [program, .. up]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        try
        {
            string? line;
            do
                line = await process.StandardOutput.ReadLineAsync();
            while (line is not (null or "ready"));
            return await Measure(data, process, terminals, seconds);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task<IssueFigures> Measure(
        string data, Process process, int terminals, double seconds)
    {
        using SandboxClient sandbox = new(Endpoints.Read(data));
        ConcurrentBag<Prepared> prepared = [];
        await Parallel.ForEachAsync(Municipalities.All, async (municipality, _) =>
        {
            foreach (var application in await Prepare(sandbox, municipality.Code5, terminals))
                prepared.Add(application);
        });
        Console.Error.WriteLine("key pairs are made; one at a time");
        List<double> alone = [];
        foreach (var application in prepared.Where(p => p.Number == terminals))
            alone.Add(await Click(application));
        Console.Error.WriteLine($"all at once, process {process.Id}");
        var before = process.TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        var rush = await Task.WhenAll(prepared.Where(p => p.Number < terminals).Select(Click));
        var took = clock.Elapsed.TotalSeconds;
        process.Refresh();
        var worked = process.TotalProcessorTime - before;
        return new(
            At(alone, 0.5), At(alone, 0.99), At(rush, 0.5), At(rush, 0.99), At(rush, 0.999), rush.Length,
            rush.Count(double.IsPositiveInfinity), rush.Length / took, worked.TotalMilliseconds / rush.Length,
            RawSignatures(seconds), process.PeakWorkingSet64 / 1e6);
    }

    /// <summary>One municipality's applications, up to the made key pair.</summary>
    private static async Task<List<Prepared>> Prepare(SandboxClient sandbox, string municipality, int terminals)
    {
        var counter = await CounterVisit.LogIn(sandbox, municipality);
        var today = JapanTime.DayOf(await sandbox.Now());
        var residents = await counter.Get<Resident[]>($"residents?withoutCertificate=true&limit={terminals + 1}");
        List<Prepared> prepared = [];
        foreach (var resident in residents)
        {
            var form = CounterVisit.FormOf(resident, today);
            var at = $"applications/{(await counter.Post<IssuanceApplication>("applications", form)).Id}";
            await counter.Post<IssuanceApplication>($"{at}/match");
            await counter.Post<IssuanceApplication>($"{at}/identity", CounterVisit.Evidence(today));
            var handOver = await counter.Post<HandOver>($"{at}/hand-over");
            await counter.Post<KeyPairMade>(
                "device/key-pair", new DeviceForm(handOver.Code, Password, Password, KeyKind.Rsa2048));
            prepared.Add(new(counter, at, prepared.Count));
        }
        return prepared.Count == terminals + 1
            ? prepared
            : throw new InvalidOperationException($"{municipality} has too few residents");
    }

    /// <summary>The last click; milliseconds until the certificate is on the card, infinite if never.</summary>
    private static async Task<double> Click(Prepared prepared)
    {
        var clock = Stopwatch.StartNew();
        var application = await prepared.Counter.Post<IssuanceApplication>($"{prepared.At}/notice");
        while (application.State == ApplicationState.Waiting && clock.Elapsed < Patience)
        {
            await Task.Delay(20);
            application = await prepared.Counter.Get<IssuanceApplication>(prepared.At);
        }
        return application.State == ApplicationState.Issued
            ? clock.Elapsed.TotalMilliseconds
            : double.PositiveInfinity;
    }

    /// <summary>Signatures a second, every core with a key of its own.</summary>
    private static double RawSignatures(double seconds)
    {
        var hash = SHA256.HashData("a certificate"u8);
        long made = 0;
        Parallel.For(0, Environment.ProcessorCount, _ =>
        {
            using var key = RSA.Create(2048);
            var clock = Stopwatch.StartNew();
            while (clock.Elapsed.TotalSeconds < seconds)
            {
                key.SignHash(hash, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
                Interlocked.Increment(ref made);
            }
        });
        return made / seconds;
    }

    private static double At(IReadOnlyCollection<double> times, double quantile) =>
        times.Order().ElementAt((int)Math.Ceiling(quantile * times.Count) - 1);

    private sealed record Prepared(CounterVisit Counter, string At, int Number);
}

/// <summary>Milliseconds, and certificates or signatures a second.</summary>
internal sealed record IssueFigures(
    double AloneP50, double AloneP99, double RushP50, double RushP99, double RushP999, int AtOnce, int Lost,
    double IssuedPerSecond, double ProcessorMilliseconds, double RawSignaturesPerSecond, double PeakMegabytes)
{
    public override string ToString() =>
        $"""
        one at a time  p50 {AloneP50:n0} ms, p99 {AloneP99:n0} ms  (goal 300)
        {AtOnce} at once    p50 {RushP50:n0} ms, p99 {RushP99:n0} ms, p99.9 {RushP999:n0} ms  (goal p99 2000)
        lost           {Lost}  (goal 0)
        throughput     {IssuedPerSecond:n0} certificates/s, {IssuedPerSecond / RawSignaturesPerSecond:n3} of the limit
        processor time {ProcessorMilliseconds:n1} ms a certificate, all rooms together
        raw RSA-2048   {RawSignaturesPerSecond:n0} signatures/s, all cores (the machine's limit)
        peak memory    {PeakMegabytes:n0} MB
        """;
}
