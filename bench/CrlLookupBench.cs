using System.Diagnostics;
using System.Security.Cryptography;
using Jpki.X509;
using static Jpki.Bench.ValidationPki;

namespace Jpki.Bench;

/// <summary>
/// Goal: finding a serial in a CRL of 1,000,000 entries takes at most 1 µs after one linear pass that does not
/// materialise it. The pass is shown beside hashing the same octets, which checking its signature takes anyway.
/// </summary>
internal static class CrlLookupBench
{
    private const int Entries = 1_000_000;
    private const int Lookups = 1_000_000;

    public static CrlLookupFigures Measure()
    {
        var authority = Issuer.WithRsa("Lists");
        var der = authority.List(Revoked()).Der;
        var serials = Enumerable.Range(0, Lookups).Select(i => Serial((int)((i * 7919L) % (2L * Entries)))).ToArray();
        GC.Collect();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var crl = Crl.Read(der);
        var (pass, _) = Time(() => crl.Index.Count);
        var megabytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / 1e6;
        var (hash, _) = Time(() => SHA256.HashData(der.Span).Length);
        var (lookups, found) = Time(() => serials.Count(s => crl.Index.Find(s, authority.Name) is not null));
        if (found != Lookups / 2)
            throw new InvalidOperationException($"{found} serials found");
        return new(der.Length / 1e6, pass.TotalSeconds, hash.TotalSeconds, megabytes,
            lookups.TotalMicroseconds / Lookups);
    }

    /// <summary>Even numbers, 16 octets, spread as the Authority's are.</summary>
    private static IEnumerable<RevokedEntry> Revoked() =>
        Enumerable.Range(0, Entries).Select(i => new RevokedEntry(Serial(2 * i), Start, 1));

    private static SerialNumber Serial(int i)
    {
        var octets = new byte[16];
        BitConverter.TryWriteBytes(octets.AsSpan(0, 4), unchecked(i * 0x9E3779B1u) & 0x7FFF_FFFF | 0x0100_0000);
        BitConverter.TryWriteBytes(octets.AsSpan(4, 4), i);
        octets[0] |= 1;
        octets[0] &= 0x7F;
        return SerialNumber.FromUnsigned(octets);
    }

    private static (TimeSpan Took, int Result) Time(Func<int> act)
    {
        var started = Stopwatch.GetTimestamp();
        var result = act();
        return (Stopwatch.GetElapsedTime(started), result);
    }
}

/// <summary>Seconds, megabytes, microseconds.</summary>
internal sealed record CrlLookupFigures(
    double Megabytes, double PassSeconds, double HashSeconds, double IndexMegabytes, double MicrosecondsEach)
{
    public override string ToString() =>
        $"""
        CRL of 1,000,000 entries      {MicrosecondsEach:n3} µs a serial  (goal 1), half of them revoked
          one pass over {Megabytes:n0} MB         {PassSeconds:n3} s  (hashing it: {HashSeconds:n3} s)
          kept for it                 {IndexMegabytes:n0} MB
        """;
}
