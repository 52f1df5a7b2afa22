namespace Jpki.Card.Readers;

/// <summary>
/// A reader with a card in it: a file on this machine, or whatever PC/SC knows. One at a time talks to the card until
/// it is disposed of, and then the card forgets who was there. カードリーダー
/// </summary>
public interface ICardReader : IDisposable
{
    /// <summary>One command APDU (ISO/IEC 7816-4), and the card's answer with its status word.</summary>
    /// <exception cref="CardRemovedException">The card is gone.</exception>
    /// <exception cref="CardException">The reader or the card is broken.</exception>
    byte[] Transmit(ReadOnlySpan<byte> command);
}
