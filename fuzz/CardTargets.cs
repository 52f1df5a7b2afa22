using System.Buffers.Binary;
using System.Security.Cryptography;
using Jpki.Card;
using Jpki.Card.Readers;

namespace Jpki.Fuzz;

/// <summary>
/// Both ends of a card reader. The input is messages as vpcd frames them: two octets of length, and as many octets.
/// </summary>
public static class CardTargets
{
    private static readonly RandomNumberGenerator Random = RandomNumberGenerator.Create();

    private static readonly CardImage Image = Keyed();

    /// <summary>A card answers every command. It has no password: hashing would be all the fuzzer does.</summary>
    public static void Commands(byte[] octets)
    {
        using CardApplication card = new(Image, _ => { }, Random);
        card.Transmit([0x00, 0xA4, 0x04, 0x0C, 0x0A, .. CardApplication.Identifier]);
        foreach (var command in Messages(octets))
            card.Transmit(command);
    }

    /// <summary>A client at a card that answers anything. It may refuse the card, and nothing else.</summary>
    public static void Answers(byte[] octets)
    {
        using FalseCard card = new(Messages(octets));
        try
        {
            var session = CardSession.Open(card);
            session.Describe();
            session.Verify(KeyPurpose.Sign, "ABC123");
            session.Certificate(KeyPurpose.Sign);
        }
        catch (CardException)
        {
            // Not one of our cards.
        }
    }

    private static Queue<byte[]> Messages(byte[] octets)
    {
        Queue<byte[]> messages = [];
        for (var at = 0; at + sizeof(ushort) <= octets.Length;)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(octets.AsSpan(at));
            at += sizeof(ushort);
            messages.Enqueue(octets[at..Math.Min(octets.Length, at + length)]);
            at += length;
        }
        return messages;
    }

    private static CardImage Keyed()
    {
        using var key = RSA.Create(1024);
        var slot = KeySlot.Blank with { PrivateKey = key.ExportPkcs8PrivateKey() };
        return CardImage.Blank("0123456789ABCDEF", DeviceKey.Of(new byte[DeviceKey.Size], "")) with { Sign = slot };
    }

    private sealed class FalseCard(Queue<byte[]> answers) : ICardReader
    {
        public byte[] Transmit(ReadOnlySpan<byte> command) =>
            answers.TryDequeue(out var answer) ? answer : throw new CardRemovedException("no more answers");

        public void Dispose()
        {
        }
    }
}
