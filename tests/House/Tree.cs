using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Jpki.Tests.House;

/// <summary>The files of this checkout as the house rules read them: relative paths, nothing built.</summary>
internal static class Tree
{
    private static readonly string[] NotOurs =
        [".git", "artifacts", "bin", "obj", "node_modules", "sandbox", "TestResults", ".vs", ".idea"];

    private static readonly Lazy<string[]> AllFiles = new(() => [.. Walk(Repo.Root).Order(StringComparer.Ordinal)]);

    private static readonly Lazy<(string Path, SyntaxNode Root)[]> Parsed = new(() =>
        [.. Files(".cs").AsParallel().AsOrdered().Select(file => (file, Parse(Read(file))))]);

    public static IEnumerable<string> Files(params string[] extensions) =>
        AllFiles.Value.Where(file => extensions.Contains(Path.GetExtension(file)));

    /// <summary>The C# files under a folder, parsed once for all rules.</summary>
    public static IEnumerable<(string Path, SyntaxNode Root)> CSharp(params string[] folders) =>
        Parsed.Value.Where(file => folders.Any(folder => file.Path.StartsWith(folder + "/", StringComparison.Ordinal)));

    public static SyntaxNode Parse(string text) => CSharpSyntaxTree.ParseText(text).GetRoot();

    public static string Read(string file) => File.ReadAllText(Path.Combine(Repo.Root, file));

    public static bool Exists(string file) => Path.Exists(Path.Combine(Repo.Root, file));

    private static IEnumerable<string> Walk(string folder) =>
        Directory.EnumerateFiles(folder)
            .Select(file => Path.GetRelativePath(Repo.Root, file).Replace('\\', '/'))
            .Concat(Directory.EnumerateDirectories(folder)
                .Where(sub => !NotOurs.Contains(Path.GetFileName(sub)))
                .SelectMany(Walk));
}
