using Xunit;

namespace Jpki.Tests.Rooms.Repository;

/// <summary>Who may bind, what may be changed (nothing), and what the other clients of ldap-utils are told.</summary>
public sealed class LdapClientsTests
{
    [Fact, Cps("4-4-4-5")]
    public async Task A_password_is_not_taken_in_clear()
    {
        await using var room = await DirectoryRoom.Open();

        var answer = room.Run("ldapwhoami", "-x", "-H", room.Ldap, "-D", DirectoryRoom.VerifierDn, "-w",
            DirectoryRoom.Password);

        Assert.Equal(13, answer.ExitCode);
    }

    [Theory]
    [InlineData(DirectoryRoom.VerifierDn, "wrong", 49)]
    [InlineData("cn=nobody,c=JP", DirectoryRoom.Password, 49)]
    [InlineData("not a name", DirectoryRoom.Password, 49)]
    [InlineData(DirectoryRoom.VerifierDn, "", 53)]
    public async Task Whoever_is_not_admitted_cannot_bind(string name, string password, int code)
    {
        await using var room = await DirectoryRoom.Open();

        Assert.Equal(code, room.Run("ldapwhoami", "-x", "-ZZ", "-H", room.Ldap, "-D", name, "-w", password).ExitCode);
    }

    [Fact, Cps("4-11-2")]
    public async Task Binds_and_reads_of_CRLs_are_logged_with_the_verifiers_id_and_nothing_else_of_them()
    {
        await using var room = await DirectoryRoom.Open();

        room.SearchAsVerifier("-b", DirectoryRoom.KawagoeDn, "certificateRevocationList").Succeeded();
        room.Search("-b", DirectoryRoom.AuthorityDn).Succeeded();

        Assert.Equal(["ldap bind", "validity check by CRL"], room.Log.Select(e => e.What));
        Assert.All(room.Log, e => Assert.Equal(("ok", "V00001"), (e.Result, e.Source)));
        Assert.StartsWith("CN=Kawagoe-shi CRLDP,", room.Log.Last().About, StringComparison.Ordinal);
    }

    [Fact, Cps("2-6-4")]
    public async Task A_broken_log_does_not_close_the_shelves()
    {
        await using var room = await DirectoryRoom.Open();
        room.LogIsBroken = true;

        room.SearchAsVerifier("-b", DirectoryRoom.KawagoeDn, "certificateRevocationList").Succeeded();

        Assert.Contains("disk full", room.Shelves.Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_says_who_one_is()
    {
        await using var room = await DirectoryRoom.Open();

        Assert.Equal("anonymous", room.Run("ldapwhoami", "-x", "-H", room.Ldap).Succeeded().Text.Trim());
        Assert.Equal("dn:" + DirectoryRoom.VerifierDn, room.Run("ldapwhoami", "-x", "-H", room.Ldaps,
            "-D", DirectoryRoom.VerifierDn.ToUpperInvariant(), "-w", DirectoryRoom.Password).Succeeded().Text.Trim());
    }

    [Theory, Cps("2-6-1")]
    [InlineData("ldapdelete", DirectoryRoom.KawagoeDn)]
    [InlineData("ldapmodrdn", DirectoryRoom.KawagoeDn, "cn=other")]
    public async Task Nothing_can_be_changed_over_LDAP(string program, params string[] arguments)
    {
        await using var room = await DirectoryRoom.Open();

        var answer = room.Run(program, ["-x", "-ZZ", "-H", room.Ldap, .. arguments]);

        Assert.Equal(53, answer.ExitCode);
        Assert.Contains("read-only", answer.Text + answer.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("objectClass:pkica", 6)]
    [InlineData("ou:the governor of  SAITAMA prefecture", 6)]
    [InlineData("ou:another", 5)]
    [InlineData("cn:x", 16)]
    [InlineData("unheardOf:x", 17)]
    public async Task A_comparison_is_answered(string assertion, int code)
    {
        await using var room = await DirectoryRoom.Open();

        Assert.Equal(code, room.Run("ldapcompare", "-x", "-H", room.Ldap, DirectoryRoom.AuthorityDn, assertion)
            .ExitCode);
    }

    [Fact]
    public async Task What_the_server_cannot_do_it_says()
    {
        await using var room = await DirectoryRoom.Open();

        var unheardOf = room.Run("ldapexop", "-x", "-H", room.Ldap, "1.2.3.4");
        Assert.Contains("Protocol error (2)", unheardOf.Text + unheardOf.Errors, StringComparison.Ordinal);
        Assert.Equal(12, room.Search("-b", "c=JP", "-E", "!sss=cn").ExitCode);
        room.Search("-b", "c=JP", "-s", "base", "-E", "sss=cn").Succeeded();
    }
}
