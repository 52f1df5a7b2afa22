using System.CommandLine;
using System.Text.Json;
using Jpki.Card;
using Jpki.Forms.Viewing;

namespace Jpki.Host.Commands;

/// <summary><c>jpki show</c>: any certificate, CRL, OCSP message, request or virtual card, for people.</summary>
internal static class ShowCommand
{
    /// <summary>The largest CRL of a whole country is a fraction of it.</summary>
    private const int MostOctets = 512 * 1024 * 1024;

    private static readonly Argument<string> Source = new("FILE")
    {
        Description = "DER、PEM 又は仮想カード、標準入力は - / DER, PEM or a virtual card, - for standard input",
    };

    private static readonly Option<string> Language = new("--lang")
    {
        Description = "ja 又は en / the language of the labels",
        DefaultValueFactory = _ => "ja",
    };

    private static readonly Option<bool> All = new("--all")
    {
        Description = "失効リスト等をすべて示す / every entry of a CRL, not only the first 20",
    };

    public static Command Create()
    {
        Language.AcceptOnlyFromAmong("ja", "en");
        Command show = new("show", "証明書・失効リスト・OCSP を読みやすく示す / print a certificate, CRL or OCSP message for people")
        {
            Source, Language, All,
        };
        show.SetAction(Run);
        return show;
    }

    private static int Run(ParseResult parsed)
    {
        var name = parsed.GetValue(Source)!;
        ViewOptions options = new()
        {
            Language = parsed.GetValue(Language) == "en" ? ReaderLanguage.English : ReaderLanguage.Japanese,
            MostEntries = parsed.GetValue(All) ? int.MaxValue : ViewOptions.UsualEntries,
        };
        IReadOnlyList<ViewLine> shown;
        try
        {
            shown = Show(name, options);
        }
        catch (Exception e) when (e is FormatException or JsonException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{name}: {e.Message}");
        }
        CommandLine.Print(parsed, shown, () => Write(shown));
        return ExitCode.Done;
    }

    /// <summary>Not through the console, which hands on every line by itself.</summary>
    private static void Write(IReadOnlyList<ViewLine> shown)
    {
        using StreamWriter output = new(Console.OpenStandardOutput());
        ViewText.Write(output, shown);
    }

    private static IReadOnlyList<ViewLine> Show(string name, ViewOptions options)
    {
        if (name == "-")
        {
            using var input = Console.OpenStandardInput();
            return Viewer.Show(ReadAll(input), options);
        }
        using (var file = File.OpenRead(name))
        {
            var octets = ReadAll(file);
            if (octets is not [(byte)'{', ..])
                return Viewer.Show(octets, options);
        }
        var card = CardImage.Read(name);
        byte[]?[] certificates = [card.SignCertificate, card.CaCertificate];
        return [.. certificates.OfType<byte[]>().Select(der => Viewer.Of(der, options))];
    }

    private static byte[] ReadAll(Stream input)
    {
        using MemoryStream octets = new();
        var buffer = new byte[64 * 1024];
        while (input.Read(buffer) is > 0 and var read)
        {
            if (octets.Length + read > MostOctets)
                throw new FormatException($"more than {MostOctets} octets");
            octets.Write(buffer, 0, read);
        }
        return octets.ToArray();
    }
}
