using System.Collections.Immutable;
using Jpki.X509;

namespace Jpki.Cps;

/// <summary>The two orders of extensions found in real self-signed certificates of JPKI.</summary>
public enum SelfSignedLayout
{
    /// <summary>The bridge CA's of 2003: the prefectures' time.</summary>
    Prefectural,

    /// <summary>The national signature CA's, since 2015.</summary>
    National,
}

/// <summary>
/// What CPS 7-1 leaves to the profile design book, which is not public. Each has the default we think likeliest, and a
/// site that knows better says so. プロファイル設計書
/// </summary>
public sealed record ProfileChoices
{
    public static readonly ProfileChoices Default = new();

    public SelfSignedLayout SelfSignedLayout { get; init; } = SelfSignedLayout.Prefectural;

    /// <summary>
    /// Policies of the link certificates: anyPolicy, so that none is lost on the way to the other key.
    /// </summary>
    public ImmutableArray<string> LinkPolicies { get; init; } = [Oids.AnyPolicy];

    /// <summary>Which of the bridge CA's policies is worth which of ours; none, when both use the same.</summary>
    public ImmutableArray<PolicyMapping> CrossMappings { get; init; } = [];

    /// <summary>After how many certificates below a policy of ours must hold: at once.</summary>
    public int? CrossRequireExplicitPolicy { get; init; } = 0;

    /// <summary>After how many certificates below no more policies may be mapped: no limit.</summary>
    public int? CrossInhibitPolicyMapping { get; init; }

    /// <summary>How many certification authorities may follow behind the bridge CA: no limit.</summary>
    public int? CrossPathLength { get; init; }

    /// <summary>
    /// Whether a cross certificate names its issuer's self-signed certificate beside the key. OpenSSL then finds no way
    /// through an issuer that was itself reached by a cross certificate. (RFC 5280 4.2.1.1)
    /// </summary>
    public bool CrossNamesIssuer { get; init; } = true;

    /// <summary>Where a resident's certificate says that OCSP is answered: nowhere, since few may ask.</summary>
    public string? ResidentOcspUri { get; init; }

    /// <summary>What the validation server's key is for, besides signing: answering SCVP (RFC 5055).</summary>
    public ImmutableArray<string> ValidationServerPurposes { get; init; } = [Oids.ScvpServer];
}
