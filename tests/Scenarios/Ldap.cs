using System.Text.Json;
using Xunit;

namespace Jpki.Tests.Scenarios;

/// <summary>Asks the running prefecture's directory with OpenLDAP's own client.</summary>
internal static class Ldap
{
    /// <summary>One attribute of one entry, as an admitted verifier reads it over LDAPS.</summary>
    public static byte[] Read(RunningPrefecture prefecture, string verifier, string entry, string attribute)
    {
        var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(verifier, "verifier.json"))).RootElement;
        var answer = Search(
            prefecture, prefecture.Door("ldaps"),
            "-D", json.GetProperty("ldapDn").GetString()!, "-w", json.GetProperty("ldapPassword").GetString()!,
            "-b", entry, "-s", "base", "(objectClass=*)", attribute).Succeeded();
        return Value(answer.Text, attribute);
    }

    /// <summary>ldapsearch with our TLS anchor believed.</summary>
    public static ToolAnswer Search(RunningPrefecture prefecture, string door, params string[] arguments) => Tool.Run(
        "env", [$"LDAPTLS_CACERT={prefecture.Door("tlsAnchor")}", "ldapsearch", "-LLL", "-o", "ldif-wrap=no", "-x",
            "-H", door, .. arguments]);

    public static byte[] Value(string ldif, string attribute)
    {
        var values = Values(ldif, attribute);
        Assert.True(values.Count > 0, $"no {attribute} in:\n{ldif}");
        return values[0];
    }

    public static IReadOnlyList<byte[]> Values(string ldif, string attribute) =>
    [
        .. ldif.Split('\n').Where(l => l.StartsWith(attribute + ":: ", StringComparison.Ordinal))
            .Select(l => Convert.FromBase64String(l[(attribute.Length + 3)..])),
    ];
}
