using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using Jpki.Cps;
using Jpki.Cps.Lint;
using Jpki.Hsm;
using Jpki.X509;

namespace Jpki.Bench;

/// <summary>
/// Goal: a CRL of 1,000,000 entries is linted, written, hashed and signed at half the speed at which as many octets can
/// be hashed, in memory that does not grow with the entries. Both are measured in turns.
/// </summary>
internal static class CrlBench
{
    private static readonly DateTimeOffset Start = new(2026, 4, 1, 0, 0, 0, TimeSpan.Zero);

    private const int Batch = 1024;

    public static CrlFigures Measure(int seconds, int entries)
    {
        using var rsa = RSA.Create(2048);
        IssuingKey key = new(SigningKey.FromPkcs8("governor", rsa.ExportPkcs8PrivateKey()));
        var file = Path.GetTempFileName();
        try
        {
            return Measure(key, file, TimeSpan.FromSeconds(seconds), entries);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static CrlFigures Measure(IssuingKey key, string file, TimeSpan duration, int entries)
    {
        var content = Content(key);
        List<double> written = [], filed = [], hashed = [];
        var few = Grown(() => Write(key, content, Stream.Null, entries / 100));
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < duration || written.Count < 5;)
        {
            hashed.Add(Timed(() => Hash(file)));
            written.Add(Timed(() => Write(key, content, Stream.Null, entries)));
            filed.Add(Timed(() =>
            {
                using FileStream output = new(file, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1);
                Write(key, content, output, entries);
            }));
        }
        hashed.RemoveAt(0);                                   // There was no file yet.
        var many = Grown(() => Write(key, content, Stream.Null, entries));
        return new(
            entries, new FileInfo(file).Length / 1e6, Median(hashed), Median(written), Median(filed), few / 1e3,
            many / 1e3);
    }

    /// <summary>Octets allocated on the way, all of them, whether or not they were freed.</summary>
    private static long Grown(Action act)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        act();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static CrlContent Content(IssuingKey key)
    {
        var names = PrefectureNames.Sandbox;
        CertificateFrame frame = new(
            SerialNumber.FromUnsigned([1]), Profiles.SelfSigned.ValidityFrom(Start), key.PublicKey);
        var linted = LintGate.Certificate(
            CertificateContents.SelfSigned(names, ProfileChoices.Default, frame, SignatureAlgorithm.Sha256WithRsa),
            CertificateKind.SelfSigned);
        IssuingAuthority issuer = new(names, ProfileChoices.Default, linted.Value!.Sign(key.Sign));
        return CrlContents.Of(
            issuer, CrlKind.Crl, 1, Start.AddDays(30), names.DistributionPointOf(Municipalities.All[0]));
    }

    private static void Write(IssuingKey key, CrlContent content, Stream output, int entries)
    {
        if (LintGate.Write(content, CrlKind.Crl, Revocations(entries), output, key.SignatureLength, key.Sign) is { } no)
            throw new InvalidOperationException(no.Reason);
    }

    /// <summary>
    /// Made-up revocations of a day, in batches that use the same memory again and again; only serial numbers differ.
    /// </summary>
    private static IEnumerable<ReadOnlyMemory<RevokedEntry>> Revocations(int entries)
    {
        const int Octets = 16;
        var serials = new byte[Batch * Octets];
        RevokedEntry[] batch = [.. Enumerable.Range(0, Batch).Select(i =>
        {
            serials[i * Octets] = 0x40;
            return new RevokedEntry(
                SerialNumber.FromBytes(serials.AsMemory(i * Octets, Octets)), Start.AddMinutes(i), 1 + i % 5);
        })];
        for (var first = 0; first < entries; first += Batch)
        {
            for (var i = 0; i < Batch; i++)
                BinaryPrimitives.WriteInt32BigEndian(serials.AsSpan(i * Octets + 8), first + i);
            yield return batch.AsMemory(0, Math.Min(Batch, entries - first));
        }
    }

    /// <summary>As many octets as the file has, out of a piece that stays in the cache.</summary>
    private static void Hash(string file)
    {
        var piece = new byte[1 << 16];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var left = new FileInfo(file).Length; left > 0; left -= piece.Length)
            hash.AppendData(piece.AsSpan(0, (int)Math.Min(left, piece.Length)));
        hash.GetHashAndReset();
    }

    private static double Timed(Action act)
    {
        var clock = Stopwatch.StartNew();
        act();
        return clock.Elapsed.TotalMilliseconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}

/// <summary>Milliseconds; kilobytes allocated for a hundredth of the entries and for all.</summary>
internal sealed record CrlFigures(
    int Entries, double Megabytes, double Hashed, double Written, double WrittenToFile, double KilobytesForFew,
    double KilobytesForAll)
{
    public override string ToString() =>
        $"""
        CRL of {Entries:n0} entries, {Megabytes:n1} MB
        SHA-256 of as many octets             {Hashed,8:n1} ms  (the machine's limit)
        linted, written, hashed and signed    {Written,8:n1} ms  {Hashed / Written:n2} of that speed (goal 0.50)
        the same to a new file                {WrittenToFile,8:n1} ms  {Hashed / WrittenToFile:n2}
        allocated on the way                  {KilobytesForAll,8:n0} kB (for a hundredth: {KilobytesForFew:n0} kB)
        """;
}
