using System.Diagnostics;
using System.Runtime.InteropServices;
using Jpki.Tests.Scenarios;
using Xunit;

namespace Jpki.Tests;

/// <summary>
/// Debian's pcscd with the two virtual readers of vsmartcard-vpcd, in a network and a mount namespace of their own: its
/// ports and its socket belong to the whole machine otherwise, and another's card would answer.
/// </summary>
public sealed class VirtualReaders : IDisposable
{
    public const string First = "Virtual PCD 00 00";
    public const string Second = "Virtual PCD 00 01";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Ends when its standard input does, also when this process is killed.</summary>
    private const string Script =
        """
        mkdir -p /run/pcscd
        mount --bind "$0" /run/pcscd
        ip link set lo up
        pcscd --foreground &
        echo ready
        cat
        kill $!
        wait
        """;

    private readonly ScratchFolder folder = new();
    private readonly Process room;

    public VirtualReaders()
    {
        var socket = Directory.CreateDirectory(Path.Combine(folder.Root, "pcscd")).FullName;
        room = Begin("unshare",
            [.. Environment.UserName == "root" ? Array.Empty<string>() : ["--map-root-user"],
                "--mount", "--net", "--propagation", "private", "bash", "-ec", Script, socket]);
        Assert.Equal("ready", room.StandardOutput.ReadLine() ?? room.StandardError.ReadToEnd());
        Until(() => File.Exists(Path.Combine(socket, "pcscd.comm")), "pcscd did not start; ./test installs it");
        // The client library asks the C library's environment, and remembers the answer.
        _ = SetEnv("PCSCLITE_CSOCK_NAME", Path.Combine(socket, "pcscd.comm"), 1);
    }

    /// <summary>Runs a program that sees these readers and no others.</summary>
    internal ToolAnswer Run(string program, params string[] arguments) =>
        Tool.Run("nsenter", [.. Inside(), program, .. arguments]);

    internal ToolAnswer Jpki(params string[] arguments) => Run("dotnet", [RunningPrefecture.Program, .. arguments]);

    /// <summary>Puts a card into a reader with <c>jpki card insert</c>, until it is disposed of.</summary>
    internal InsertedCard Insert(string file, string reader = First)
    {
        var port = reader == First ? 35963 : 35964;
        var process = Begin("nsenter",
            [.. Inside(), "dotnet", RunningPrefecture.Program, "card", "insert", file, "--vpcd", $"127.0.0.1:{port}"]);
        InsertedCard card = new(process);
        Assert.Contains("inserted", process.StandardOutput.ReadLine() ?? process.StandardError.ReadToEnd());
        Until(() => Run("opensc-tool", "--list-readers").Text.Split('\n').Any(
            line => line.Contains(reader, StringComparison.Ordinal) && line.Contains("Yes", StringComparison.Ordinal)),
            $"no card came into {reader}");
        return card;
    }

    public void Dispose()
    {
        room.StandardInput.Close();
        room.WaitForExit();
        room.Dispose();
        folder.Dispose();
    }

    internal static void Until(Func<bool> isSo, string complaint)
    {
        for (var clock = Stopwatch.StartNew(); !isSo(); Thread.Sleep(50))
            Assert.True(clock.Elapsed < Patience, complaint);
    }

    private string[] Inside() => ["--target", $"{room.Id}", "--mount", "--net", "--wd=/"];

    private static Process Begin(string program, IEnumerable<string> arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    [DllImport("libc", EntryPoint = "setenv")]
    private static extern int SetEnv(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value,
        int overwrite);
}

/// <summary>A running <c>jpki card insert</c>.</summary>
internal sealed class InsertedCard(Process process) : IDisposable
{
    /// <summary>Ctrl-C, SIGTERM or nothing at all: the exit code.</summary>
    public int TakeOut(string signal)
    {
        Tool.Run("kill", $"-{signal}", $"{process.Id}").Succeeded();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(10)), "jpki card insert did not end");
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
    }
}

/// <summary>One pcscd for all tests of this collection: its client library knows only one in a process.</summary>
[CollectionDefinition(Name)]
public sealed class CardsInReaders : ICollectionFixture<VirtualReaders>
{
    public const string Name = "Cards in readers";
}
