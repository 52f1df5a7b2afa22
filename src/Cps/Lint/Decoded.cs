using Jpki.X509;

namespace Jpki.Cps.Lint;

/// <summary>
/// Extensions unpacked before. A generation's certificates differ in few of them, so most are found here by their
/// octets. The place is small and fixed: what comes later pushes out what lay there.
/// </summary>
internal static class Decoded
{
    private const int Places = 256;
    private const int LargestKept = 1024;

    private static readonly Entry?[] Kept = new Entry?[Places];

    public static T Of<T>(Extension extension, Func<Extension, T> read)
    {
        var octets = extension.Value.Span;
        if (octets.Length > LargestKept)
            return read(extension);
        HashCode hash = default;
        hash.AddBytes(octets);
        ref var place = ref Kept[hash.ToHashCode() & (Places - 1)];
        if (Volatile.Read(ref place) is { Value: T known } entry && entry.Oid == extension.Oid
            && octets.SequenceEqual(entry.Octets))
        {
            return known;
        }
        var value = read(extension);
        Volatile.Write(ref place, new(extension.Oid, octets.ToArray(), value!));
        return value;
    }

    private sealed record Entry(string Oid, byte[] Octets, object Value);
}
