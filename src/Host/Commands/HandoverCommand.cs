using System.CommandLine;
using System.Security.Cryptography;
using Jpki.Host.Handovers;

namespace Jpki.Host.Commands;

/// <summary>
/// <c>jpki handover</c>: writes what a successor needs of a prefecture that was closed. 認証事務の引継ぎ (CPS 4-18)
/// </summary>
internal static class HandoverCommand
{
    private static readonly Option<DirectoryInfo> To = new("--to")
    {
        Description = "書き出す先（まだないフォルダ） / the folder to write, which does not exist yet",
        Required = true,
    };

    public static Command Create()
    {
        Command handover = new("handover", "認証事務を引き継ぐ（閉じた県から） / hand over what a successor needs")
        {
            To, DataOption.Data,
        };
        handover.SetAction(Run);
        return handover;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken stop)
    {
        var data = DataOption.Of(parsed);
        var site = Path.Combine(data, SiteFile.FileName);
        if (!File.Exists(site))
            throw new UsageException($"{data}: there is no prefecture here");
        using var alone = UpCommand.Lock(data);
        using var random = RandomNumberGenerator.Create();
        HandoverWriter writer = new(
            data, SiteFile.Read(site), new SandboxClock(Path.Combine(data, "clock")), random,
            Console.Error.WriteLine);
        var report = await writer.Write(Path.TrimEndingDirectorySeparator(parsed.GetValue(To)!.FullName));
        stop.ThrowIfCancellationRequested();
        CommandLine.Print(parsed, report, () => Tell(report));
        return ExitCode.Done;
    }

    private static void Tell(HandoverReport report)
    {
        Console.Out.WriteLine($"引継ぎを書きました: {report.Folder}（{report.Files:n0} ファイル、{report.Octets / 1e6:n1} MB、"
            + $"{report.Seconds:n1} 秒、記憶 {report.PeakMemoryMegabytes:n0} MB）");
        Console.Out.WriteLine($"The hand-over is written: {report.Files:n0} files, signed with {report.Key}");
        foreach (var (table, rows) in report.Rows.Where(r => r.Value > 0))
            Console.Out.WriteLine($"{rows,12:n0}  {table}");
        Console.Out.WriteLine("署名の公開鍵を別の手段で引継ぎ先に渡してください。 Give the successor that key by another way.");
        Console.Out.WriteLine("引継ぎ先では: jpki up --data DIR --from-handover "
            + $"{report.Folder} --handover-key FILE");
    }
}
