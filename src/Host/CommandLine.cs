using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Ledger;
using Npgsql;

namespace Jpki.Host;

/// <summary>What a command came to. Scripts rely on these numbers.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The rules say no, or what was checked is invalid.</summary>
    public const int Refused = 1;

    /// <summary>Wrong usage, or input that cannot be read.</summary>
    public const int Usage = 2;

    /// <summary>Something outside is broken: disk, HSM, network.</summary>
    public const int Broken = 3;
}

/// <summary>A refusal on its way to standard error and exit code 1.</summary>
internal sealed class RefusedException(Refusal refusal) : Exception(refusal.Reason)
{
    public Refusal Refusal { get; } = refusal;
}

/// <summary>Runs a command and turns how it ended into words and an exit code, in one place for all commands.</summary>
internal static class CommandLine
{
    /// <summary>On every command: one JSON document on standard output, and nothing else there.</summary>
    public static Option<bool> Json { get; } =
        new("--json") { Description = "標準出力に JSON を一つ出す / print one JSON document", Recursive = true };

    public static async Task<int> Run(RootCommand root, string[] args)
    {
        root.Options.Add(Json);
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                Console.Error.WriteLine($"jpki: {error.Message}");
            Console.Error.WriteLine("使い方は --help で。 See --help.");
            return ExitCode.Usage;
        }
        try
        {
            return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false });
        }
        catch (RefusedException e)
        {
            Console.Error.WriteLine($"jpki: 拒否 refused ({e.Refusal.Clause}): {e.Refusal.Reason}");
            return ExitCode.Refused;
        }
        catch (UsageException e)
        {
            Console.Error.WriteLine($"jpki: {e.Message}");
            return ExitCode.Usage;
        }
        catch (Exception e) when (IsOutside(e))
        {
            Console.Error.WriteLine($"jpki: {e.Message}");
            return ExitCode.Broken;
        }
    }

    /// <summary>Prints <paramref name="value"/> as the command's one JSON document, or what people read.</summary>
    public static void Print<T>(ParseResult parsed, T value, Action forPeople)
    {
        if (!parsed.GetValue(Json))
        {
            forPeople();
            return;
        }
        // As it is made: a long list never stands in memory whole.
        using var output = Console.OpenStandardOutput();
        JsonSerializer.Serialize(output, value, FormJson.Indented);
        output.WriteByte((byte)'\n');
    }

    private static bool IsOutside(Exception e) => e is BrokenException or IOException or HttpRequestException
        or UnauthorizedAccessException or Hsm.HsmException or LedgerBrokenException or NpgsqlException
        or Microsoft.Data.Sqlite.SqliteException or SchemaException or CryptographicException;
}
