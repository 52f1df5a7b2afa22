using System.Text.Json;
using Jpki.Bench;

object? measured = args is [var what, ..]
    ? what switch
    {
        "startup" => await StartupBench.Measure(),
        "validate" => ValidationReport.Measure(),
        "profiles" => ProfilesBench.Measure(Number("--seconds", 10)),
        "hsm" => HsmBench.Measure(Number("--seconds", 12)),
        "card" => CardBench.Measure(Number("--seconds", 12)),
        "issue" => await IssueBench.Measure(Number("--terminals", 5), Number("--seconds", 5)),
        "register" => await RegisterBench.Measure(Number("--people", 1_000_000)),
        "crl" => CrlBench.Measure(Number("--seconds", 10), Number("--entries", 1_000_000)),
        "console" => await ConsoleBench.Measure(Number("--seconds", 30), Number("--certificates", 1_000_000)),
        _ => null,
    }
    : null;
if (measured is null)
{
    Console.Error.WriteLine(
        "jpki bench: startup | issue [--terminals N] | validate | profiles | hsm | card | register [--people N] | "
        + "crl [--entries N] | "
        + "console [--certificates N], [--seconds N] [--json]");
    return 2;
}
Console.Out.WriteLine(args.Contains("--json")
    ? JsonSerializer.Serialize(measured, measured.GetType(), JsonSerializerOptions.Web)
    : measured);
return 0;

int Number(string option, int otherwise) =>
    Array.IndexOf(args, option) is >= 0 and var at && at + 1 < args.Length && int.TryParse(args[at + 1], out var n)
        ? n
        : otherwise;
