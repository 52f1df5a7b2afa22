using System.Security.Cryptography;

namespace Jpki.Card.Readers;

/// <summary>A card's file as a card in this process. What it remembers is on disk before it answers.</summary>
public sealed class VirtualReader : ICardReader
{
    private readonly FileStream alone;
    private readonly CardApplication card;

    /// <param name="path">The card's file.</param>
    /// <param name="random">The card's own randomness.</param>
    /// <exception cref="FormatException">The file is no card.</exception>
    /// <exception cref="CardException">The card is in another reader.</exception>
    public VirtualReader(string path, RandomNumberGenerator random)
    {
        alone = TakeAlone(path);
        try
        {
            card = new(CardImage.Read(path), next => next.Write(path), random);
        }
        catch
        {
            alone.Dispose();
            throw;
        }
    }

    public byte[] Transmit(ReadOnlySpan<byte> command) => card.Transmit(command);

    public void Reset() => card.Reset();

    public void Dispose()
    {
        card.Dispose();
        alone.Dispose();
    }

    /// <summary>Two readers with one card would each count its tries for themselves.</summary>
    private static FileStream TakeAlone(string path)
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException("cards are kept by Unix file modes; Windows has none");
        if (!File.Exists(path))
            throw new FileNotFoundException($"{path}: there is no such card", path);
        try
        {
            return new(path + ".lock", new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        }
        catch (IOException e)
        {
            throw new CardException($"{path}: このカードは他のリーダーにあります / this card is in another reader", e);
        }
    }
}
