using System.Diagnostics;
using System.Security.Cryptography;
using Jpki.X509;
using Jpki.X509.Paths;
using static Jpki.Bench.ValidationPki;

namespace Jpki.Bench;

/// <summary>
/// Goal: four certificates with three CRLs, RSA-2048: cold ≥ 0.90 of what its six signature checks allow; warm, with
/// another leaf each time, ≥ 0.60 of what one allows; two threads ≥ 1.8 × one. The certificate asked about is read from
/// its octets each time. Beside each figure the same signature checks alone, measured in turns with it.
/// </summary>
internal sealed class ValidationBench
{
    private const int Leaves = 2000;
    private const int Rounds = 9;
    private static readonly TimeSpan WarmingUp = TimeSpan.FromSeconds(4);

    private readonly Certificate[] leaves;
    private readonly byte[][] ders;
    private readonly PathPool pool;
    private readonly PublicKey issuerKey;
    private readonly IReadOnlyList<Func<bool>> sixChecks;

    public ValidationBench()
    {
        var (root, middle, issuing) =
            (Issuer.WithRsa("Root"), Issuer.WithRsa("Middle"), Issuer.WithRsa("Issuing"));
        var anchor = root.Certify(root.Name, root.Key, isCa: true);
        var second = root.Certify(middle.Name, middle.Key, isCa: true);
        var third = middle.Certify(issuing.Name, issuing.Key, isCa: true);
        using var holder = RSA.Create(2048);
        var key = PublicKey.From(holder);
        leaves = [.. Enumerable.Range(0, Leaves).Select(i =>
            issuing.Certify(Name.Of(("C", "JP"), ("L", "Saitama-ken"), ("CN", $"{i}")), key, isCa: false))];
        ders = [.. leaves.Select(l => l.Der.ToArray())];
        Crl[] crls = [.. new[] { root, middle, issuing }.Select(a => a.List(
            Enumerable.Range(50_000, 100).Select(i => new RevokedEntry(
                SerialNumber.FromUnsigned(BitConverter.GetBytes(i).Reverse().ToArray()), Start, 1))))];
        pool = new([anchor], [second, third], crls);
        issuerKey = issuing.Key;
        sixChecks =
        [
            () => second.IsSignedBy(root.Key),
            () => third.IsSignedBy(middle.Key),
            () => leaves[0].IsSignedBy(issuerKey),
            () => crls[0].IsSignedBy(root.Key),
            () => crls[1].IsSignedBy(middle.Key),
            () => crls[2].IsSignedBy(issuerKey),
        ];
    }

    public ValidationFigures Measure()
    {
        // The compiler watches for some seconds before it writes its best code.
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < WarmingUp;)
        {
            Cold(200);
            Warm(1);
        }
        List<(double Floor, double Rate)> cold = [], warm = [], two = [], rawTwo = [];
        for (var i = 0; i < Rounds; i++)
        {
            cold.Add((Rate(600, _ => sixChecks.All(check => check())), Cold(600)));
            warm.Add((Rate(Leaves, n => leaves[n].IsSignedBy(issuerKey)), Warm(1)));
            two.Add((Warm(1), Warm(2)));
            rawTwo.Add((Raw(1), Raw(2)));
        }
        return new(Median(cold), Median(warm), Median(two), Median(rawTwo).Ratio);
    }

    private double Cold(int times) => Rate(times, n =>
    {
        PathValidator validator = new(new(16), TimeProvider.System, new());
        return Ask(validator, ders[n % Leaves]);
    });

    /// <summary>Everybody's first leaf warms up; then each leaf is new. Every thread has its share of them.</summary>
    private double Warm(int threads)
    {
        PathValidator validator = new(TimeProvider.System);
        Ask(validator, ders[0]);
        return Shared(threads, n => Ask(validator, ders[n]));
    }

    private double Raw(int threads) => Shared(threads, n => leaves[n].IsSignedBy(issuerKey));

    private static double Shared(int threads, Action<int> act)
    {
        var share = (Leaves - 1) / threads;
        var started = Stopwatch.GetTimestamp();
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(t => new Thread(() =>
        {
            for (var n = 1 + t * share; n <= (t + 1) * share; n++)
                act(n);
        }))];
        Array.ForEach(workers, w => w.Start());
        Array.ForEach(workers, w => w.Join());
        return share * threads / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private bool Ask(PathValidator validator, byte[] der)
    {
        var answer = validator.Validate(pool, new() { Target = Certificate.Read(der), At = Start.AddDays(1) });
        return answer.IsValid ? true : throw new InvalidOperationException($"{answer.Objection}");
    }

    private static double Rate(int times, Func<int, bool> act)
    {
        var started = Stopwatch.GetTimestamp();
        for (var n = 0; n < times; n++)
        {
            if (!act(n))
                throw new InvalidOperationException("a signature that is right was refused");
        }
        return times / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>The round whose ratio is the median.</summary>
    private static RatioFigure Median(List<(double Floor, double Rate)> rounds)
    {
        var middle = rounds.OrderBy(r => r.Rate / r.Floor).ElementAt(rounds.Count / 2);
        return new(middle.Rate, middle.Floor, middle.Rate / middle.Floor);
    }
}

/// <summary>A rate per second, the limit's, and the one by the other.</summary>
internal sealed record RatioFigure(double PerSecond, double LimitPerSecond, double Ratio);

/// <summary>Also how much faster two threads are than one at signature checks alone.</summary>
internal sealed record ValidationFigures(
    RatioFigure Cold, RatioFigure Warm, RatioFigure TwoThreads, double RawTwoThreads)
{
    public override string ToString() => $"""
        {Line("cold, six signature checks", Cold, "limit", 0.90)}
        {Line("warm, one signature check", Warm, "limit", 0.60)}
        {Line("warm, two threads", TwoThreads, "one thread", 1.80)}
          two threads, signature checks alone: {RawTwoThreads:n2}
        """;

    private static string Line(string what, RatioFigure figure, string limit, double goal) =>
        $"{what,-29} {figure.PerSecond:n0} /s  "
        + $"({limit} {figure.LimitPerSecond:n0}, ratio {figure.Ratio:n2}, goal {goal:n2})";
}
