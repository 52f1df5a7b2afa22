using System.CommandLine;
using Jpki.Hsm;

namespace Jpki.Host.Commands;

/// <summary><c>jpki hsm doctor</c>: is this token fit to keep the governor's key, and if not, what to do.</summary>
internal static class HsmCommands
{
    private static readonly Option<string> Hsm = new("--hsm")
    {
        Description = "software か pkcs11:MODULE?token=LABEL / where the keys are",
        Required = true,
    };

    public static Command Create()
    {
        Command doctor = new("doctor", "HSM を診る（何も変えない） / examine the HSM; changes nothing") { Hsm };
        doctor.SetAction(Examine);
        return new("hsm", "暗号モジュール / the hardware security module") { doctor };
    }

    private static int Examine(ParseResult parsed)
    {
        var diagnosis = Doctor.Examine(Location(parsed.GetValue(Hsm)!));
        CommandLine.Print(parsed, diagnosis, () =>
        {
            foreach (var line in diagnosis.Lines)
                Console.Out.WriteLine($"{(line.IsWell ? "良 ok   " : "否 FAULT")} {line.Check,-10}  {line.Said}");
            Console.Out.WriteLine(diagnosis.Advice);
        });
        return diagnosis.IsWell ? ExitCode.Done : ExitCode.Broken;
    }

    private static HsmLocation Location(string text)
    {
        try
        {
            return HsmLocation.Parse(text);
        }
        catch (FormatException e)
        {
            throw new UsageException(e.Message);
        }
    }
}
