using System.Text;
using Jpki.Hsm;
using Jpki.Tests.Rooms.Hsm;
using Xunit;

namespace Jpki.Tests.Scenarios;

/// <summary>The same prefecture on the database and the key module that a site may choose instead.</summary>
public sealed class AnotherMachineRoom(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    [Fact, Cps("6-2-1")]
    public async Task With_PostgreSQL_and_a_PKCS11_token_issues_revokes_and_keeps_everything_over_a_kill()
    {
        await using RunningPrefecture prefecture = new();
        prefecture.MoreOptions = Options(prefecture, postgres.NewDatabase(), SoftHsm.Prefecture);
        await prefecture.Start();
        var issued = AKilledPrefecture.Issue(prefecture, "11201", "postgres", 2);

        await prefecture.Kill();
        await prefecture.Start();
        prefecture.Jpki("sandbox", "revoke", "--serial", issued[1], "--reason", "keyCompromise").Succeeded();
        prefecture.Jpki("sandbox", "publish").Succeeded();

        AKilledPrefecture.AssertLogsAreWhole(prefecture);
        Assert.Empty(Directory.GetFiles(Path.Combine(prefecture.Data, "authority", "keys")));
        Assert.Empty(Directory.GetFiles(prefecture.Data, "*.db", SearchOption.AllDirectories));
    }

    internal static IReadOnlyList<string> Options(RunningPrefecture prefecture, string database, string token)
    {
        var pin = Path.Combine(prefecture.Scratch("pin"), "pin");
        SecretFile.Write(pin, Encoding.ASCII.GetBytes(SoftHsm.Pin));
        return
        [
            "--database", database,
            "--hsm", $"pkcs11:{SoftHsm.Module}?token={token}&pin-source={pin}",
        ];
    }
}
