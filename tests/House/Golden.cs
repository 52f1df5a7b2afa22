using Xunit;

namespace Jpki.Tests.House;

/// <summary>Text that we generate and keep, so that a review shows when it changes.</summary>
internal static class Golden
{
    private static bool Blessing => Environment.GetEnvironmentVariable("JPKI_BLESS") == "1";

    /// <summary>Fails when the kept file is not what is generated today; <c>JPKI_BLESS=1</c> rewrites it.</summary>
    public static void Check(string file, string today)
    {
        var path = Path.Combine(Repo.Root, file);
        if (Blessing && (today != "" || File.Exists(path)))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, today);
        }

        if (Difference(File.Exists(path) ? File.ReadAllText(path) : "", today) is { } difference)
            Assert.Fail($"{file} is stale: {difference}\nRegenerate it with: JPKI_BLESS=1 ./test");
    }

    /// <summary>Where two texts first part; null when they are the same.</summary>
    public static string? Difference(string kept, string today)
    {
        if (kept == today)
            return null;
        string[] old = kept.Split('\n'), now = today.Split('\n');
        var line = Enumerable.Range(0, Math.Max(old.Length, now.Length))
            .First(i => old.ElementAtOrDefault(i) != now.ElementAtOrDefault(i));
        return $"line {line + 1}\n  kept:  {old.ElementAtOrDefault(line)}\n  today: {now.ElementAtOrDefault(line)}";
    }
}
