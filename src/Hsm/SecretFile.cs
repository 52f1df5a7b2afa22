using System.Runtime.InteropServices;

namespace Jpki.Hsm;

/// <summary>
/// Files that only their owner may read: written whole or not at all, refused when others could have read them.
/// </summary>
public static class SecretFile
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private static long Written;

    /// <summary>Writes or replaces the file, mode 0600. After a crash there is the old content or the new.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content) => Write(path, content, overwrite: true);

    /// <summary>The same, but an existing file is an <see cref="IOException"/>.</summary>
    public static void Create(string path, ReadOnlySpan<byte> content) => Write(path, content, overwrite: false);

    /// <summary>Reads the file, unless anybody but its owner has any right to it.</summary>
    public static byte[] Read(string path)
    {
        if (OperatingSystem.IsWindows())
            throw NoModes();
        using var file = File.OpenHandle(path);
        // Asked of the open file, so that nobody can swap it between the question and the reading.
        var mode = File.GetUnixFileMode(file);
        if ((mode & Others) != 0)
        {
            throw new UnauthorizedAccessException(
                $"{path} holds a secret, and others have a right to it (mode {Convert.ToString((int)mode, 8)}): "
                + $"chmod 600 {path}");
        }
        var content = new byte[RandomAccess.GetLength(file)];
        var read = 0;
        while (read < content.Length && RandomAccess.Read(file, content.AsSpan(read), read) is > 0 and var more)
            read += more;
        return content[..read];
    }

    /// <summary>Deletes the drafts of this file that a killed process left beside it; there may be no folder.</summary>
    public static void Sweep(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder))
            return;
        foreach (var draft in Directory.EnumerateFiles(folder, Path.GetFileName(path) + ".*.draft"))
            File.Delete(draft);
    }

    /// <summary>Makes a folder that only its owner may enter.</summary>
    public static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            throw NoModes();
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static void Write(string path, ReadOnlySpan<byte> content, bool overwrite)
    {
        if (OperatingSystem.IsWindows())
            throw NoModes();
        var draft = $"{path}.{Environment.ProcessId}-{Interlocked.Increment(ref Written)}.draft";
        File.Delete(draft);
        try
        {
            using (var file = new FileStream(draft, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                BufferSize = 0,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }
            File.Move(draft, path, overwrite);
            FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private static PlatformNotSupportedException NoModes() =>
        new("secrets are kept by Unix file modes; Windows has none");

    /// <summary>A rename is durable once its folder is. .NET cannot open a folder, so the C library does.</summary>
    private static void FlushFolder(string folder)
    {
        var handle = NativeMethods.Open(folder, 0);
        if (handle < 0)
            throw new IOException($"cannot open folder {folder}: {Marshal.GetLastPInvokeErrorMessage()}");
        try
        {
            if (NativeMethods.Fsync(handle) < 0)
                throw new IOException($"cannot flush folder {folder}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
        finally
        {
            _ = NativeMethods.Close(handle);
        }
    }

    private static class NativeMethods
    {
        [DllImport("libc", EntryPoint = "open", SetLastError = true)]
        public static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

        [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
        public static extern int Fsync(int handle);

        [DllImport("libc", EntryPoint = "close", SetLastError = true)]
        public static extern int Close(int handle);
    }
}
