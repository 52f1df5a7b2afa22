using System.CommandLine;
using Jpki.Card;

namespace Jpki.Host.Commands;

/// <summary><c>jpki card</c>.</summary>
internal static class CardCommands
{
    private static readonly Argument<FileInfo> Image =
        new("FILE.card") { Description = "仮想カード / the virtual card's file" };

    public static Command Create()
    {
        Command show = new("show", "証明書と残り試行回数を示す / print certificates and tries left") { Image };
        show.SetAction(Show);
        return new("card", "仮想 IC カード / the virtual IC card") { show };
    }

    private static int Show(ParseResult parsed)
    {
        var file = parsed.GetValue(Image)!;
        if (!file.Exists)
            throw new UsageException($"{file}: there is no such file");
        CardDescription card;
        try
        {
            card = CardImage.Read(file.FullName).Describe();
        }
        catch (Exception e) when (e is FormatException or System.Text.Json.JsonException or InvalidDataException)
        {
            throw new UsageException($"{file}: not a card: {e.Message}");
        }
        CommandLine.Print(parsed, card, () =>
        {
            Console.Out.WriteLine($"鍵 key:            {card.Key}");
            Write("電子証明書 sign:   ", card.SignCertificate);
            Write("知事の証明書 CA:   ", card.CaCertificate);
            Console.Out.WriteLine($"残り試行 tries:    {card.TriesLeft}{(card.IsLocked ? "（閉塞 locked）" : "")}");
        });
        return ExitCode.Done;
    }

    private static void Write(string label, CardCertificate? certificate) => Console.Out.WriteLine(certificate is null
        ? $"{label}なし none"
        : $"""
           {label}{certificate.Serial}
                              {certificate.Subject}
                              {certificate.NotBefore:u} – {certificate.NotAfter:u}
                              SHA-256 {certificate.Sha256}
           """);
}
