using System.Diagnostics;
using Jpki.Fuzz;
using Jpki.Tests.Rooms.X509.Paths;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.X509;

/// <summary>
/// The fuzzer's readers on the seeds that came with the project and on mutations of them: a short run. The long one is
/// <c>fuzz/run TARGET</c>; what it finds becomes a test here.
/// </summary>
public sealed class FuzzTests
{
    private const int Mutations = 20;
    private const int LargestMutated = 64 << 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(8);

    public static TheoryData<string> EveryReader => [.. Targets.All.Keys];

    [Theory, MemberData(nameof(EveryReader))]
    public void Seeds_and_their_mutations_are_read_or_refused(string reader)
    {
        var target = Targets.All[reader];
        var end = Stopwatch.GetTimestamp() + (long)(Budget.TotalSeconds * Stopwatch.Frequency);
        uint state = 1;

        foreach (var (name, seed) in Conformance.FuzzSeeds().Concat(Ours()))
        {
            Try(target, seed, name);
            for (var i = 0; i < Mutations && seed.Length is > 0 and <= LargestMutated; i++)
                Try(target, Mutate(seed, ref state), $"{name}, mutation {i}");
            if (Stopwatch.GetTimestamp() > end)
                return;
        }
    }

    private static void Try(Action<byte[]> target, byte[] input, string name)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            target(input);
        }
        catch (Exception e)
        {
            Assert.Fail($"{name}: {e}\n{Convert.ToBase64String(input.AsSpan(0, Math.Min(input.Length, 4096)))}");
        }
        Assert.True(Stopwatch.GetElapsedTime(started) < Patience, $"{name}: too long");
    }

    /// <summary>One of each kind that the readers are for.</summary>
    private static IEnumerable<(string Name, byte[] Content)> Ours()
    {
        using Hierarchy root = new("Root");
        var leaf = root.Leaf(
            Extensions.SubjectAltName(GeneralName.Of(GeneralNameKind.DnsName, "example.test")),
            Extensions.NameConstraints(new([GeneralName.Of(GeneralNameKind.DnsName, "test")], [])),
            Extensions.CertificatePolicies(true, new PolicyInformation("1.2.3", "https://example.test/")),
            Extensions.CrlDistributionPoints(root.Name));
        yield return ("our certificate", root.SelfSigned.Der.ToArray());
        yield return ("our holder's certificate", leaf.Der.ToArray());
        yield return ("our CRL", root.List(new RevokedEntry(leaf.Serial, Hierarchy.Start, 1)).Der.ToArray());
        yield return ("our OCSP answer", root.Answer(leaf, CertStatus.Good));
        yield return ("our commands to a card", Convert.FromHexString(
            "000700A4020C02001A" + "0006802A009A01AB" + "00070020009B024142" + "00040020009B" + "000500B0860000"
            + "00050084000010" + "0005FFCA000000"));
        yield return ("a card's answers", Convert.FromHexString(
            "00029000" + "00029000" + "00A2" + new string('3', 320) + "9000" + "00029000" + "0006308200019000"
            + "0003309000" + "00029000" + "000263C5"));
        foreach (var seed in Directory.EnumerateFiles(Path.Combine(House.Repo.Root, "fuzz", "seeds", "cmp")))
            yield return (Path.GetFileName(seed), File.ReadAllBytes(seed));
        var target = Convert.ToBase64String(leaf.Der.Span);
        yield return ("our question", System.Text.Encoding.ASCII.GetBytes(
            $$"""{"id":"x","target":"{{target}}","names":[{"kind":"DNS","value":"a"}]}"""));
    }

    /// <summary>Flips, writes over, cuts out or repeats a few octets.</summary>
    private static byte[] Mutate(byte[] seed, ref uint state)
    {
        var octets = seed.ToList();
        for (var i = 0; i < 3; i++)
        {
            var at = (int)(Next(ref state) % (uint)octets.Count);
            switch (Next(ref state) % 4)
            {
                case 0: octets[at] ^= (byte)(1 << (int)(Next(ref state) % 8)); break;
                case 1: octets[at] = (byte)(Next(ref state) & 0xFF); break;
                case 2: octets.InsertRange(at, octets.GetRange(at, Math.Min(8, octets.Count - at))); break;
                default: octets.RemoveRange(at, Math.Min(octets.Count - 1, Math.Min(4, octets.Count - at))); break;
            }
        }
        return [.. octets];
    }

    private static uint Next(ref uint state)
    {
        state = unchecked(state * 1664525u + 1013904223u);
        return state >> 8;
    }
}
