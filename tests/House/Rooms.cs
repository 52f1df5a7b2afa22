using System.Xml.Linq;
using Xunit;

namespace Jpki.Tests.House;

/// <summary>Keeps the floor plan true: foundations hold up rooms, and no room leans on another.</summary>
public sealed class Rooms
{
    /// <summary>From the ground up. A project may reference only what stands before it.</summary>
    private static readonly string[] Foundations = ["X509", "Cps", "Forms", "Ledger", "Hsm", "Card"];

    public static TheoryData<string> All =>
        [.. Directory.GetDirectories(Path.Combine(Repo.Root, "src"))
            .Select(d => Path.GetFileName(d))
            .Where(room => room != "Host")];

    [Theory, MemberData(nameof(All))]
    public void Stand_only_on_foundations(string room)
    {
        var standsOn = Array.IndexOf(Foundations, room) is >= 0 and var floor ? Foundations[..floor] : Foundations;

        var references = XDocument.Load(Path.Combine(Repo.Root, "src", room, room + ".csproj"))
            .Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value));

        Assert.Subset(standsOn.ToHashSet(), references.ToHashSet());
    }
}
