using System.Text.Json;
using Jpki.Forms;

namespace Jpki.Counter.RegisterFiles;

/// <summary>
/// A folder into which the municipalities' systems put their files (docs/api/REGISTER-FILES.md). A file that was taken
/// moves to <c>taken/</c>, one that was not to <c>refused/</c>, each with its report beside it.
/// </summary>
public sealed record RegisterFolder(string Folder) : IRegisterSource
{
    public TimeSpan? Interval => TimeSpan.FromMinutes(1);

    /// <summary>In the order of their names. Whoever writes a file gives it its name when it is whole.</summary>
    public async Task BringUpToDate(CounterRoom room)
    {
        Directory.CreateDirectory(Folder);
        foreach (var file in Directory.EnumerateFiles(Folder, "*.csv").Order(StringComparer.Ordinal).ToList())
            await Take(room, file);
    }

    private async Task Take(CounterRoom room, string file)
    {
        var report = new FileInfo(file).Length > RegisterFileReader.MostOctets
            ? new RegisterReport { Errors = [new(0, "", "ファイルは 256 MB までです。")] }
            : await room.RegisterFiles.Take(await File.ReadAllBytesAsync(file), null, "register folder");
        var place = Directory.CreateDirectory(Path.Combine(Folder, report.IsTaken ? "taken" : "refused")).FullName;
        var name = Path.GetFileName(file);
        await File.WriteAllBytesAsync(
            Path.Combine(place, name + ".report.json"), JsonSerializer.SerializeToUtf8Bytes(report, FormJson.Indented));
        File.Move(file, Path.Combine(place, name), overwrite: true);
    }
}
