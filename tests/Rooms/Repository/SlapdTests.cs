using Xunit;

namespace Jpki.Tests.Rooms.Repository;

/// <summary>OpenLDAP's server, loaded with our own entries, is asked the same as ours and must find the same.</summary>
public sealed class SlapdTests
{
    private const string Governor = DirectoryRoom.AuthorityDn;

    // Left out: approximate and extensible matches and language tags, which slapd has and we do not.
    private static readonly string[] Filters =
    [
        "(objectClass=*)", "(objectClass=organizationalUnit)", "(objectClass=2.5.6.5)", "(objectClass=PKICA)",
        "(objectClass=unheardOf)", "(!(objectClass=unheardOf))", "(ou=*)", "(OU=saitama-KEN)", "(2.5.4.11=Saitama-ken)",
        "(organizationalUnitName=Saitama-ken)", "(ou=saitama  prefecture)", "(ou= Saitama Prefecture )", "(ou=sai*)",
        "(ou=*ken)", "(ou=*governor*saitama*)", "(ou=*saitama*governor*)", "(ou=s*a*-*n)", "(ou=The Governor*)",
        "(ou=*  of  *)", "(cn=kawagoe*)", "(!(cn=*))", "(!(ou=Saitama-ken))", "(&)", "(|)", "(!(&))",
        "(&(ou=*)(!(ou=s*)))", "(|(c=jp)(o=jpki-test))", "(|(c=jp)(unheardOf=x))", "(&(c=jp)(unheardOf=x))",
        "(!(unheardOf=x))", "(unheardOf=*)", "(!(|(c=jp)(unheardOf=x)))", "(!(&(c=jp)(unheardOf=x)))",
        "(cACertificate=*)", "(cACertificate;binary=*)", "(ou;lang-ja=*)", "(cn;binary=*)",
        "(c=J*)", "(c=*P)", "(ou>=a)", "(!(ou>=a))",
        $"(entryDN={Governor})", "(entryDN=C=jp)", "(entryDN=not a name)", "(hasSubordinates=TRUE)",
        "(structuralObjectClass=organizationalUnit)",
    ];

    [Fact]
    public async Task The_same_filters_find_the_same_entries()
    {
        await using var room = await DirectoryRoom.Open();
        var ldif = room.Search("-b", "c=JP", "*").Succeeded().Text;
        using var slapd = Slapd.Start(room.Scratch, ldif);
        List<string> differences = [];

        foreach (var filter in Filters)
        {
            var ours = Found(room, room.Ldap, "c=JP", "sub", filter);
            var theirs = Found(room, slapd.Url, "c=JP", "sub", filter);
            if (ours != theirs)
                differences.Add($"{filter}\nours: {ours}\nslapd: {theirs}");
        }

        Assert.True(differences.Count == 0, string.Join("\n\n", differences));
    }

    [Theory]
    [InlineData("one", "o=JPKI-TEST,c=JP")]
    [InlineData("base", "OU=\\53aitama Prefecture , O=jpki-test,C=JP")]
    [InlineData("base", "ou=Nowhere,o=JPKI-TEST,c=JP")]
    [InlineData("sub", "no name at all")]
    [InlineData("base", "ou=a+ou=b,o=JPKI-TEST,c=JP")]
    public async Task The_same_names_are_the_same_entries(string scope, string start)
    {
        await using var room = await DirectoryRoom.Open();
        using var slapd = Slapd.Start(room.Scratch, room.Search("-b", "c=JP", "*").Succeeded().Text);

        Assert.Equal(
            Found(room, slapd.Url, start, scope, "(objectClass=*)"),
            Found(room, room.Ldap, start, scope, "(objectClass=*)"));
    }

    /// <summary>The exit code and the names found, in one order.</summary>
    private static string Found(DirectoryRoom room, string url, string start, string scope, string filter)
    {
        var answer = room.Run("ldapsearch",
            "-x", "-LLL", "-o", "ldif-wrap=no", "-H", url, "-b", start, "-s", scope, filter, "1.1");
        var names = answer.Text.Split('\n').Where(l => l.StartsWith("dn:", StringComparison.Ordinal))
            .Select(l => l.ToUpperInvariant()).Order(StringComparer.Ordinal);
        return $"{answer.ExitCode}: {string.Join(" | ", names)}";
    }
}
