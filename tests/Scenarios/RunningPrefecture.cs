using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Jpki.Hsm;
using Xunit;

namespace Jpki.Tests.Scenarios;

/// <summary>
/// A whole prefecture, started as an operator starts it: <c>jpki up</c> in a process of its own, on free ports, in a
/// folder of its own. It can be killed and started again.
/// </summary>
public sealed class RunningPrefecture : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Below the ports that clients are given.</summary>
    private static int LastPort = 10_000 + Environment.ProcessId % 97 * 10;

    private readonly ScratchFolder folder = new();
    private Process? process;
    private Task reading = Task.CompletedTask;

    public int Port { get; } = FreePorts();

    public string Data => Path.Combine(folder.Root, "prefecture");

    /// <summary>Where a test may write what it gets.</summary>
    public string Scratch(string name) => Directory.CreateDirectory(Path.Combine(folder.Root, name)).FullName;

    public JsonElement Endpoints =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Data, "endpoints.json"))).RootElement;

    public string Door(string name) => Endpoints.GetProperty(name).GetString()!;

    internal IReadOnlyList<string> MoreOptions { get; set; } = [];

    internal int Residents { get; set; } = 300;

    public async ValueTask InitializeAsync() => await Start();

    public async Task Start()
    {
        process = Begin();
        var errors = process.StandardError.ReadToEndAsync();
        using CancellationTokenSource patience = new(Patience);
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (line == "ready")
            {
                reading = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                return;
            }
        }
        await process.WaitForExitAsync(patience.Token);
        throw new InvalidOperationException(
            $"jpki up ended with {process.ExitCode} before it was ready:\n{await errors}");
    }

    /// <summary>Begins to start, and is killed after a while, whatever it was doing.</summary>
    public async Task KillWhileStarting(TimeSpan after)
    {
        process = Begin();
        reading = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await Task.Delay(after);
        await Kill();
    }

    /// <summary>Begins to start, and is killed as soon as it says that on its way.</summary>
    internal async Task KillWhenItSays(string words)
    {
        process = Begin();
        var output = process.StandardOutput.ReadToEndAsync();
        using CancellationTokenSource patience = new(Patience);
        while (await process.StandardError.ReadLineAsync(patience.Token) is { } line)
        {
            if (!line.Contains(words, StringComparison.Ordinal))
                continue;
            reading = Task.WhenAll(output, process.StandardError.ReadToEndAsync(CancellationToken.None));
            await Kill();
            return;
        }
        throw new InvalidOperationException($"jpki up never said \"{words}\"");
    }

    /// <summary>kill -9: no warning, no clean-up.</summary>
    public async Task Kill()
    {
        process!.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        await reading;
    }

    /// <summary>Ctrl-C.</summary>
    public async Task<int> Interrupt()
    {
        Tool.Run("kill", "-INT", $"{process!.Id}").Succeeded();
        using CancellationTokenSource patience = new(Patience);
        await process.WaitForExitAsync(patience.Token);
        await reading;
        return process.ExitCode;
    }

    /// <summary>Runs another jpki command against this prefecture.</summary>
    internal ToolAnswer Jpki(params string[] arguments) => Tool.Run("dotnet", [Program, .. arguments, "--data", Data]);

    /// <summary>Somebody comes with the code of his letter; his key and certificate go where his scratch is.</summary>
    internal ToolAnswer Enrol(string id, string code)
    {
        var folder = Scratch(id);
        SecretFile.Write(Path.Combine(folder, "code"), Encoding.UTF8.GetBytes(code));
        SecretFile.Write(Path.Combine(folder, "password"), "correct horse battery"u8);
        return Jpki("officer", "enrol", "--id", id, "--out", folder, "--secrets", folder);
    }

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
            await Kill();
        process?.Dispose();
        folder.Dispose();
    }

    internal static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "jpki.dll");

    private Process Begin() => Process.Start(new ProcessStartInfo("dotnet",
        [Program, "up", "--data", Data, "--port", $"{Port}",
            .. File.Exists(Path.Combine(Data, "site.json")) ? [] : First()])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private List<string> First() => ["--residents", $"{Residents}", "--seed", "7", .. MoreOptions];

    /// <summary>A base whose whole family of ports is free now, and that no other test of this run was given.</summary>
    internal static int FreePorts()
    {
        while (true)
        {
            // No two families so far apart share a port.
            var at = Interlocked.Add(ref LastPort, 47);
            if (at > 31_000)
                throw new InvalidOperationException("no free ports");
            if (Enumerable.Range(0, 10).Append(389).Append(390).Append(636).All(offset => IsFree(at + offset)))
                return at;
        }
    }

    private static bool IsFree(int port)
    {
        using Socket probe = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

/// <summary>The tests that share one running prefecture.</summary>
[CollectionDefinition(Name)]
public sealed class PrefectureTests : ICollectionFixture<RunningPrefecture>
{
    public const string Name = "one running prefecture";
}
