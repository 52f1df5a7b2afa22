using System.Runtime.InteropServices;
using System.Text;

namespace Jpki.Ledger;

/// <summary>What a file system promises, once it is asked properly.</summary>
internal static class DurableFile
{
    public const UnixFileMode Readable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>A small file that is there whole or not at all: written aside, synced, renamed.</summary>
    public static void Write(string path, string text, UnixFileMode mode)
    {
        var aside = path + ".new";
        File.Delete(aside);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = mode;
        using (var file = new FileStream(aside, options))
        {
            file.Write(Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }
        File.Move(aside, path, overwrite: true);
        SyncFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>A new name in a folder survives a power cut only once the folder itself is synced.</summary>
    public static void SyncFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        // .NET opens no folders, so the C library is asked.
        var handle = OpenFolder([.. Encoding.UTF8.GetBytes(folder), 0], flags: 0);
        if (handle < 0)
            throw new IOException($"{folder} cannot be opened: error {Marshal.GetLastPInvokeError()}");
        var failed = Sync(handle) != 0;
        var error = Marshal.GetLastPInvokeError();
        _ = Close(handle);
        if (failed)
            throw new IOException($"{folder} cannot be synced: error {error}");
    }

    /// <summary>Keeps a second process out for as long as the stream lives; a killed process lets go.</summary>
    public static FileStream Hold(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new LedgerBrokenException($"{path} cannot be held; another process may have it", e);
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int OpenFolder(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int Sync(int handle);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int handle);
}
