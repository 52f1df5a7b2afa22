using System.Text.Json;
using Jpki.Bench;

if (args is not ["startup", ..])
{
    Console.Error.WriteLine("jpki bench: startup [--json] (the others come with what they measure)");
    return 2;
}

var measured = await StartupBench.Measure();
if (args.Contains("--json"))
    Console.Out.WriteLine(JsonSerializer.Serialize(measured, JsonSerializerOptions.Web));
else
    Console.Out.WriteLine(measured);
return 0;
