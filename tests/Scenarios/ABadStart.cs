using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Jpki.Tests.Scenarios;

/// <summary>
/// A start that cannot be: it ends at once, says what is wrong and what to do, and leaves nothing half open.
/// </summary>
public sealed class ABadStart : IDisposable
{
    private readonly ScratchFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("--colour", "--colour", "red")]
    [InlineData("--residents", "--residents", "many")]
    [InlineData("--residents", "--residents", "-1")]
    [InlineData("--port", "--port", "70000")]
    [InlineData("--database", "--database", "oracle")]
    [InlineData("--hsm", "--hsm", "pkcs11:/lib/x.so?token=CA&pin=1234")]
    [InlineData("--hsm", "--hsm", "smartcard")]
    public void Is_refused_for_an_option_that_is_unknown_or_out_of_range(string named, params string[] options)
    {
        var answer = Up(options);

        Assert.Equal(2, answer.ExitCode);
        Assert.Contains(named.TrimStart('-'), answer.Errors);
        Assert.False(File.Exists(folder["site.json"]));
    }

    [Theory]
    [InlineData("colour", """
        {"port":7000,"residents":1,"seed":1,"database":"sqlite","hsm":"software","colour":"red"}
        """)]
    [InlineData("seed", """{"port":7000,"residents":1,"database":"sqlite","hsm":"software"}""")]
    [InlineData("site.json", """{"port":7000,""")]
    [InlineData("operationsHsm", """
        {"port":7000,"residents":1,"seed":1,"database":"sqlite","hsm":"software",
        "operationsHsm":"pkcs11:/lib/x.so?token=CA&activation=/run/CA.pin"}
        """)]
    [InlineData("address", """
        {"port":7000,"residents":1,"seed":1,"database":"sqlite","hsm":"software","address":"all"}
        """)]
    public void Is_refused_for_a_site_file_with_a_key_that_is_unknown_missing_or_wrong(string named, string json)
    {
        File.WriteAllText(folder["site.json"], json);

        var answer = Up();

        Assert.Equal(2, answer.ExitCode);
        Assert.Contains(named, answer.Errors);
    }

    [Fact]
    public void Names_the_port_that_is_in_use()
    {
        var first = RunningPrefecture.FreePorts();
        using Socket taken = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, first + 3));
        taken.Listen();

        var answer = Up("--port", $"{first}", "--residents", "0");

        Assert.Equal(3, answer.ExitCode);
        Assert.Contains($"port {first + 3}", answer.Errors);
        Assert.DoesNotContain("   at ", answer.Errors);
    }

    [Fact]
    public void Says_that_the_database_cannot_be_reached()
    {
        var answer = Up("--database", "postgres://nobody@127.0.0.1:1/none");

        Assert.Equal(3, answer.ExitCode);
        Assert.Contains("127.0.0.1:1", answer.Errors);
    }

    [Fact]
    public void Says_that_the_key_module_is_not_there()
    {
        var answer = Up("--hsm", $"pkcs11:{folder["none.so"]}?token=CA&pin-source={folder["pin"]}");

        Assert.Equal(3, answer.ExitCode);
        Assert.DoesNotContain("   at ", answer.Errors);
    }

    private ToolAnswer Up(params string[] options) =>
        Tool.Run("dotnet", [RunningPrefecture.Program, "up", "--data", folder.Root, .. options]);
}
