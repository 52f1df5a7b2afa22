using Jpki.Fuzz;
using SharpFuzz;

// jpki-fuzz TARGET            under afl-fuzz: one input on standard input after the other
// jpki-fuzz TARGET FILE…      gives those files to the target, to see again what was found
if (args is not [var name, .. var files] || !Targets.All.TryGetValue(name, out var target))
{
    Console.Error.WriteLine($"jpki-fuzz: {string.Join('|', Targets.All.Keys)} [FILE…]");
    return 2;
}
foreach (var file in files)
    target(File.ReadAllBytes(file));
if (files.Length == 0)
{
    Fuzzer.OutOfProcess.Run(stream =>
    {
        using MemoryStream input = new();
        stream.CopyTo(input);
        target(input.ToArray());
    });
}
return 0;
