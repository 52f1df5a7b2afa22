using System.Text.Json;
using Jpki.Bench;

object? measured = args switch
{
    ["startup", ..] => await StartupBench.Measure(),
    ["validate", ..] => ValidationReport.Measure(),
    _ => null,
};
if (measured is null)
{
    Console.Error.WriteLine("jpki bench: startup|validate [--json] (the others come with what they measure)");
    return 2;
}
Console.Out.WriteLine(args.Contains("--json")
    ? JsonSerializer.Serialize(measured, JsonSerializerOptions.Web) : measured.ToString());
return 0;
