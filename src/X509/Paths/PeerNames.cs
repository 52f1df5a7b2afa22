using System.Net;

namespace Jpki.X509.Paths;

/// <summary>
/// Is a certificate for a name that somebody is known by? Alternative names alone count (RFC 9525 6).
/// </summary>
internal static class PeerNames
{
    public static bool Has(Facts certificate, PeerName wanted)
    {
        var names = certificate.AltNames ?? [];
        return wanted.Kind switch
        {
            PeerNameKind.Dns => names.Any(n => n.Kind == GeneralNameKind.DnsName && IsHost(n.Text!, wanted.Value)),
            PeerNameKind.Ip => IPAddress.TryParse(wanted.Value, out var address) && names.Any(n =>
                n.Kind == GeneralNameKind.IpAddress && n.IpAddress.Span.SequenceEqual(address.GetAddressBytes())),
            PeerNameKind.Email => names.Any(n =>
                n.Kind == GeneralNameKind.Rfc822Name && NameMatch.IsSameMailbox(n.Text!, wanted.Value)),
            _ => false,
        };
    }

    /// <summary>RFC 9525 6.3: a wildcard is the whole leftmost label and stands for exactly one.</summary>
    private static bool IsHost(string name, string wanted)
    {
        var host = NameMatch.Host(wanted);
        if (!name.StartsWith("*.", StringComparison.Ordinal))
            return name.Length > 0 && !name.Contains('*') && NameMatch.IsSame(NameMatch.Host(name), host);
        return host.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot
            && !name[2..].Contains('*') && NameMatch.IsSame(NameMatch.Host(name[2..]), host[(dot + 1)..]);
    }
}
