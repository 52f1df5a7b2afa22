using Xunit;

namespace Jpki.Tests.House;

/// <summary>What a house rule objects to, all of it at once.</summary>
internal static class Findings
{
    public static void None(IEnumerable<string> findings)
    {
        var all = string.Join('\n', findings);
        if (all != "")
            Assert.Fail(all);
    }
}
