using System.Security.Cryptography;
using Jpki.Card;
using Jpki.Card.Readers;
using Jpki.Hsm;
using Jpki.X509;

namespace Jpki.Counter;

/// <summary>
/// The cards at the counters between key pair and delivery: in the site's reader, or, where it has none, virtual ones
/// in a folder, by the subject's unique name. ICカード (CPS 4-1-3, 4-3-1)
/// </summary>
internal sealed class Cards
{
    private readonly string folder;
    private readonly Func<ICardReader>? reader;
    private readonly RandomNumberGenerator random;
    private readonly byte[] siteSecret;

    /// <param name="options">Where the cards are.</param>
    /// <param name="random">The key pair devices' randomness, and that of virtual cards.</param>
    public Cards(CounterOptions options, RandomNumberGenerator random)
    {
        (folder, reader, this.random) = (options.CardsFolder, options.CardReader, random);
        SecretFile.CreateFolder(folder);
        siteSecret = SiteSecret(Path.Combine(folder, "device.key"));
    }

    /// <summary>The card that the applicant handed in; a virtual one comes new from its maker.</summary>
    /// <param name="name">The subject's unique name, under which a virtual card lies from now on.</param>
    /// <param name="handedIn">The name under which it lies so far; null for a new one.</param>
    /// <param name="write">What is written.</param>
    /// <exception cref="CardException">There is no card, or not one of this site.</exception>
    public T Write<T>(string name, string? handedIn, Func<CardWriter, T> write)
    {
        if (reader is null && handedIn is not null && File.Exists(PathOf(handedIn)))
        {
            File.Move(PathOf(handedIn), PathOf(name));
        }
        else if (reader is null && !File.Exists(PathOf(name)))
        {
            var number = CardImage.NewNumber(random);
            CardImage.Blank(number, KeyOf(number)).Write(PathOf(name));
        }
        return Open(name, write);
    }

    /// <summary>
    /// Writes the holder's and the governor's certificate; the same again when asked again. (CPS 4-3-1①)
    /// </summary>
    /// <exception cref="CardException">The card is gone, or has another key.</exception>
    public void Complete(string name, Certificate holder, Certificate governor) => Open(name, writer =>
    {
        writer.WriteCertificates(KeyPurpose.Sign, holder, governor);
        return writer;
    });

    /// <summary>A virtual card's image; null when the card is a real one.</summary>
    public byte[]? Read(string name) => File.Exists(PathOf(name)) ? File.ReadAllBytes(PathOf(name)) : null;

    /// <summary>The same card later: unlocked, with another password, or without its key. (CPS 2-1-3(16))</summary>
    /// <exception cref="CardException">The card is not there, or another one is.</exception>
    public void Change(string name, string? number, Action<CardWriter> change) => Open(name, writer =>
    {
        if (number is not null && writer.Number != number)
            throw new CardException("カードがこの利用者のものではありません / the card is not this holder's");
        change(writer);
        return writer;
    });

    private T Open<T>(string name, Func<CardWriter, T> use)
    {
        if (reader is null && !File.Exists(PathOf(name)))
            throw new CardRemovedException("カードがありません / there is no card");
        using var card = reader?.Invoke() ?? new VirtualReader(PathOf(name), random);
        using var writer = CardWriter.Open(card, KeyOf, random);
        return use(writer);
    }

    private DeviceKey KeyOf(string cardNumber) => DeviceKey.Of(siteSecret, cardNumber);

    /// <summary>From it follows the device key of every card of the site.</summary>
    private byte[] SiteSecret(string path)
    {
        if (File.Exists(path))
            return SecretFile.Read(path);
        var secret = new byte[DeviceKey.Size];
        random.GetBytes(secret);
        SecretFile.Create(path, secret);
        return secret;
    }

    private string PathOf(string name) => Path.Combine(folder, name + ".card");
}
