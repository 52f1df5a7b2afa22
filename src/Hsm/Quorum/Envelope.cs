using System.Security.Cryptography;

namespace Jpki.Hsm.Quorum;

/// <summary>AES-256-GCM with its random nonce before and its tag behind. (NIST SP 800-38D)</summary>
internal static class Envelope
{
    private const int NonceSize = 12;
    private const int TagSize = 16;

    public static byte[] Seal(byte[] key, byte[] content, byte[] context, RandomNumberGenerator random)
    {
        var envelope = new byte[NonceSize + content.Length + TagSize];
        random.GetBytes(envelope, 0, NonceSize);
        using AesGcm aes = new(key, TagSize);
        aes.Encrypt(envelope.AsSpan(0, NonceSize), content, envelope.AsSpan(NonceSize, content.Length),
            envelope.AsSpan(NonceSize + content.Length), context);
        CryptographicOperations.ZeroMemory(key);
        return envelope;
    }

    /// <summary>Another key, other content or another context is a <see cref="CryptographicException"/>.</summary>
    public static byte[] Open(byte[] key, byte[] envelope, byte[] context)
    {
        if (envelope.Length < NonceSize + TagSize)
            throw new CryptographicException("it is too short for anything sealed");
        var content = new byte[envelope.Length - NonceSize - TagSize];
        using AesGcm aes = new(key, TagSize);
        aes.Decrypt(envelope.AsSpan(0, NonceSize), envelope.AsSpan(NonceSize, content.Length),
            envelope.AsSpan(NonceSize + content.Length), content, context);
        CryptographicOperations.ZeroMemory(key);
        return content;
    }
}
