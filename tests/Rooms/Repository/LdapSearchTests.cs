using System.Security.Cryptography.X509Certificates;
using Jpki.Repository;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.Repository;

/// <summary>OpenLDAP's own clients, which know nothing of us, find what the practice statement says is there.</summary>
public sealed class LdapSearchTests
{
    [Fact, Cps("2-6-1"), Cps("2-6-3")]
    public async Task Anybody_reads_the_governors_certificate()
    {
        await using var room = await DirectoryRoom.Open();

        var answer = room.Search("-b", DirectoryRoom.AuthorityDn, "-s", "base", "cACertificate").Succeeded();

        var der = Value(answer, "cACertificate;binary");
        Assert.Equal(room.Pki.Certificate.Der.ToArray(), der);
        Assert.Contains("The Governor of Saitama Prefecture",
            Tool.Run("openssl", der, "x509", "-inform", "DER", "-noout", "-subject").Succeeded().Text,
                StringComparison.Ordinal);
    }

    [Fact, Cps("2-6-3"), Cps("7-2-2")]
    public async Task Anybody_reads_the_ARL()
    {
        await using var room = await DirectoryRoom.Open();

        var answer = room.Run("ldapsearch", "-x", "-LLL", "-o", "ldif-wrap=no", "-H", room.Ldap,
            "-b", DirectoryRoom.AuthorityDn, "(objectClass=pkiCA)", "authorityRevocationList;binary").Succeeded();

        Assert.Contains("Issuing Distribution Point: critical",
            CrlText(Value(answer, "authorityRevocationList;binary")), StringComparison.Ordinal);
    }

    [Theory, Cps("2-6-3"), Cps("4-4-4-5"), InlineData(true), InlineData(false)]
    public async Task An_admitted_verifier_reads_a_CRL(bool isLdaps)
    {
        await using var room = await DirectoryRoom.Open();
        await room.Shelves.Publish(
            crls: [room.Crl(2, new RevokedEntry(SerialNumber.Parse("1234AB"), TestPki.Start, 1))]);
        string[] door = isLdaps ? ["-H", room.Ldaps] : ["-H", room.Ldap, "-ZZ"];

        var answer = room.Run("ldapsearch",
            ["-x", "-LLL", "-o", "ldif-wrap=no", .. door, "-D", DirectoryRoom.VerifierDn,
            "-w", DirectoryRoom.Password, "-b", DirectoryRoom.KawagoeDn, "certificateRevocationList"]).Succeeded();

        var text = CrlText(Value(answer, "certificateRevocationList;binary"));
        Assert.Contains("Serial Number: 1234AB", text, StringComparison.Ordinal);
        Assert.Contains("Key Compromise", text, StringComparison.Ordinal);
    }

    [Fact, Cps("2-6-3"), Cps("4-4-4-5")]
    public async Task A_list_too_long_for_memory_is_read_from_its_file_also_by_who_began_before_the_next_one_came()
    {
        await using var room = await DirectoryRoom.Open(new() { LongestHeld = 1_000 });
        var entries = Enumerable.Range(1, 20_000)
            .Select(i => SerialNumber.FromUnsigned([1, (byte)(i >> 8), (byte)(i & 0xFF)]))
            .Select(serial => new RevokedEntry(serial, TestPki.Start, 1));
        var list = room.Crl(2, [.. entries]);
        await room.Shelves.Publish(crls: [list]);
        var before = room.Shelves.Tree;

        var answer = room.SearchAsVerifier("-b", DirectoryRoom.KawagoeDn, "(certificateRevocationList=*)").Succeeded();
        await room.Shelves.Publish(crls: [room.Crl(3)]);

        Assert.Equal(list, Value(answer, "certificateRevocationList;binary"));
        Assert.True(before.Find(DirectoryRoom.KawagoeDn, out _)!.Find(Schema.Crl)!.Matches(new(Schema.Crl, "", list)));
    }

    [Fact, Cps("2-6-3")]
    public async Task Whoever_is_not_admitted_is_told_why_there_is_no_CRL()
    {
        await using var room = await DirectoryRoom.Open();

        var answer = room.Search("-b", DirectoryRoom.KawagoeDn, "certificateRevocationList;binary");

        Assert.Equal(50, answer.ExitCode);
        Assert.Contains("CPS 2-6-3", answer.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("certificateRevocationList;binary", answer.Text, StringComparison.Ordinal);
    }

    [Theory, Cps("2-6-3")]
    [InlineData("(certificateRevocationList=*)")]
    [InlineData("(!(certificateRevocationList=*))")]
    [InlineData("(!(!(certificateRevocationList=*)))")]
    public async Task A_filter_tells_nothing_about_what_may_not_be_read(string filter)
    {
        await using var room = await DirectoryRoom.Open();

        Assert.Empty(room.Search("-b", "c=JP", filter, "1.1").Succeeded().Text.Trim());
    }

    [Fact, Cps("2-6-3")]
    public async Task The_entry_without_its_CRL_is_open_to_all()
    {
        await using var room = await DirectoryRoom.Open();

        var answer = room.Search("-b", DirectoryRoom.KawagoeDn).Succeeded();

        Assert.Contains("objectClass: cRLDistributionPoint", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("certificateRevocationList", answer.Text, StringComparison.Ordinal);
    }

    [Fact, Cps("4-4-4-5")]
    public async Task A_verifier_who_is_admitted_no_longer_reads_nothing_more()
    {
        await using var room = await DirectoryRoom.Open();
        room.Admissions = new(2, []);

        Assert.Equal(49, room.SearchAsVerifier("-b", DirectoryRoom.KawagoeDn, "certificateRevocationList").ExitCode);
    }

    [Fact]
    public async Task The_verifiers_client_certificate_opens_the_restricted_shelf_too()
    {
        await using var room = await DirectoryRoom.Open();
        room.Variables.Add("LDAPTLS_CERT=" + room.Scratch.WritePem("v.pem", "CERTIFICATE",
            room.VerifierCertificate.RawData));
        using var key = room.VerifierCertificate.GetECDsaPrivateKey()!;
        room.Variables.Add("LDAPTLS_KEY=" + room.Scratch.WritePem("v.key", "PRIVATE KEY", key.ExportPkcs8PrivateKey()));

        var answer = room.Run("ldapsearch", "-Y", "EXTERNAL", "-Q", "-LLL", "-o", "ldif-wrap=no", "-H", room.Ldaps,
            "-b", DirectoryRoom.KawagoeDn, "certificateRevocationList").Succeeded();

        Assert.NotEmpty(Value(answer, "certificateRevocationList;binary"));
    }

    [Fact]
    public async Task The_root_DSE_says_what_the_server_can_do()
    {
        await using var room = await DirectoryRoom.Open();

        var text = room.Search("-b", "", "-s", "base", "+").Succeeded().Text;

        Assert.Contains("namingContexts: C=JP", text, StringComparison.Ordinal);
        Assert.Contains("supportedLDAPVersion: 3", text, StringComparison.Ordinal);
        Assert.Contains("subschemaSubentry: cn=Subschema", text, StringComparison.Ordinal);
        Assert.Contains("vendorName: jpki", text, StringComparison.Ordinal);
        Assert.DoesNotContain("objectClass", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_subschema_defines_what_is_in_use()
    {
        await using var room = await DirectoryRoom.Open();

        var text = room.Search("-b", "cn=Subschema", "-s", "base", "objectClasses", "attributeTypes").Succeeded().Text;

        Assert.Contains("NAME 'pkiCA' SUP top AUXILIARY", text, StringComparison.Ordinal);
        Assert.Contains("( 2.5.4.39 NAME 'certificateRevocationList'", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("base", "c=jp", 1)]
    [InlineData("one", "C=JP", 1)]
    [InlineData("sub", "o=jpki-test, c=JP", 6)]
    [InlineData("sub", "", 7)]
    [InlineData("one", "OU=Saitama Prefecture,O=JPKI-TEST,C=JP", 2)]
    [InlineData("sub", "2.5.4.11=saitama  prefecture,o=#0c094a504b492d54455354,c=JP", 5)]
    public async Task A_search_stays_in_its_scope(string scope, string start, int entries)
    {
        await using var room = await DirectoryRoom.Open();

        var text = room.Search("-b", start, "-s", scope, "1.1").Succeeded().Text;

        Assert.Equal(entries, text.Split('\n').Count(l => l.StartsWith("dn:", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_missing_entry_is_answered_with_the_nearest_above_it()
    {
        await using var room = await DirectoryRoom.Open();

        var answer = room.Search("-b", "cn=Nowhere-shi CRLDP,ou=Elsewhere,ou=Saitama Prefecture,o=JPKI-TEST,c=JP");

        Assert.Equal(32, answer.ExitCode);
        Assert.Contains("OU=Saitama Prefecture,O=JPKI-TEST,C=JP", answer.Errors, StringComparison.Ordinal);
        Assert.Equal(34, room.Search("-b", "what").ExitCode);
    }

    [Fact]
    public async Task A_search_can_come_in_pages()
    {
        await using var room = await DirectoryRoom.Open();

        var text = room.Search("-b", "c=JP", "-E", "pr=2/noprompt", "1.1").Succeeded().Text;

        Assert.Equal(7, text.Split('\n').Count(l => l.StartsWith("dn:", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_size_limit_ends_a_search()
    {
        await using var room = await DirectoryRoom.Open();

        var answer = room.Search("-b", "c=JP", "-z", "3", "1.1");

        Assert.Equal(4, answer.ExitCode);
        Assert.Equal(3, answer.Text.Split('\n').Count(l => l.StartsWith("dn:", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Names_only_and_operational_attributes_are_returned_when_asked_for()
    {
        await using var room = await DirectoryRoom.Open();

        var names = room.Search("-A", "-b", DirectoryRoom.AuthorityDn, "-s", "base", "*", "+").Succeeded().Text;

        Assert.Contains("cACertificate;binary:\n", names, StringComparison.Ordinal);
        Assert.Contains("modifyTimestamp:\n", names, StringComparison.Ordinal);
    }

    private static byte[] Value(ToolAnswer answer, string attribute) => Convert.FromBase64String(answer.Text.Split('\n')
        .Single(l => l.StartsWith(attribute + ":: ", StringComparison.Ordinal))[(attribute.Length + 3)..]);

    private static string CrlText(byte[] der) =>
        Tool.Run("openssl", der, "crl", "-inform", "DER", "-noout", "-text").Succeeded().Text;
}
