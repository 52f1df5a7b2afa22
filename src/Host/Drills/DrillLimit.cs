using System.Diagnostics;
using System.Security.Cryptography;

namespace Jpki.Host.Drills;

/// <summary>
/// The machine's limit: seconds to hash as many octets as the published lists have, to sign as often, and to write
/// those octets to disk once. An act on all lists cannot be faster.
/// </summary>
internal sealed record DrillLimit(int Lists, double Megabytes, double Hashing, double Signing, double Writing)
{
    private const int Piece = 1 << 20;

    public double Seconds => Hashing + Signing + Writing;

    /// <param name="objects">Where the Repository keeps what is published.</param>
    /// <param name="scratch">A file on the same disk, to be made and removed.</param>
    public static DrillLimit Measure(string objects, string scratch)
    {
        var files = new DirectoryInfo(objects).GetFiles();
        var octets = files.Sum(f => f.Length);
        var piece = new byte[Piece];
        return new(
            files.Length, octets / 1e6, Timed(() => Hash(piece, octets)), Timed(() => Sign(files.Length)),
            Timed(() => Write(scratch, piece, octets)));
    }

    private static void Hash(byte[] piece, long octets)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (; octets > 0; octets -= piece.Length)
            hash.AppendData(piece, 0, (int)Math.Min(piece.Length, octets));
        hash.GetHashAndReset();
    }

    private static void Sign(int times)
    {
        using var key = RSA.Create(2048);
        for (var i = 0; i < times; i++)
            key.SignHash(new byte[32], HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    private static void Write(string scratch, byte[] piece, long octets)
    {
        using FileStream file = new(
            scratch, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        for (; octets > 0; octets -= piece.Length)
            file.Write(piece, 0, (int)Math.Min(piece.Length, octets));
        file.Flush(flushToDisk: true);
    }

    private static double Timed(Action act)
    {
        var clock = Stopwatch.StartNew();
        act();
        return clock.Elapsed.TotalSeconds;
    }
}
