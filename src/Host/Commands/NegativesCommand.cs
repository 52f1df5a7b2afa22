using System.CommandLine;
using Jpki.Host.Negatives;

namespace Jpki.Host.Commands;

/// <summary><c>jpki sandbox negatives</c>: a pack of wrong things for people who test verifiers.</summary>
internal static class NegativesCommand
{
    public static Command Create()
    {
        Command negatives = new("negatives", "検証者を試すための誤った証明書等を書く / write wrong certificates, CRLs and OCSP answers")
        {
            DataOption.Data, OutOption.Out,
        };
        negatives.SetAction(Run);
        return negatives;
    }

    private static int Run(ParseResult parsed)
    {
        var folder = OutOption.Of(parsed);
        if (Directory.EnumerateFileSystemEntries(folder).Any())
            throw new UsageException($"--out {folder}: not empty; choose an empty or a new folder");
        var entries = NegativePack.Write(folder, TimeProvider.System.GetUtcNow());
        CommandLine.Print(parsed, entries, () => Console.Out.WriteLine(
            $"{entries.Count} 件を {folder} に書きました。 {entries.Count} cases, explained in {folder}/README.md"));
        return ExitCode.Done;
    }
}
