using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Jpki.X509.Paths;

/// <summary>SHA-256 of something.</summary>
internal readonly record struct Digest(ulong A, ulong B, ulong C, ulong D)
{
    public static Digest Of(ReadOnlySpan<byte> octets)
    {
        Span<ulong> words = stackalloc ulong[SHA256.HashSizeInBytes / sizeof(ulong)];
        SHA256.HashData(octets, MemoryMarshal.AsBytes(words));
        return new(words[0], words[1], words[2], words[3]);
    }

    /// <summary>A good digest is its own hash code.</summary>
    public override int GetHashCode() => unchecked((int)A);
}

/// <summary>
/// Verdicts on signatures, by the digests of what is signed and of the key; for any number of questions and threads.
/// A signature does not change its mind, so nothing ever becomes stale; the older half is dropped when it is full.
/// </summary>
public sealed class SignatureMemory(int capacity = SignatureMemory.DefaultCapacity)
{
    /// <summary>Some hundred octets each.</summary>
    public const int DefaultCapacity = 1 << 16;

    private ConcurrentDictionary<(Digest, Digest), bool> young = new();
    private ConcurrentDictionary<(Digest, Digest), bool> old = new();

    /// <summary>Young entries, counted here because asking the dictionary would lock it.</summary>
    private int count;

    internal bool? Find(Digest signed, PublicKey key) =>
        young.TryGetValue((signed, key.Digest), out var verdict) || old.TryGetValue((signed, key.Digest), out verdict)
            ? verdict : null;

    internal void Remember(Digest signed, PublicKey key, bool verdict)
    {
        if (Interlocked.Increment(ref count) > capacity / 2)
        {
            old = young;
            young = new();
            count = 0;
        }
        young[(signed, key.Digest)] = verdict;
    }
}
