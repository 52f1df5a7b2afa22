using System.Formats.Tar;
using System.IO.Compression;
using Jpki.Tests.House;
using Xunit;

namespace Jpki.Tests;

/// <summary>Public cases nobody here wrote. They lie beside the checkout, or where JPKI_CONFORMANCE says.</summary>
internal static class Conformance
{
    /// <summary>The folder of one collection; without it the test is skipped, and says why.</summary>
    public static string FolderOrSkip(string name) =>
        SkipUnlessThere(Path.Combine(Environment.GetEnvironmentVariable("JPKI_CONFORMANCE")
            ?? Path.Combine(Repo.Root, "..", "shared", "conformance"), name));

    /// <summary>A folder of real data that came with the conformance cases, for example <c>ca-samples</c>.</summary>
    public static string DataOrSkip(string name) =>
        SkipUnlessThere(Path.Combine(FolderOrSkip("."), "..", "data", name));

    /// <summary>Every file of the seed archives, with its name.</summary>
    public static IEnumerable<(string Name, byte[] Content)> FuzzSeeds()
    {
        foreach (var archive in Directory.GetFiles(FolderOrSkip("fuzz"), "*.tar.gz").Order(StringComparer.Ordinal))
        {
            using var packed = new GZipStream(File.OpenRead(archive), CompressionMode.Decompress);
            using var tar = new TarReader(packed);
            while (tar.GetNextEntry() is { } entry)
            {
                if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
                    continue;
                using var content = new MemoryStream();
                entry.DataStream?.CopyTo(content);
                yield return (entry.Name, content.ToArray());
            }
        }
    }

    private static string SkipUnlessThere(string folder)
    {
        Assert.SkipUnless(Directory.Exists(folder), $"no public conformance data in {folder}");
        return folder;
    }
}
