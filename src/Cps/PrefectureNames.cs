using System.Collections.Immutable;
using Jpki.X509;

namespace Jpki.Cps;

/// <summary>
/// The names of one prefecture's service. The real ones are not public, so they are the site's choice; the sandbox's
/// carry O=JPKI-TEST, so that nobody can confuse the two. 知事の職名 (CPS 3-1-2)
/// </summary>
public sealed record PrefectureNames
{
    public static readonly PrefectureNames Sandbox = new()
    {
        Authority = Name.Parse("OU=The Governor of Saitama Prefecture,OU=Saitama Prefecture,O=JPKI-TEST,C=JP"),
        AuthorityInJapanese = Name.Parse("OU=埼玉県知事,OU=埼玉県,O=公的個人認証サービス（検証用）,C=JP"),
        DistributionPoints =
            Name.Parse("OU=Saitama-ken,OU=CRL Distribution Points,OU=Saitama Prefecture,O=JPKI-TEST,C=JP"),
        Operations = Name.Parse("OU=Operations,O=JPKI-TEST,C=JP"),
        Partners = [Name.Parse("OU=BridgeCA,OU=Prefectural Association For JPKI,O=JPKI-TEST,C=JP")],
        Prefecture = "Saitama-ken",
        Policies = PolicyOids.Test,
        StatementUri = "http://www.jpki.go.jp/cps.html",
    };

    /// <summary>The issuer of everything the governor signs, in every generation.</summary>
    public required Name Authority { get; init; }

    /// <summary>The same, for people: issuerAltName and the self-signed certificate's subjectAltName.</summary>
    public required Name AuthorityInJapanese { get; init; }

    /// <summary>The directory entry above the municipalities' CRL distribution points.</summary>
    public required Name DistributionPoints { get; init; }

    /// <summary>The directory name above the inner network's certificates.</summary>
    public required Name Operations { get; init; }

    /// <summary>With whom cross certificates are exchanged: the bridge CA. 個人認証 BCA (CPS 1-3-1(5))</summary>
    public ImmutableArray<Name> Partners { get; init; } = [];

    /// <summary>The first L of a resident's subject.</summary>
    public required string Prefecture { get; init; }

    public required PolicyOids Policies { get; init; }

    /// <summary>Where the practice statement is: the CPS qualifier of the resident's policy.</summary>
    public required string StatementUri { get; init; }

    /// <summary>
    /// The distribution point for the governor's end entities that belong to no municipality: the validation server.
    /// </summary>
    public Name PrefecturePoint => DistributionPoints.With("CN", $"{Prefecture} CRLDP");

    /// <summary>
    /// The distribution point of one municipality's CRL: <c>CN=Kawagoe-shi CRLDP,…</c>. 区分 CRL (CPS 4-4-4-4)
    /// </summary>
    public Name DistributionPointOf(Municipality municipality) =>
        DistributionPoints.With("CN", $"{municipality.Romaji} CRLDP");
}
