using Xunit;

namespace Jpki.Tests.Scenarios;

/// <summary>What stands on the open shelf and what on the restricted one, asked with ldapsearch. (CPS 2-6)</summary>
[Collection(PrefectureTests.Name)]
public sealed class TheRepository(RunningPrefecture prefecture)
{
    private const string Authority = "ou=The Governor of Saitama Prefecture,ou=Saitama Prefecture,o=JPKI-TEST,c=JP";
    private const string Points = "ou=Saitama-ken,ou=CRL Distribution Points,ou=Saitama Prefecture,o=JPKI-TEST,c=JP";

    [Fact, Cps("2-6-3"), Cps("2-6-1")]
    public void Shows_the_self_signed_certificate_and_the_ARL_to_everybody()
    {
        var answer = Ldap.Search(prefecture, prefecture.Door("ldap"), "-b", Authority, "-s", "base").Succeeded();

        var certificate = Ldap.Value(answer.Text, "cACertificate;binary");
        var arl = Tool.Run("openssl", Ldap.Value(answer.Text, "authorityRevocationList;binary"),
            "crl", "-inform", "DER", "-noout", "-text").Succeeded().Text;

        Assert.Equal(File.ReadAllBytes(prefecture.Door("trustAnchor")), certificate);
        Assert.Contains("Only CA Certificates", arl);
    }

    [Fact, Cps("2-6-3"), Cps("4-4-4-5")]
    public void Shows_no_residents_CRL_to_somebody_who_is_not_admitted()
    {
        var answer = Ldap.Search(prefecture, prefecture.Door("ldap"), "-b", Points, "-s", "sub", "(objectClass=*)");

        Assert.DoesNotContain("certificateRevocationList", answer.Text);
    }

    [Fact, Cps("4-4-4-4"), Cps("4-4-9")]
    public void Holds_a_CRL_of_every_municipality_valid_for_72_hours()
    {
        var verifier = prefecture.Scratch("verifier-63");
        prefecture.Jpki("sandbox", "verifier", "--name", "六十三", "--out", verifier).Succeeded();
        var entries = Ldap.Search(prefecture, prefecture.Door("ldap"), "-b", Points, "-s", "one", "1.1").Succeeded()
            .Text.Split('\n').Where(l => !l.Contains("Saitama-ken CRLDP"))
            .Count(l => l.StartsWith("dn:", StringComparison.Ordinal));

        var crl =
            Ldap.Read(prefecture, verifier, $"cn=Chichibu-shi CRLDP,{Points}", "certificateRevocationList;binary");
        var text = Tool.Run("openssl", crl, "crl", "-inform", "DER", "-noout", "-text").Succeeded().Text;
        var dates = Tool.Run(
            "openssl", crl, "crl", "-inform", "DER", "-noout", "-lastupdate", "-nextupdate", "-dateopt", "iso_8601")
            .Succeeded().Text.Split('\n').Select(l => l.Split('=', 2)).Where(p => p.Length == 2)
            .Select(p => DateTimeOffset.Parse(p[1], System.Globalization.CultureInfo.InvariantCulture)).ToArray();

        Assert.Equal(63, entries);
        Assert.Contains("X509v3 Issuing Distribution Point: critical", text);
        Assert.Contains("Only User Certificates", text);
        Assert.Equal(TimeSpan.FromHours(72), dates[1] - dates[0]);
    }
}
