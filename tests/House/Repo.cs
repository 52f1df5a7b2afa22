namespace Jpki.Tests.House;

/// <summary>Where this checkout lies, for tests that read its files.</summary>
internal static class Repo
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Jpki.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("no Jpki.slnx above the test binaries");
    }
}
