using System.CommandLine;
using Jpki.Ledger;

namespace Jpki.Host.Commands;

/// <summary><c>jpki ledger verify</c>: checks a sealed log with nothing but public keys.</summary>
internal static class LedgerCommands
{
    private static readonly Option<string> Log = new("--log")
    {
        Description = "記録のある場所か URL / a folder, a file or a URL",
        Required = true,
    };

    private static readonly Option<FileInfo[]> Keys =
        new("--key") { Description = "公開鍵 log.pub / the log's public key", Required = true };

    private static readonly Option<FileInfo[]> Known = new("--known")
    {
        Description = "前に見たチェックポイント / checkpoints seen before: a rollback shows",
    };

    public static Command Create()
    {
        Command verify = new("verify", "改ざん・欠落・巻き戻しを調べる / find tampering, gaps and rollback") { Log, Keys, Known };
        verify.SetAction(Run);
        return new("ledger", "封印された記録 / the sealed log") { verify };
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken stop)
    {
        var location = parsed.GetValue(Log)!;
        var keys = parsed.GetValue(Keys)!.Select(file => Readable(file, LogPublicKey.Read)).ToArray();
        var known = (parsed.GetValue(Known) ?? []).Select(file => Readable(file, File.ReadAllText)).ToArray();
        if (!location.Contains("://", StringComparison.Ordinal) && !Path.Exists(location))
            throw new UsageException($"{location}: there is no such folder or file");

        var verdicts = await LedgerVerifier.Verify(location, keys, known);
        stop.ThrowIfCancellationRequested();
        CommandLine.Print(parsed, verdicts, () =>
        {
            foreach (var verdict in verdicts)
                Console.Out.WriteLine(verdict);
        });
        return verdicts.All(v => v.IsGood) ? ExitCode.Done : ExitCode.Refused;
    }

    private static T Readable<T>(FileInfo file, Func<string, T> read)
    {
        try
        {
            return read(file.FullName);
        }
        catch (Exception e) when (e is IOException or FormatException or UnauthorizedAccessException)
        {
            throw new UsageException($"{file}: {e.Message}");
        }
    }
}
