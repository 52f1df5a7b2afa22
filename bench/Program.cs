using System.Globalization;
using System.Text.Json;
using Jpki.Bench;

object? measured = args switch
{
    ["startup", ..] => await StartupBench.Measure(),
    ["hsm", ..] => HsmBench.Measure(Seconds(args)),
    _ => null,
};
if (measured is null)
{
    Console.Error.WriteLine("jpki bench: startup|hsm [--seconds N] [--json] (the others come with what they measure)");
    return 2;
}
Console.Out.WriteLine(args.Contains("--json")
    ? JsonSerializer.Serialize(measured, measured.GetType(), JsonSerializerOptions.Web)
    : measured);
return 0;

static double Seconds(string[] args) => args.Index().FirstOrDefault(a => a.Item == "--seconds") is { Item: not null } at
    ? double.Parse(args[at.Index + 1], CultureInfo.InvariantCulture)
    : 12;
