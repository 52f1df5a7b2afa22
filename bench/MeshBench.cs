using System.Diagnostics;
using Jpki.X509;
using Jpki.X509.Paths;
using static Jpki.Bench.ValidationPki;

namespace Jpki.Bench;

/// <summary>
/// Goal: in a generated mesh of 100 CAs, every question is answered within 5 ms at p99. Each CA certifies six others at
/// random, one certificate in five is expired, one in ten revoked; each question is about a leaf of a CA chosen at
/// random, with nothing remembered. Beside it one signature check of the same kind.
/// </summary>
internal static class MeshBench
{
    private const int Authorities = 100;
    private const int Degree = 6;
    private const int Questions = 1000;
    private const int P99 = Questions * 99 / 100;

    public static MeshFigures Measure(int seed = 1)
    {
        Dice dice = new(seed);
        Issuer[] authorities = [.. Enumerable.Range(0, Authorities).Select(i => Issuer.WithEcdsa($"CA {i}"))];
        var anchor = authorities[0].Certify(authorities[0].Name, authorities[0].Key, isCa: true);
        var revoked = authorities.ToDictionary(a => a, _ => new List<RevokedEntry>());
        List<Certificate> cross = [];
        foreach (var issuer in authorities)
        {
            for (var i = 0; i < Degree; i++)
            {
                var subject = authorities[dice.Next(Authorities)];
                var certificate = issuer.Certify(
                    subject.Name, subject.Key, isCa: true, days: dice.Next(5) == 0 ? 0 : 3650);
                cross.Add(certificate);
                if (dice.Next(10) == 0)
                    revoked[issuer].Add(new(certificate.Serial, Start, 1));
            }
        }
        PathPool pool = new([anchor], cross, authorities.Select(a => a.List(revoked[a])));
        Certificate[] leaves = [.. authorities.Select(a => a.Certify(Name.Of(("CN", "leaf")), a.Key, isCa: false))];
        return Ask(pool, leaves, dice);
    }

    private static MeshFigures Ask(PathPool pool, Certificate[] leaves, Dice dice)
    {
        List<double> times = [], processor = [];
        var (valid, checks) = (0, 0);
        using var self = Process.GetCurrentProcess();
        for (var i = -200; i < Questions; i++)
        {
            var leaf = leaves[dice.Next(leaves.Length)];
            self.Refresh();
            var (started, used) = (Stopwatch.GetTimestamp(), self.TotalProcessorTime);
            var answer = new PathValidator(TimeProvider.System)
                .Validate(pool, new() { Target = leaf, At = Start.AddDays(1) });
            if (i < 0)
                continue;
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            self.Refresh();
            processor.Add((self.TotalProcessorTime - used).TotalMilliseconds);
            checks = Math.Max(checks, answer.SignatureChecks);
            valid += answer.IsValid ? 1 : 0;
        }
        times.Sort();
        processor.Sort();
        return new(times[Questions / 2], times[P99], processor[P99], checks, (double)valid / Questions,
            OneCheck(leaves[0]));
    }

    private static double OneCheck(Certificate leaf)
    {
        var key = leaf.PublicKey; // the leaf has its issuer's key here
        leaf.IsSignedBy(key);
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < 1000; i++)
            leaf.IsSignedBy(key);
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds / 1000;
    }

    /// <summary>The same throws in every run.</summary>
    private sealed class Dice(int seed)
    {
        private uint state = (uint)seed;

        public int Next(int sides)
        {
            state = unchecked(state * 1664525 + 1013904223);
            return (int)((state >> 8) % (uint)sides);
        }
    }
}

/// <summary>Milliseconds, the most signature checks of any question, and the share answered with yes.</summary>
internal sealed record MeshFigures(
    double P50, double P99, double ProcessorP99, int MostChecks, double ValidShare, double OneCheck)
{
    public override string ToString() => $"""
        mesh of 100 CAs               p50 {P50:n2} ms, p99 {P99:n2} ms (goal 5), of processor time {ProcessorP99:n2} ms
          {ValidShare:p0} valid, at most {MostChecks} signature checks; one alone {OneCheck:n3} ms
        """;
}
