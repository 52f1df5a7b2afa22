using System.Text.Json;
using Xunit;

namespace Jpki.Tests.Scenarios;

/// <summary>The rare acts on a prefecture that goes away afterwards, as an operator tries them.</summary>
public sealed class ADrill
{
    [Fact, Cps("4-14-2"), Cps("4-13")]
    public void Of_a_compromise_revokes_everything_while_a_verifier_is_answered_and_loses_nothing()
    {
        using ScratchFolder folder = new();

        var said = Tool.Run("dotnet", RunningPrefecture.Program, "drill", "compromise", "--certificates", "2000",
            "--port", $"{RunningPrefecture.FreePorts()}", "--data", folder["none"], "--json").Succeeded();

        var report = JsonDocument.Parse(said.Text).RootElement;
        Assert.Equal(0, report.GetProperty("lost").GetArrayLength());
        var ocsp = report.GetProperty("ocsp");
        Assert.Equal(0, ocsp.GetProperty("silent").GetInt32());
        Assert.True(ocsp.GetProperty("asked").GetInt32() > 5);
        Assert.Equal(JsonValueKind.Number, ocsp.GetProperty("revokedAfterSeconds").ValueKind);
        Assert.Contains(report.GetProperty("steps").EnumerateArray(), s =>
            s.GetProperty("what").GetString()!.Contains("1900 Resident", StringComparison.Ordinal));
        Assert.True(report.GetProperty("limit").GetProperty("seconds").GetDouble() > 0);
    }
}
