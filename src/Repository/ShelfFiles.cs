using System.Runtime.InteropServices;
using System.Text.Json;
using Jpki.Forms;
using Jpki.X509;

namespace Jpki.Repository;

/// <summary>
/// The shelves on disk: every object in a file named after its SHA-256, and one manifest that says which of them are
/// published. The manifest is replaced by a rename, so a crash leaves the publication before it or the one after it.
/// </summary>
internal sealed class ShelfFiles
{
    private const string Unfinished = ".new";

    private readonly string objects;
    private readonly string manifest;

    internal ShelfFiles(string folder)
    {
        objects = Path.Combine(folder, "objects");
        manifest = Path.Combine(folder, "manifest.json");
        Directory.CreateDirectory(objects);
    }

    /// <summary>The shelf as it was last published; empty before the first publication.</summary>
    /// <exception cref="InvalidDataException">An object is not what the manifest says it is.</exception>
    internal Shelf Load()
    {
        if (!File.Exists(manifest))
            return Shelf.Empty;
        var saved = JsonSerializer.Deserialize<Manifest>(File.ReadAllBytes(manifest), FormJson.Options)
            ?? throw new InvalidDataException($"{manifest} is empty");
        return new(saved.Version, saved.PublishedAt, [.. saved.Objects.Select(Load)]);
    }

    /// <summary>Durable when it returns.</summary>
    internal void Save(Shelf shelf)
    {
        foreach (var leaf in shelf.Leaves.Where(l => !File.Exists(PathOf(l.Digest))))
            Write(PathOf(leaf.Digest), leaf.Der.Span);
        Sync(objects);
        Manifest saved = new(shelf.Version, shelf.PublishedAt,
            [.. shelf.Leaves.Select(l => new Line(l.Type.Name, l.Entry.ToString(), l.Digest, l.PublishedAt))]);
        Write(manifest, JsonSerializer.SerializeToUtf8Bytes(saved, FormJson.Indented));
        Sync(Path.GetDirectoryName(manifest)!);
        RemoveAllBut([.. shelf.Leaves.Select(l => PathOf(l.Digest))]);
    }

    private Leaf Load(Line line)
    {
        var der = File.ReadAllBytes(PathOf(line.Sha256));
        Leaf leaf = new(Name.Parse(line.Entry), Schema.Find(line.Attribute)!, der, line.PublishedAt);
        return leaf.Digest == line.Sha256
            ? leaf
            : throw new InvalidDataException(
                $"{PathOf(line.Sha256)} is damaged; restore it, or empty the folder and publish again");
    }

    private string PathOf(string digest) => Path.Combine(objects, digest + ".der");

    private static void Write(string path, ReadOnlySpan<byte> content)
    {
        using (var file = new FileStream(path + Unfinished, FileMode.Create, FileAccess.Write))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }
        File.Move(path + Unfinished, path, overwrite: true);
    }

    private void RemoveAllBut(HashSet<string> kept)
    {
        foreach (var path in Directory.EnumerateFiles(objects).Where(p => !kept.Contains(p)))
            File.Delete(path);
    }

    /// <summary>A rename survives a power cut only once its folder is on disk too; .NET opens no folders.</summary>
    private static void Sync(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = Native.Open(folder, 0);
        if (descriptor < 0)
            throw new IOException($"cannot open {folder}: error {Marshal.GetLastPInvokeError()}");
        var result = Native.Sync(descriptor);
        var error = Marshal.GetLastPInvokeError();
        _ = Native.Close(descriptor);
        if (result != 0)
            throw new IOException($"cannot sync {folder}: error {error}");
    }

    private sealed record Manifest(long Version, DateTimeOffset PublishedAt, IReadOnlyList<Line> Objects);

    private sealed record Line(string Attribute, string Entry, string Sha256, DateTimeOffset PublishedAt);

    private static class Native
    {
        [DllImport("libc", EntryPoint = "open", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        internal static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

        [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        internal static extern int Sync(int descriptor);

        [DllImport("libc", EntryPoint = "close", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        internal static extern int Close(int descriptor);
    }
}
