using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Jpki.Forms;
using Jpki.X509;

namespace Jpki.Repository;

/// <summary>
/// The shelves on disk: every object in a file named after its SHA-256, and one manifest that says which of them are
/// published. The manifest is replaced by a rename, so a crash leaves the publication before it or the one after it.
/// Whoever calls takes care that one call ends before the next begins.
/// </summary>
internal sealed class ShelfFiles
{
    private const string Unfinished = ".new";

    private const int Piece = 1 << 16;

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

    /// <summary>Whether that object was handed over.</summary>
    internal bool Has(string digest) => File.Exists(PathOf(digest));

    /// <summary>Octets of all objects but these.</summary>
    internal long LengthOfAllBut(HashSet<string> digests) => new DirectoryInfo(objects).EnumerateFiles()
        .Where(f => !digests.Contains(Path.GetFileNameWithoutExtension(f.Name))).Sum(f => f.Length);

    /// <summary>
    /// Keeps an object under its digest; durable once a publication is. Memory does not grow with it.
    /// </summary>
    /// <exception cref="FormatException">It has another digest, or too many octets.</exception>
    internal async Task Keep(string digest, Stream octets, long most, CancellationToken stop)
    {
        var unfinished = PathOf(digest) + Unfinished;
        try
        {
            if (await Write(unfinished, octets, most, stop) != digest)
                throw new FormatException("these octets have another SHA-256");
            File.Move(unfinished, PathOf(digest), overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    internal StoredOctets Open(string digest, int longestHeld) => StoredOctets.Open(PathOf(digest), longestHeld);

    internal byte[] Read(string digest) => File.ReadAllBytes(PathOf(digest));

    /// <summary>
    /// Looks at an object in memory that is used again afterwards: what is found must hold none of it.
    /// </summary>
    internal T Look<T>(string digest, Func<ReadOnlyMemory<byte>, T> find)
    {
        using var file = File.OpenHandle(PathOf(digest));
        var length = checked((int)RandomAccess.GetLength(file));
        var octets = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            for (var read = 0; read < length;)
            {
                var more = RandomAccess.Read(file, octets.AsSpan(read, length - read), read);
                read += more > 0 ? more : throw new EndOfStreamException(PathOf(digest));
            }
            return find(octets.AsMemory(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(octets);
        }
    }

    /// <summary>The objects were handed over before. Durable when it returns.</summary>
    internal void Save(Shelf shelf)
    {
        Sync(objects);
        Manifest saved = new(shelf.Version, shelf.PublishedAt,
            [.. shelf.Leaves.Select(l => new Line(l.Type.Name, l.Entry.ToString(), l.Digest, l.PublishedAt))]);
        Write(manifest, JsonSerializer.SerializeToUtf8Bytes(saved, FormJson.Indented));
        Sync(Path.GetDirectoryName(manifest)!);
        RemoveAllBut([.. shelf.Leaves.Select(l => PathOf(l.Digest))]);
    }

    private Leaf Load(Line line) => Look(line.Sha256, octets =>
    {
        if (Publication.DigestOf(octets.Span) != line.Sha256)
        {
            throw new InvalidDataException(
                $"{PathOf(line.Sha256)} is damaged; restore it, or empty the folder and publish again");
        }
        var type = Schema.Find(line.Attribute)!;
        var isList = type == Schema.Crl || type == Schema.Arl;
        return new Leaf(
            Name.Parse(line.Entry), type, line.Sha256, line.PublishedAt,
            isList ? ListFacts.Of(Crl.Read(octets)) : null);
    });

    private string PathOf(string digest) => Path.Combine(objects, digest + ".der");

    /// <summary>The digest of what was written.</summary>
    private static async Task<string> Write(string path, Stream octets, long most, CancellationToken stop)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using FileStream file = new(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1);
        var piece = new byte[Piece];
        while (await octets.ReadAsync(piece, stop) is > 0 and var read)
        {
            if ((most -= read) < 0)
                throw new FormatException("an object too large, or too many that no publication has named yet");
            hash.AppendData(piece, 0, read);
            await file.WriteAsync(piece.AsMemory(0, read), stop);
        }
        file.Flush(flushToDisk: true);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

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
