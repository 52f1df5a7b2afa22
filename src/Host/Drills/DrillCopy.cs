using System.Security.Cryptography;
using Jpki.Authority;
using Jpki.Hsm;

namespace Jpki.Host.Drills;

/// <summary>
/// A prefecture of the drill's own: a copy of one that stands still, or a new one, in a folder that goes with it.
/// </summary>
internal sealed class DrillCopy : IAsyncDisposable
{
    private readonly RandomNumberGenerator random = RandomNumberGenerator.Create();
    private Prefecture? prefecture;

    private DrillCopy(string folder) => Folder = folder;

    public string Folder { get; }

    public Endpoints Endpoints => prefecture!.Endpoints;

    /// <exception cref="UsageException">Its keys or books are where a copy of a folder does not reach them.</exception>
    /// <exception cref="BrokenException">The prefecture is running.</exception>
    public static async Task<DrillCopy> Open(string data, int port, int certificates, Action<string> progress)
    {
        DrillCopy copy = new(Directory.CreateTempSubdirectory("jpki-drill-").FullName);
        try
        {
            var site = copy.Take(data, progress) with { Port = port };
            SandboxClock clock = new(Path.Combine(copy.Folder, "clock"));
            if (certificates > 0)
                await copy.Fill(site, clock, certificates, progress);
            progress("写しの県を開いています / opening the copy");
            copy.prefecture = await Prefecture.Open(copy.Folder, site, clock, copy.random, _ => { });
            return copy;
        }
        catch
        {
            await copy.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (prefecture is not null)
            await prefecture.DisposeAsync();
        random.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private SiteFile Take(string data, Action<string> progress)
    {
        if (!File.Exists(Path.Combine(data, SiteFile.FileName)))
        {
            progress("県がまだないので、新しい県で行います / no prefecture there: a new one");
            return new() { Port = 0, Residents = 10, Seed = 1, Database = "sqlite", Hsm = "software" };
        }
        var site = SiteFile.Read(Path.Combine(data, SiteFile.FileName));
        if (site.Database != "sqlite" || site.HsmLocation.Module is not null)
        {
            throw new UsageException(
                $"{data}: a drill copies books in SQLite and software keys, not what is elsewhere");
        }
        progress($"{data} を写しています / copying");
        using var still = Commands.UpCommand.Lock(data);
        foreach (var file in Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories))
        {
            var place = Path.Combine(Folder, Path.GetRelativePath(data, file));
            SecretFile.CreateFolder(Path.GetDirectoryName(place)!);
            if (Path.GetFileName(file) != "lock")
                File.Copy(file, place);
        }
        return site;
    }

    private async Task Fill(SiteFile site, SandboxClock clock, int certificates, Action<string> progress)
    {
        SecretFile.CreateFolder(Path.Combine(Folder, "authority"));
        SoftwareHsm hsm = new(Path.Combine(Folder, "authority", "keys"));
        var opened = await AuthorityRoom.Open(new()
        {
            Folder = Path.Combine(Folder, "authority"),
            Database = Path.Combine(Folder, "authority", "store.db"),
            Hsm = hsm,
            OperationsHsm = hsm,
            Names = site.PrefectureNames,
            Clock = clock,
            Random = random,
        });
        if (opened.IsRefused(out var no, out var room))
            throw new RefusedException(no);
        await using (room)
        {
            await MadeUpBook.FillWithLive(room, certificates, done =>
            {
                if (done % 500_000 == 0)
                    progress($"架空の電子証明書 {done:n0} / made-up certificates");
            });
        }
    }
}
