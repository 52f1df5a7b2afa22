using System.Buffers.Binary;
using System.Security.Cryptography;
using Jpki.X509;

namespace Jpki.Forms;

/// <summary>
/// Serial numbers that nobody can guess, that never repeat and that still count: the AES-128 encryption of one block,
/// 4 bytes of generation, 4 bytes of zero, 8 bytes of counter, big-endian. シリアル番号
/// </summary>
public sealed class SerialCipher : IDisposable
{
    public const int KeyBytes = 16;

    private const int BlockBytes = 16;

    private readonly Aes aes = Aes.Create();

    public SerialCipher(byte[] key)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeyBytes);
        aes.Key = key;
    }

    public SerialNumber Encrypt(int generation, long counter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(generation, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(counter, 1);
        Span<byte> block = stackalloc byte[BlockBytes];
        BinaryPrimitives.WriteInt32BigEndian(block, generation);
        block[4..8].Clear();
        BinaryPrimitives.WriteInt64BigEndian(block[8..], counter);
        Span<byte> serial = stackalloc byte[BlockBytes];
        // One-shot calls keep no state in the Aes object: threads may share it.
        aes.EncryptEcb(block, serial, PaddingMode.None);
        return SerialNumber.FromUnsigned(serial);
    }

    /// <summary>Which certificate a serial number stands for; false when it is none of this key's.</summary>
    public bool TryDecrypt(SerialNumber serial, out int generation, out long counter)
    {
        (generation, counter) = (0, 0);
        Span<byte> block = stackalloc byte[BlockBytes];
        if (!TryPad(serial.Bytes.Span, block))
            return false;
        Span<byte> clear = stackalloc byte[BlockBytes];
        aes.DecryptEcb(block, clear, PaddingMode.None);
        generation = BinaryPrimitives.ReadInt32BigEndian(clear);
        counter = BinaryPrimitives.ReadInt64BigEndian(clear[8..]);
        if (generation >= 1 && counter >= 1 && !clear[4..8].ContainsAnyExcept((byte)0))
            return true;
        (generation, counter) = (0, 0);
        return false;
    }

    public void Dispose() => aes.Dispose();

    /// <summary>INTEGER contents to a block: without the sign octet, with the zeros that DER leaves out.</summary>
    private static bool TryPad(ReadOnlySpan<byte> integer, Span<byte> block)
    {
        if (integer.IsEmpty || integer[0] >= 0x80)
            return false;
        if (integer.Length > BlockBytes)
        {
            if (integer.Length > BlockBytes + 1 || integer[0] != 0)
                return false;
            integer = integer[1..];
        }
        block.Clear();
        integer.CopyTo(block[^integer.Length..]);
        return true;
    }
}
