using System.Security.Cryptography;
using Jpki.X509;

namespace Jpki.Tests.Rooms.Authority;

/// <summary>OpenSSL looks at what a house has published, in files, as if it were the house's time.</summary>
internal sealed class OpensslOnFiles(PublishedHouse house)
{
    /// <summary>Each target under that anchor alone, with all certificates and lists at hand.</summary>
    public ToolAnswer Verify(Certificate anchor, params IEnumerable<Certificate> targets) => Tool.Run(
        "openssl",
        [
            "verify", "-attime", $"{house.Authority.Clock.GetUtcNow().ToUnixTimeSeconds()}",
            "-CAfile", Pem("anchor", anchor), "-untrusted", Pem("pool", [.. house.Certificates]),
            "-crl_check", "-extended_crl", "-CRLfile", Lists(),
            .. targets.Select((t, i) => Pem($"target-{i}", t)),
        ]);

    public string Pem(string name, params IEnumerable<Certificate> certificates) =>
        Write(name, certificates.Select(c => PemEncoding.WriteString("CERTIFICATE", c.Der.Span)));

    private string Lists() => Write("lists", house.Lists.Select(l => PemEncoding.WriteString("X509 CRL", l.Der.Span)));

    private string Write(string name, IEnumerable<string> texts)
    {
        var file = house.Authority[$"{name}.pem"];
        File.WriteAllText(file, string.Join('\n', texts) + "\n");
        return file;
    }
}
