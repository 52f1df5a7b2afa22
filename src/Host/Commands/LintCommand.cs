using System.CommandLine;

namespace Jpki.Host.Commands;

/// <summary><c>jpki lint</c>.</summary>
internal static class LintCommand
{
    public static Command Create()
    {
        Argument<string> kind = new("kind") { Description = "certificate, crl, ocsp" };
        Argument<string[]> files = new("files") { Arity = ArgumentArity.OneOrMore };
        Command lint = new("lint", "証明書等を規則に照らす（未実装） / check files against the profiles (not yet)") { kind, files };
        lint.SetAction(_ =>
        {
            Console.Error.WriteLine("jpki: lint is not there yet; nothing was checked");
            return ExitCode.Broken;
        });
        return lint;
    }
}
