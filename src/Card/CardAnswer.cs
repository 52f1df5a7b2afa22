using System.Buffers.Binary;

namespace Jpki.Card;

/// <summary>A card's answer: data, and the status word at its end. レスポンスAPDU (ISO/IEC 7816-4 5.1)</summary>
internal sealed record CardAnswer(byte[] Data, ushort Status)
{
    public static implicit operator CardAnswer(ushort status) => new([], status);

    public bool IsDone => Status == StatusWord.Done;

    public static CardAnswer Of(byte[] data) => new(data, StatusWord.Done);

    public static CardAnswer TriesLeft(int tries) => (ushort)(StatusWord.TriesLeft | tries);

    /// <exception cref="CardException">There is no status word.</exception>
    public static CardAnswer Read(ReadOnlySpan<byte> octets) => octets.Length >= 2
        ? new(octets[..^2].ToArray(), BinaryPrimitives.ReadUInt16BigEndian(octets[^2..]))
        : throw new CardException("カードの応答が短すぎます / the card's answer has no status word");

    public byte[] ToArray() => [.. Data, (byte)(Status >> 8), (byte)(Status & 0xFF)];

    /// <summary>Not the data: it may be part of a certificate, and so personal.</summary>
    public override string ToString() => $"{Status:X4}";
}
