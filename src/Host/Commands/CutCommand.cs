using System.CommandLine;
using Jpki.Cps;
using Jpki.Forms;

namespace Jpki.Host.Commands;

/// <summary><c>jpki sandbox cut</c>: the governor revokes what he gave the bridge CA. (CPS 4-10)</summary>
internal static class CutCommand
{
    private static readonly Option<CrossEnd> Cause = new("--cause")
    {
        Description = "事由 / why: Termination, KeyCompromise, Renewal",
        DefaultValueFactory = _ => CrossEnd.Termination,
    };

    public static Command Create()
    {
        Command cut = new("cut", "個人認証 BCA との相互認証を切る / revoke the cross certificate of the bridge CA")
        {
            DataOption.Data, Cause,
        };
        cut.SetAction(async (parsed, _) =>
        {
            using SandboxClient sandbox = new(Endpoints.Read(DataOption.Of(parsed)));
            CrossVisit cross = new(sandbox);
            var ours = (await cross.Standing()).FirstOrDefault(s => s.IsOurs)
                ?? throw new UsageException("there is no cross certificate to revoke: jpki sandbox official makes one");
            var ended = await cross.Lead(
                "cross-revocation", Duties.RevokeCrossCertificate,
                new CrossRevocation(ours.Serial, parsed.GetValue(Cause), CrossParty.Governor));
            CommandLine.Print(parsed, ended.Answer!, () => Console.Out.WriteLine(
                $"相互認証証明書 {ours.Serial} は失効し、ARL に載りました。 {ours.Serial} is revoked and on the ARL."));
            return ExitCode.Done;
        });
        return cut;
    }
}
