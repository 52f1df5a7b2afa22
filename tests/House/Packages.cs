using System.Xml.Linq;
using Xunit;

namespace Jpki.Tests.House;

/// <summary>What we depend on is written in one place, to the byte.</summary>
public sealed class Packages
{
    private static IEnumerable<string> Projects => Tree.Files(".csproj");

    [Fact]
    public void Every_project_is_locked() =>
        Findings.None(Projects.Where(project => !Tree.Exists(Beside(project, "packages.lock.json"))));

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = Tree.Read("Jpki.slnx");

        Findings.None(Projects.Where(project => !solution.Contains($"\"{project}\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void No_project_names_a_version() =>
        Findings.None(Projects.SelectMany(project => Versions(Tree.Read(project)).Select(v => $"{project}: {v}")));

    [Theory]
    [InlineData("""<Project><ItemGroup><PackageReference Include="A" Version="1.0" /></ItemGroup></Project>""")]
    [InlineData("""<Project><PackageReference><Version>1</Version></PackageReference></Project>""")]
    [InlineData("""<Project><ItemGroup><PackageReference Include="A" VersionOverride="1.0" /></ItemGroup></Project>""")]
    public void A_version_in_a_project_is_found(string project) => Assert.Single(Versions(project));

    [Fact]
    public void A_reference_without_a_version_passes() => Assert.Empty(
        Versions("""<Project><ItemGroup><PackageReference Include="A" PrivateAssets="all" /></ItemGroup></Project>"""));

    internal static IEnumerable<string> Versions(string project) =>
        from reference in XDocument.Parse(project).Descendants("PackageReference")
        where reference.Attributes().Any(a => a.Name.LocalName.StartsWith("Version", StringComparison.Ordinal))
            || reference.Element("Version") is not null
        select $"{reference.Attribute("Include")?.Value} has a version of its own";

    private static string Beside(string project, string file) => $"{Path.GetDirectoryName(project)}/{file}";
}
