using System.Security.Cryptography;
using System.Text;

namespace Jpki.Counter;

/// <summary>
/// Bytes that follow from a seed, the same everywhere: AES-256 in counter mode under the SHA-256 of the seed. For
/// made-up data only, never for a key.
/// </summary>
internal sealed class SeededRandom : RandomNumberGenerator
{
    private readonly byte[] counters = new byte[4096];
    private readonly byte[] block = new byte[4096];
    private readonly Aes aes = Aes.Create();
    private ulong next;
    private int used;

    public SeededRandom(string seed)
    {
        aes.Key = SHA256.HashData(Encoding.UTF8.GetBytes(seed));
        used = block.Length;
    }

    /// <summary>
    /// 0 … <paramref name="count"/> − 1. The bias of the remainder does not matter for made-up people.
    /// </summary>
    public int Below(int count)
    {
        Span<byte> four = stackalloc byte[4];
        GetBytes(four);
        return (int)(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(four) % (uint)count);
    }

    /// <summary>True once in <paramref name="count"/> times.</summary>
    public bool OneIn(int count) => Below(count) == 0;

    public T Pick<T>(IReadOnlyList<T> from) => from[Below(from.Count)];

    public override void GetBytes(byte[] data) => GetBytes(data.AsSpan());

    public override void GetBytes(Span<byte> data)
    {
        while (!data.IsEmpty)
        {
            if (used == block.Length)
                Refill();
            var length = Math.Min(data.Length, block.Length - used);
            block.AsSpan(used, length).CopyTo(data);
            used += length;
            data = data[length..];
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            aes.Dispose();
        base.Dispose(disposing);
    }

    private void Refill()
    {
        for (var i = 0; i < counters.Length; i += 16)
            System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(counters.AsSpan(i + 8), next++);
        aes.EncryptEcb(counters, block, PaddingMode.None);
        used = 0;
    }
}
