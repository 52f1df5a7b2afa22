using System.CommandLine;
using System.Text;
using Jpki.Host;
using Jpki.Host.Commands;

Console.OutputEncoding = Encoding.UTF8;

RootCommand root = new("公的個人認証サービス、県ひとつ分。A prefecture's certification service, whole.")
{
    UpCommand.Create(),
    SandboxCommands.Create(),
    CardCommands.Create(),
    LedgerCommands.Create(),
    HsmCommands.Create(),
    CeremonyCommands.Create(),
    OfficerCommands.Create(),
    LintCommand.Create(),
    ValidateCommand.Create(),
    ShowCommand.Create(),
    DrillCommand.Create(),
    HandoverCommand.Create(),
};

return await CommandLine.Run(root, args);
