using System.ComponentModel;
using System.Diagnostics;
using Xunit;

namespace Jpki.Tests;

/// <summary>What a foreign program answered.</summary>
internal sealed record ToolAnswer(int ExitCode, byte[] Output, string Errors)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Output);

    /// <summary>This answer, if the program was content; else the test fails with what the program said.</summary>
    public ToolAnswer Succeeded()
    {
        Assert.True(ExitCode == 0, $"exit {ExitCode}\n{Text}\n{Errors}");
        return this;
    }
}

/// <summary>Runs a program that we did not write, to judge what we did. A missing one fails the test.</summary>
internal static class Tool
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static ToolAnswer Run(string program, params string[] arguments) => Run(program, null, arguments);

    /// <summary>Hands <paramref name="input"/> to the program's standard input.</summary>
    public static ToolAnswer Run(string program, byte[]? input, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Start(start);
        using var output = new MemoryStream();
        // All three at once, or a full pipe would stop both sides.
        var reading = process.StandardOutput.BaseStream.CopyToAsync(output);
        var errors = process.StandardError.ReadToEndAsync();
        var writing = Feed(process, input ?? []);
        if (!Task.WaitAll([reading, errors, writing], Patience) || !process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} did not end within {Patience}");
        }

        return new(process.ExitCode, output.ToArray(), errors.Result);
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException($"{start.FileName} is missing; ./test says how to install it", e);
        }
    }

    private static async Task Feed(Process process, byte[] input)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // A program may answer before it has read everything; its exit code tells what it thought.
        }
    }
}

/// <summary>A folder of a test's own, gone when the test is over.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("jpki-test-").FullName;

    /// <summary>The path of a file in it.</summary>
    public string this[string name] => Path.Combine(Root, name);

    /// <summary>Writes a file and gives its path.</summary>
    public string Write(string name, ReadOnlySpan<byte> content)
    {
        var path = Path.Combine(Root, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    public string WritePem(string name, string label, ReadOnlyMemory<byte> der) => Write(name,
        System.Text.Encoding.ASCII.GetBytes(
            System.Security.Cryptography.PemEncoding.WriteString(label, der.Span) + "\n"));

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
