using System.Net.Security;

namespace Jpki.Repository;

/// <summary>What a site chooses about its LDAP doors.</summary>
public sealed record LdapSettings
{
    public DirectoryLimits Limits { get; init; } = new();

    /// <summary>Lets passwords come over a connection without TLS. Never outside a closed network.</summary>
    public bool AllowPlainBind { get; init; }

    /// <summary>The server's certificate for StartTLS; without it StartTLS is refused.</summary>
    public SslServerAuthenticationOptions? Tls { get; init; }
}
