using System.Collections.Immutable;
using Jpki.X509;
using static Jpki.X509.KeyUsages;

namespace Jpki.Cps;

/// <summary>Every certificate that is signed here. 証明書の種類 (CPS 7-1, 1-3-2, 5-2-2③)</summary>
public enum CertificateKind
{
    /// <summary>自己署名証明書</summary>
    SelfSigned = 1,

    /// <summary>電子証明書</summary>
    Resident = 2,

    /// <summary>OCSP レスポンダ証明書</summary>
    OcspResponder = 3,

    /// <summary>相互認証証明書</summary>
    Cross = 4,

    /// <summary>リンク証明書: the old key, signed with the new.</summary>
    OldWithNew = 5,

    /// <summary>リンク証明書: the new key, signed with the old.</summary>
    NewWithOld = 6,

    /// <summary>官職証明書検証サーバ証明書</summary>
    ValidationServer = 7,

    /// <summary>The authority for the inner network, under a key that is not the governor's.</summary>
    OperationsCa = 8,

    /// <summary>An officer's, a terminal's, a verifier's: whoever shows a certificate at a door.</summary>
    Client = 9,

    /// <summary>A door's own, for TLS.</summary>
    Door = 10,
}

/// <summary>The place of one extension in a profile.</summary>
/// <param name="Oid">Which.</param>
/// <param name="Critical">As it is marked.</param>
/// <param name="IsOptional">Left out when the site has nothing to say there.</param>
public sealed record ExtensionSlot(string Oid, bool Critical, bool IsOptional = false);

/// <summary>From the first second to the last. 有効期間</summary>
public readonly record struct Validity(DateTimeOffset NotBefore, DateTimeOffset NotAfter);

/// <summary>
/// What a kind of certificate holds: how long it lives, what its key is for, and which extensions in which order.
/// Order and criticality are those of the real JPKI's certificates.
/// </summary>
public sealed record CertificateProfile
{
    private Extension? keyUsageExtension;

    public required CertificateKind Kind { get; init; }

    /// <summary>The clause that lists its contents.</summary>
    public required Clause Clause { get; init; }

    /// <summary>How long it lives; 0 where other certificates' dates decide.</summary>
    public int Years { get; init; }

    /// <summary>The clause that says how long it lives.</summary>
    public required Clause YearsClause { get; init; }

    public required KeyUsages KeyUsage { get; init; }

    /// <summary>The same in every certificate of the kind, so encoded once.</summary>
    internal Extension KeyUsageExtension => keyUsageExtension ??= X509.Extensions.KeyUsage(KeyUsage);

    public bool IsAuthority => (KeyUsage & KeyCertSign) != 0;

    public required ImmutableArray<ExtensionSlot> Extensions { get; init; }

    /// <summary>Beginning so, its whole validity: it ends with the day before the anniversary.</summary>
    public Validity ValidityFrom(DateTimeOffset start) => Years > 0
        ? new(JapanTime.WholeSecond(start), JapanTime.EndOfYears(start, Years))
        : throw new InvalidOperationException($"{Kind}: its dates come from other certificates");
}

/// <summary>
/// The profiles, row for row. A new kind of certificate is a new row here, and a clause. プロファイル (CPS 7-1)
/// </summary>
public static class Profiles
{
    /// <summary>The layout of the bridge CA's certificate of 2003, the same operator's.</summary>
    public static readonly CertificateProfile SelfSigned = new()
    {
        Kind        = CertificateKind.SelfSigned,
        Clause      = "7-1-3",
        Years       = Periods.SelfSignedYears,
        YearsClause = "6-3-1-2",
        KeyUsage    = KeyCertSign | CrlSign,
        Extensions  = [Critical(Oids.KeyUsage), Critical(Oids.BasicConstraints), Plain(Oids.CrlDistributionPoints),
                       Plain(Oids.SubjectAltName), Plain(Oids.SubjectKeyIdentifier)],
    };

    /// <summary>The same with the layout of the national signature CA's certificates.</summary>
    public static readonly CertificateProfile NationalSelfSigned = SelfSigned with
    {
        Extensions  = [Critical(Oids.KeyUsage), Plain(Oids.SubjectAltName), Critical(Oids.BasicConstraints),
                       Plain(Oids.CrlDistributionPoints), Plain(Oids.SubjectKeyIdentifier)],
    };

    /// <summary>The layout of the signature certificates on real cards; AIA stands where their authentication
    /// certificates have it.</summary>
    public static readonly CertificateProfile Resident = new()
    {
        Kind        = CertificateKind.Resident,
        Clause      = "7-1-1",
        Years       = Periods.ResidentYears,
        YearsClause = "1-3-2①",
        KeyUsage    = DigitalSignature | NonRepudiation,
        Extensions  = [Critical(Oids.KeyUsage), Plain(Oids.SubjectAltName), Critical(Oids.CertificatePolicies),
                       Plain(Oids.IssuerAltName), Plain(Oids.CrlDistributionPoints),
                       Optional(Oids.AuthorityInfoAccess), Plain(Oids.AuthorityKeyIdentifier),
                       Plain(Oids.SubjectKeyIdentifier)],
    };

    /// <summary>
    /// A delegated OCSP responder's (RFC 6960, 4.2.2.2): never itself looked up, so it carries nocheck.
    /// </summary>
    public static readonly CertificateProfile OcspResponder = new()
    {
        Kind        = CertificateKind.OcspResponder,
        Clause      = "1-3-2④",
        Years       = Periods.OcspResponderYears,
        YearsClause = "1-3-2④",
        KeyUsage    = DigitalSignature,
        Extensions  = [Critical(Oids.KeyUsage), Plain(Oids.ExtendedKeyUsage), Critical(Oids.CertificatePolicies),
                       Plain(Oids.OcspNoCheck), Plain(Oids.AuthorityKeyIdentifier),
                       Plain(Oids.SubjectKeyIdentifier)],
    };

    /// <summary>What we give the bridge CA, and what GPKI's profiles have in common.</summary>
    public static readonly CertificateProfile Cross = new()
    {
        Kind        = CertificateKind.Cross,
        Clause      = "7-1-2",
        Years       = Periods.CrossYears,
        YearsClause = "1-3-2②",
        KeyUsage    = KeyCertSign | CrlSign,
        Extensions  = [Critical(Oids.KeyUsage), Critical(Oids.BasicConstraints), Critical(Oids.CertificatePolicies),
                       Optional(Oids.PolicyMappings) with { Critical = true },
                       Optional(Oids.PolicyConstraints) with { Critical = true },
                       Plain(Oids.AuthorityKeyIdentifier), Plain(Oids.SubjectKeyIdentifier),
                       Plain(Oids.CrlDistributionPoints)],
    };

    /// <summary>The self-signed layout, and what one signed by another key needs besides.</summary>
    public static readonly CertificateProfile OldWithNew = new()
    {
        Kind        = CertificateKind.OldWithNew,
        Clause      = "7-1-4",
        YearsClause = "7-1-4",
        KeyUsage    = KeyCertSign | CrlSign,
        Extensions  = [Critical(Oids.KeyUsage), Critical(Oids.BasicConstraints), Critical(Oids.CertificatePolicies),
                       Plain(Oids.CrlDistributionPoints), Plain(Oids.SubjectAltName),
                       Plain(Oids.AuthorityKeyIdentifier), Plain(Oids.SubjectKeyIdentifier)],
    };

    public static readonly CertificateProfile NewWithOld = OldWithNew with { Kind = CertificateKind.NewWithOld };

    /// <summary>What signs the answers about officials' certificates.</summary>
    public static readonly CertificateProfile ValidationServer = new()
    {
        Kind        = CertificateKind.ValidationServer,
        Clause      = "1-3-2③",
        Years       = Periods.ValidationServerYears,
        YearsClause = "1-3-2③",
        KeyUsage    = DigitalSignature | NonRepudiation,
        Extensions  = [Critical(Oids.KeyUsage), Optional(Oids.ExtendedKeyUsage), Critical(Oids.CertificatePolicies),
                       Plain(Oids.IssuerAltName), Plain(Oids.CrlDistributionPoints),
                       Plain(Oids.AuthorityKeyIdentifier), Plain(Oids.SubjectKeyIdentifier)],
    };

    public static readonly CertificateProfile OperationsCa = new()
    {
        Kind        = CertificateKind.OperationsCa,
        Clause      = "5-2-2③",
        Years       = 20,
        YearsClause = "5-2-2③",
        KeyUsage    = KeyCertSign | CrlSign,
        Extensions  = [Critical(Oids.BasicConstraints), Critical(Oids.KeyUsage), Plain(Oids.SubjectKeyIdentifier)],
    };

    public static readonly CertificateProfile Client = new()
    {
        Kind        = CertificateKind.Client,
        Clause      = "5-2-2③",
        Years       = 5,
        YearsClause = "5-2-2③",
        KeyUsage    = DigitalSignature,
        Extensions  = [Critical(Oids.KeyUsage), Plain(Oids.ExtendedKeyUsage), Optional(Oids.CrlDistributionPoints),
                       Plain(Oids.AuthorityKeyIdentifier), Plain(Oids.SubjectKeyIdentifier)],
    };

    public static readonly CertificateProfile Door = Client with
    {
        Kind        = CertificateKind.Door,
        Extensions  = [.. Client.Extensions, Plain(Oids.SubjectAltName)],
    };

    public static ImmutableArray<CertificateProfile> All { get; } =
        [SelfSigned, Resident, OcspResponder, Cross, OldWithNew, NewWithOld, ValidationServer, OperationsCa, Client,
            Door];

    public static CertificateProfile Of(CertificateKind kind) => All.First(p => p.Kind == kind);

    /// <summary>
    /// The dates of a link certificate. Both end with the old self-signed certificate; each begins when the key in it
    /// was made. (CPS 7-1-4)
    /// </summary>
    public static Validity LinkValidity(
        CertificateKind link, DateTimeOffset oldKeyMadeAt, DateTimeOffset newKeyMadeAt, DateTimeOffset oldEndsAt) =>
        link switch
        {
            CertificateKind.OldWithNew => new(JapanTime.WholeSecond(oldKeyMadeAt), oldEndsAt),
            CertificateKind.NewWithOld => new(JapanTime.WholeSecond(newKeyMadeAt), oldEndsAt),
            _ => throw new ArgumentOutOfRangeException(nameof(link)),
        };

    private static ExtensionSlot Critical(string oid) => new(oid, Critical: true);

    private static ExtensionSlot Plain(string oid) => new(oid, Critical: false);

    private static ExtensionSlot Optional(string oid) => new(oid, Critical: false, IsOptional: true);
}
