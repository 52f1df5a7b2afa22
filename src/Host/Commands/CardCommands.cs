using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using Jpki.Card;
using Jpki.Card.Readers;

namespace Jpki.Host.Commands;

/// <summary><c>jpki card</c>.</summary>
internal static class CardCommands
{
    private static readonly Argument<FileInfo> Image =
        new("FILE.card") { Description = "仮想カード / the virtual card's file" };

    private static readonly Argument<FileInfo?> ImageOrNone = new("FILE.card")
    {
        Description = "仮想カード / the virtual card's file",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string?> Reader =
        new("--reader") { Description = "PC/SC リーダーの名前 / a PC/SC reader's name" };

    public static Command Create()
    {
        Command show = new("show", "証明書と残り試行回数を示す / print certificates and tries left") { ImageOrNone, Reader };
        Command unlock = new("unlock", "ロックを解除する / give all tries again, as the counter does") { Image, Reader };
        show.SetAction(Show);
        unlock.SetAction(Unlock);
        return new("card", "仮想 IC カード / the virtual IC card") { show, CardInsertion.Create(Image), unlock };
    }

    /// <summary>Runs <paramref name="use"/> on a card's file; one that cannot be read is wrong usage.</summary>
    internal static T WithImage<T>(FileInfo file, Func<string, T> use)
    {
        if (!file.Exists)
            throw new UsageException($"{file}: there is no such file");
        try
        {
            return use(file.FullName);
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidDataException)
        {
            throw new UsageException($"{file}: not a card: {e.Message}");
        }
    }

    private static int Show(ParseResult parsed)
    {
        var card = (parsed.GetValue(ImageOrNone), parsed.GetValue(Reader)) switch
        {
            ({ } file, null) => WithImage(file, path => CardImage.Read(path).Describe()),
            (null, { } reader) => Describe(reader),
            _ => throw new UsageException("FILE.card か --reader のどちらか一つ / either a file or a reader"),
        };
        CommandLine.Print(parsed, card, () => Write(card));
        return ExitCode.Done;
    }

    private static CardDescription Describe(string reader)
    {
        using var card = PcscReader.Open(reader);
        return CardSession.Open(card).Describe();
    }

    /// <summary>The file tells the device key; the card itself may meanwhile be in a reader.</summary>
    private static int Unlock(ParseResult parsed)
    {
        using var random = RandomNumberGenerator.Create();
        var file = parsed.GetValue(Image)!;
        var key = WithImage(file, CardImage.Read).Device;
        using ICardReader card = parsed.GetValue(Reader) is { } reader
            ? PcscReader.Open(reader)
            : new VirtualReader(file.FullName, random);
        using var writer = CardWriter.Open(card, _ => key, random);
        writer.Unlock(KeyPurpose.Sign);
        var tries = writer.Session.TriesLeft(KeyPurpose.Sign);
        CommandLine.Print(parsed, new { triesLeft = tries }, () => Console.Out.WriteLine($"残り試行 tries:    {tries}"));
        return ExitCode.Done;
    }

    private static void Write(CardDescription card)
    {
        Console.Out.WriteLine($"番号 number:       {card.Number}");
        if (card.Key is { } key)
            Console.Out.WriteLine($"鍵 key:            {key}");
        Write("電子証明書 sign:   ", card.SignCertificate);
        Write("知事の証明書 CA:   ", card.CaCertificate);
        Console.Out.WriteLine($"残り試行 tries:    {card.TriesLeft}{(card.IsLocked ? "（閉塞 locked）" : "")}");
        if (card.AuthenticationCertificate is null)
            return;
        Write("利用者証明用 auth: ", card.AuthenticationCertificate);
        Console.Out.WriteLine($"残り試行 tries:    {card.AuthenticationTriesLeft}");
    }

    private static void Write(string label, CardCertificate? certificate) => Console.Out.WriteLine(certificate is null
        ? $"{label}なし、又はパスワードが必要 none, or it needs the password"
        : $"""
           {label}{certificate.Serial}
                              {certificate.Subject}
                              {certificate.NotBefore:u} – {certificate.NotAfter:u}
                              SHA-256 {certificate.Sha256}
           """);
}
