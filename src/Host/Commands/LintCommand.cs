using System.CommandLine;
using Jpki.Cps;
using Jpki.Cps.Lint;

namespace Jpki.Host.Commands;

/// <summary><c>jpki lint certificate|crl|ocsp FILE…</c>: one line per finding; 1 when one is an error.</summary>
internal static class LintCommand
{
    private static readonly Argument<FileInfo[]> Files =
        new("files") { Description = "DER か PEM / DER or PEM", Arity = ArgumentArity.OneOrMore };

    private static readonly Option<CertificateKind?> Profile = new("--profile")
    {
        Description = "証明書の種類（指定がなければ内容から判断） / judge as this kind, whatever the certificate says it is",
    };

    public static Command Create() => new("lint", "証明書等を規則に照らす / check files against RFC 5280, RFC 6960 and CPS 7")
    {
        For("certificate", "証明書 / certificates", (file, profile) => LintFile.Certificates(file, profile)),
        For("crl", "失効記録 / CRLs and ARLs", (file, _) => LintFile.Crls(file)),
        For("ocsp", "OCSP応答 / OCSP responses", (file, _) => LintFile.Responses(file)),
    };

    private static Command For(
        string what, string description, Func<FileInfo, CertificateKind?, IEnumerable<LintLine>> lint)
    {
        Command command = new(what, description) { Files };
        if (what == "certificate")
            command.Options.Add(Profile);
        command.SetAction(parsed =>
        {
            var files = parsed.GetValue(Files)!;
            var profile = what == "certificate" ? parsed.GetValue(Profile) : null;
            LintLine[] lines =
            [
                .. files.SelectMany(file => lint(file, profile)),
                .. what == "certificate" && files.Length > 1 ? LintFile.SharedPrimes(files) : [],
            ];
            CommandLine.Print(parsed, lines, () =>
            {
                foreach (var line in lines)
                    Console.Out.WriteLine(files.Length > 1 ? $"{line.File}: {line}" : line.ToString());
            });
            return lines.Any(l => l.Level == LintLine.Error) ? ExitCode.Refused : ExitCode.Done;
        });
        return command;
    }
}

/// <summary>A finding, as it is printed.</summary>
internal sealed record LintLine(string File, string Level, string Rule, string Source, string Text)
{
    public const string Error = "error";

    public static LintLine Of(FileInfo file, Finding found) =>
        new(file.ToString(), found.Level.ToString().ToLowerInvariant(), found.Rule, found.Source, found.Text);

    public override string ToString() => $"{Level} {Rule} {Source}: {Text}";
}
