using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Jpki.Cps;
using Jpki.Ledger;

namespace Jpki.Host.Handovers;

/// <summary>
/// The list of a hand-over's files with their SHA-256, under the signature of the Authority's log key (C2SP
/// signed-note). Its lines are those of <c>sha256sum</c>. 引渡目録 (CPS 4-18)
/// </summary>
/// <param name="At">When it was written.</param>
/// <param name="Files">Digest in lower-case hexadecimal by path, with slashes.</param>
internal sealed record HandoverIndex(DateTimeOffset At, IReadOnlyDictionary<string, string> Files)
{
    public const string FileName = "index";

    private const string Format = "jpki-handover/1";

    /// <summary>A line for each file of ten years of log tiles is far below this.</summary>
    private const int LargestIndex = 256 << 20;

    private const int HeaderLines = 2;

    /// <summary>Reads every file below the folder and writes the index beside them.</summary>
    public static HandoverIndex Write(string folder, DateTimeOffset at, LogKey key)
    {
        SortedDictionary<string, string> files = new(StringComparer.Ordinal);
        foreach (var file in FilesIn(folder))
            files.Add(file, DigestOf(Path.Combine(folder, file)));
        HandoverIndex index = new(at, files);
        Hsm.SecretFile.Write(
            Path.Combine(folder, FileName), Encoding.UTF8.GetBytes(SignedNote.Sign(index.Text(), key)));
        return index;
    }

    /// <summary>Reads the index and checks that the files are those it lists, all of them and no other.</summary>
    /// <exception cref="RefusedException">The first thing that is wrong.</exception>
    /// <exception cref="UsageException">There is no index.</exception>
    public static HandoverIndex Verify(string folder, LogPublicKey key, Action<string> progress)
    {
        var index = Read(Path.Combine(folder, FileName), key);
        var there = FilesIn(folder).ToHashSet(StringComparer.Ordinal);
        there.Remove(FileName);
        if (index.Files.Keys.FirstOrDefault(f => !there.Contains(f)) is { } missing)
            throw No($"目録にあるファイルがありません / a file of the index is missing: {missing}");
        if (there.FirstOrDefault(f => !index.Files.ContainsKey(f)) is { } extra)
            throw No($"目録にないファイルがあります / a file that the index does not list: {extra}");
        var done = 0;
        foreach (var (path, digest) in index.Files)
        {
            if (DigestOf(Path.Combine(folder, path)) != digest)
                throw No($"ファイルが書き換えられています / the file was altered: {path}");
            if (++done % 1000 == 0)
                progress($"{done:n0} / {index.Files.Count:n0} ファイルを照合しました / files checked");
        }
        return index;
    }

    private static HandoverIndex Read(string file, LogPublicKey key)
    {
        if (!File.Exists(file))
            throw new UsageException($"{file}: there is no hand-over here");
        if (new FileInfo(file).Length > LargestIndex)
            throw No($"目録が大きすぎます / the index is longer than {LargestIndex >> 20} MB");
        try
        {
            return Parse(SignedNote.Open(File.ReadAllText(file), key));
        }
        catch (FormatException e)
        {
            throw No($"目録の署名か書式が正しくありません / the index: {e.Message}");
        }
    }

    private static HandoverIndex Parse(string text)
    {
        var lines = text.TrimEnd('\n').Split('\n');
        if (lines.Length < HeaderLines || lines[0] != Format || !DateTimeOffset.TryParseExact(
            lines[1], "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var at))
        {
            throw new FormatException($"not {Format}");
        }
        Dictionary<string, string> files = new(StringComparer.Ordinal);
        foreach (var line in lines.Skip(HeaderLines))
        {
            if (line.Split("  ", 2) is not [{ Length: 64 } digest, { Length: > 0 } path] || !files.TryAdd(path, digest))
                throw new FormatException("a line is not digest and path, or a path stands there twice");
        }
        return new(at, files);
    }

    /// <summary>Nothing is followed out of the folder: a link is no file of ours.</summary>
    private static IEnumerable<string> FilesIn(string folder) => new DirectoryInfo(folder)
        .EnumerateFileSystemInfos("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
        .Where(entry => entry is FileInfo || entry.LinkTarget is not null)
        .Select(entry => entry.LinkTarget is null
            ? Path.GetRelativePath(folder, entry.FullName).Replace(Path.DirectorySeparatorChar, '/')
            : throw No($"リンクは受け付けません / a link is no file: {entry.Name}"));

    private static string DigestOf(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private string Text()
    {
        StringBuilder text = new($"{Format}\n{At.UtcDateTime:O}\n");
        foreach (var (path, digest) in Files)
            text.Append(digest).Append("  ").Append(path).Append('\n');
        return text.ToString();
    }

    private static RefusedException No(string reason) => new(new Refusal("4-18", reason));
}
