using System.Text.RegularExpressions;
using Xunit;

namespace Jpki.Tests.House;

/// <summary>Every relative link and anchor in Markdown resolves: a link to nowhere is worse than none.</summary>
public sealed partial class Links
{
    [Fact]
    public void Every_relative_link_resolves() =>
        Findings.None(Tree.Files(".md").SelectMany(file => Broken(file, Tree.Read(file), Tree.Exists, Tree.Read)));

    [Theory]
    [InlineData("a missing file", "[x](gone.md)")]
    [InlineData("a missing file above", "[x](../gone.md)")]
    [InlineData("a missing anchor", "# Here\n[x](#there)")]
    [InlineData("a missing anchor elsewhere", "[x](other.md#there)")]
    [InlineData("a missing picture", "![x](gone.png)")]
    [InlineData("a missing reference", "[x]: gone.md")]
    public void Broken_links_are_found(string fault, string text) => Assert.True(Scan(text).Any(), fault);

    [Theory]
    [InlineData("a file", "[x](other.md)")]
    [InlineData("a folder", "[x](../docs)")]
    [InlineData("an anchor", "# Here I am\n[x](#here-i-am)")]
    [InlineData("an anchor in Japanese", "# 証明書の発行\n[x](#証明書の発行)")]
    [InlineData("the second of two equal headings", "# A\n# A\n[x](#a-1)")]
    [InlineData("another site", "[x](https://example.org/gone)")]
    [InlineData("a link inside code", "`[x](gone.md)`\n```\n[x](gone.md)\n```")]
    public void Good_links_pass(string what, string text) => Assert.False(Scan(text).Any(), what);

    /// <summary>The links of one Markdown file that do not resolve.</summary>
    internal static IEnumerable<string> Broken(
        string file, string text, Func<string, bool> exists, Func<string, string> read)
    {
        foreach (Match link in Link().Matches(WithoutCode(text)))
        {
            var target = link.Groups["target"].Value;
            if (Scheme().IsMatch(target))
                continue;
            var (path, anchor) = target.Split('#', 2) is [var p, var a] ? (p, a) : (target, "");
            var resolved = path == "" ? file : Resolve(file, path);
            if (!exists(resolved))
                yield return $"{file}: {target}: no such file";
            else if (anchor != "" && !HasAnchor(path == "" ? text : read(resolved), anchor))
                yield return $"{file}: {target}: no such heading";
        }
    }

    private static IEnumerable<string> Scan(string text) =>
        Broken("docs/x.md", text, path => path is "docs/x.md" or "docs/other.md" or "docs", _ => "# Other");

    private static string Resolve(string file, string path) =>
        Path.GetRelativePath("/", Path.GetFullPath(Path.Combine("/", Path.GetDirectoryName(file)!, path)));

    private static bool HasAnchor(string text, string anchor) =>
        Anchors(text).Contains(Uri.UnescapeDataString(anchor));

    /// <summary>The anchors that GitHub and Forgejo make of a file's headings.</summary>
    private static HashSet<string> Anchors(string text)
    {
        HashSet<string> anchors = [];
        foreach (Match heading in Heading().Matches(WithoutCode(text, inline: false)))
        {
            var slug = NotInSlug().Replace(heading.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-');
            var anchor = slug;
            for (var n = 1; !anchors.Add(anchor); n++)
                anchor = $"{slug}-{n}";
        }

        return anchors;
    }

    private static string WithoutCode(string text, bool inline = true)
    {
        var prose = Fence().Replace(text, "");
        return inline ? InlineCode().Replace(prose, "") : prose;
    }

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)[^)]*\)|^\[[^\]]+\]:\s*(?<target>\S+)", RegexOptions.Multiline)]
    private static partial Regex Link();

    [GeneratedRegex("^([a-z][a-z0-9+.-]*:|//)", RegexOptions.IgnoreCase)]
    private static partial Regex Scheme();

    [GeneratedRegex(@"^#{1,6}\s+(.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N}\p{M} _-]")]
    private static partial Regex NotInSlug();

    [GeneratedRegex("^(```|~~~).*?^\\1", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("`[^`\n]*`")]
    private static partial Regex InlineCode();
}
