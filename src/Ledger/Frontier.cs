using System.Numerics;
using System.Security.Cryptography;

namespace Jpki.Ledger;

/// <summary>
/// The right edge of an RFC 6962 tree: the roots of its perfect subtrees, largest first. All a log must remember.
/// </summary>
internal sealed class Frontier
{
    public const int HashSize = SHA256.HashSizeInBytes;

    private readonly byte[] hashes = new byte[64 * HashSize];
    private int depth;

    public long Size { get; private set; }

    public ReadOnlySpan<byte> Hashes => hashes.AsSpan(0, depth * HashSize);

    public static Frontier Restore(long size, ReadOnlySpan<byte> hashes)
    {
        var restored = new Frontier { Size = size, depth = BitOperations.PopCount((ulong)size) };
        if (size < 0 || hashes.Length != restored.depth * HashSize)
            throw new FormatException("the frontier does not fit the tree's size");
        hashes.CopyTo(restored.hashes);
        return restored;
    }

    /// <summary>RFC 6962 2.1: SHA-256(0x00 || entry).</summary>
    public static void HashLeaf(ReadOnlySpan<byte> entry, Span<byte> hash)
    {
        Span<byte> input = entry.Length < 1024 ? stackalloc byte[entry.Length + 1] : new byte[entry.Length + 1];
        input[0] = 0;
        entry.CopyTo(input[1..]);
        SHA256.HashData(input, hash);
    }

    /// <summary>RFC 6962 2.1: SHA-256(0x01 || left || right); <paramref name="hash"/> may be one of the two.</summary>
    public static void HashNode(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> hash)
    {
        Span<byte> input = stackalloc byte[1 + HashSize + HashSize];
        input[0] = 1;
        left.CopyTo(input[1..]);
        right.CopyTo(input[(1 + HashSize)..]);
        SHA256.HashData(input, hash);
    }

    public Frontier Copy() => Restore(Size, Hashes);

    public void Append(ReadOnlySpan<byte> leafHash)
    {
        leafHash.CopyTo(hashes.AsSpan(depth++ * HashSize));
        for (var merges = BitOperations.TrailingZeroCount(~Size); merges > 0; merges--)
        {
            depth--;
            HashNode(At(depth - 1), At(depth), At(depth - 1));
        }
        Size++;
    }

    public byte[] Root()
    {
        if (depth == 0)
            return SHA256.HashData([]);
        var root = At(depth - 1).ToArray();
        for (var i = depth - 2; i >= 0; i--)
            HashNode(At(i), root, root);
        return root;
    }

    private Span<byte> At(int index) => hashes.AsSpan(index * HashSize, HashSize);
}
