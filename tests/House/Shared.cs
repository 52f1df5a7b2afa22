using Xunit;

namespace Jpki.Tests.House;

/// <summary>
/// Papers that lie beside the checkout and are not copied into it: <c>$JPKI_SHARED</c>, else <c>../shared</c>.
/// A test without them is skipped and says so; <c>JPKI_REQUIRE_CONFORMANCE=1</c> makes it fail instead.
/// </summary>
internal static class Shared
{
    public static string Read(string file) => System.Text.Encoding.UTF8.GetString(ReadBytes(file));

    public static byte[] ReadBytes(string file)
    {
        var folder = Environment.GetEnvironmentVariable("JPKI_SHARED") ?? Path.Combine(Repo.Root, "..", "shared");
        var path = Path.GetFullPath(Path.Combine(folder, file));
        if (File.Exists(path))
            return File.ReadAllBytes(path);

        if (Environment.GetEnvironmentVariable("JPKI_REQUIRE_CONFORMANCE") == "1")
            Assert.Fail($"{path} is missing");
        Assert.Skip($"{path} is missing (JPKI_SHARED names another folder)");
        return [];
    }
}
