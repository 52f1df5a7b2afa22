using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Jpki.Card;

/// <summary>
/// What a card and a key pair device say to each other once both have proved the device key: AES-256-GCM, a key for
/// each direction, a number for each command. Ours, not the standard's; the README tells it step by step.
/// </summary>
internal sealed class AdminChannel : IDisposable
{
    public const int ChallengeLength = 16;
    public const int ProofLength = HMACSHA256.HashSizeInBytes;
    public const int TagLength = 16;

    private readonly AesGcm toCard;
    private readonly AesGcm fromCard;
    private uint commands;

    public AdminChannel(DeviceKey device, ReadOnlySpan<byte> cardChallenge, ReadOnlySpan<byte> deviceChallenge)
    {
        var keys = HKDF.DeriveKey(
            HashAlgorithmName.SHA256, device.Octets, 64, [.. cardChallenge, .. deviceChallenge],
            "jpki card"u8.ToArray());
        toCard = new(keys.AsSpan(0, 32), TagLength);
        fromCard = new(keys.AsSpan(32), TagLength);
        CryptographicOperations.ZeroMemory(keys);
    }

    public static byte[] DeviceProof(DeviceKey key, ReadOnlySpan<byte> cardChallenge, ReadOnlySpan<byte> device) =>
        key.Prove("device"u8, cardChallenge, device);

    public static byte[] CardProof(DeviceKey key, ReadOnlySpan<byte> cardChallenge, ReadOnlySpan<byte> device) =>
        key.Prove("card"u8, cardChallenge, device);

    /// <summary>The device's side: the next command's data, bound to its header.</summary>
    public byte[] Seal(ReadOnlySpan<byte> header, ReadOnlySpan<byte> data)
    {
        commands = checked(commands + 1);
        return Seal(toCard, header, data);
    }

    /// <summary>The card's side: what the device said; null when not from it, or not its next command.</summary>
    public byte[]? Open(ReadOnlySpan<byte> header, ReadOnlySpan<byte> sealedData)
    {
        commands = checked(commands + 1);
        return Open(toCard, header, sealedData);
    }

    /// <summary>The card's side: a receipt for the last command, so that nobody else can say it was done.</summary>
    public byte[] SealReceipt(ushort status) => Seal(fromCard, Octets(status), []);

    /// <summary>The device's side.</summary>
    public bool IsReceipt(ushort status, ReadOnlySpan<byte> receipt) => Open(fromCard, Octets(status), receipt) is [];

    public void Dispose()
    {
        toCard.Dispose();
        fromCard.Dispose();
    }

    private byte[] Seal(AesGcm key, ReadOnlySpan<byte> bound, ReadOnlySpan<byte> data)
    {
        var sealedData = new byte[data.Length + TagLength];
        key.Encrypt(Nonce(), data, sealedData.AsSpan(0, data.Length), sealedData.AsSpan(data.Length), bound);
        return sealedData;
    }

    private byte[]? Open(AesGcm key, ReadOnlySpan<byte> bound, ReadOnlySpan<byte> sealedData)
    {
        if (sealedData.Length < TagLength)
            return null;
        var data = new byte[sealedData.Length - TagLength];
        try
        {
            key.Decrypt(Nonce(), sealedData[..data.Length], sealedData[data.Length..], data, bound);
            return data;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    /// <summary>The command's number: with a key for each session and direction, no nonce comes twice.</summary>
    private byte[] Nonce()
    {
        var nonce = new byte[AesGcm.NonceByteSizes.MinSize];
        BinaryPrimitives.WriteUInt32BigEndian(nonce.AsSpan(nonce.Length - sizeof(uint)), commands);
        return nonce;
    }

    private static byte[] Octets(ushort status) => [(byte)(status >> 8), (byte)(status & 0xFF)];
}
