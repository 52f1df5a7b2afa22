using Jpki.Cps;
using Jpki.X509;

namespace Jpki.Site;

/// <summary>What the site tells: who the authority is and where everything of it is. 公開する情報 (CPS 2-6-1)</summary>
public sealed record SiteContent
{
    public required PrefectureNames Names { get; init; }

    public required SiteDoors Doors { get; init; }

    /// <summary>Which keys and hashes pass here; the literal one is said loudly. (CPS 6-3-2)</summary>
    public CryptoPolicy Policy { get; init; } = CryptoPolicy.Current;

    /// <summary>The governor's self-signed certificates, newest first; asked anew for every page.</summary>
    public required Func<IReadOnlyList<Certificate>> Certificates { get; init; }

    /// <summary>What the TLS certificates of the other doors chain to, when they have any.</summary>
    public Func<Certificate?> TlsAuthority { get; init; } = () => null;

    /// <summary>Which certificates that chain to it were revoked; null before the first list.</summary>
    public Func<Crl?> TlsRevocations { get; init; } = () => null;

    /// <summary>The newest checkpoint of the authority's log, as a signed note.</summary>
    public Func<string?> Checkpoint { get; init; } = () => null;

    /// <summary>Names of the authorities cross-certified with this one. 相互認証した CA の名称</summary>
    public Func<IReadOnlyList<string>> CrossCertified { get; init; } = () => [];

    /// <summary>Said on top of every page: a compromise of the governor's key, an interruption of service.</summary>
    public Func<IReadOnlyList<string>> Notices { get; init; } = () => [];

    internal bool IsSandbox => Names.Policies == PolicyOids.Test;
}

/// <summary>The addresses of the other doors; null for a door that is not open.</summary>
public sealed record SiteDoors
{
    /// <summary>This site's own address, for the commands that fetch from it.</summary>
    public required string Site { get; init; }

    public string? Counter { get; init; }

    public string? ControlRoom { get; init; }

    public string? Ocsp { get; init; }

    public string? Ldap { get; init; }

    public string? Ldaps { get; init; }
}
