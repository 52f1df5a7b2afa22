using System.Collections.Immutable;
using Jpki.X509;

namespace Jpki.Cps;

/// <summary>The certificates that the governor's key signs. 証明書の種類 (CPS 7-1, 1-3-2)</summary>
public enum CertificateKind
{
    /// <summary>自己署名証明書</summary>
    SelfSigned = 1,

    /// <summary>電子証明書</summary>
    Resident = 2,

    /// <summary>OCSP レスポンダ証明書</summary>
    OcspResponder = 3,
}

/// <summary>The place of one extension in a profile.</summary>
public sealed record ExtensionSlot(string Oid, bool Critical);

/// <summary>
/// What a kind of certificate holds: how long it lives, what its key is for, and which extensions in which order.
/// Order and criticality are those of the real JPKI's certificates.
/// </summary>
public sealed record CertificateProfile
{
    public required CertificateKind Kind { get; init; }

    /// <summary>The clause that lists its contents.</summary>
    public required Clause Clause { get; init; }

    public required int Years { get; init; }

    /// <summary>The clause that says how long it lives.</summary>
    public required Clause YearsClause { get; init; }

    public required ImmutableArray<ExtensionSlot> Extensions { get; init; }
}

/// <summary>
/// The profiles, row for row. A new kind of certificate is a new row here, and a clause. プロファイル (CPS 7-1)
/// </summary>
public static class Profiles
{

    /// <summary>The governor's own: the layout of the bridge CA's certificate of 2003, the same operator's.</summary>
    public static readonly CertificateProfile SelfSigned = new()
    {
        Kind        = CertificateKind.SelfSigned,
        Clause      = "7-1-3",
        Years       = Periods.SelfSignedYears,
        YearsClause = "6-3-1-2",
        Extensions  = [Critical(Oids.KeyUsage), Critical(Oids.BasicConstraints), Plain(Oids.CrlDistributionPoints),
                       Plain(Oids.SubjectAltName), Plain(Oids.SubjectKeyIdentifier)],
    };

    /// <summary>A resident's: the layout of the signature certificates on real cards.</summary>
    public static readonly CertificateProfile Resident = new()
    {
        Kind        = CertificateKind.Resident,
        Clause      = "7-1-1",
        Years       = Periods.ResidentYears,
        YearsClause = "1-3-2",
        Extensions  = [Critical(Oids.KeyUsage), Plain(Oids.SubjectAltName), Critical(Oids.CertificatePolicies),
                       Plain(Oids.IssuerAltName), Plain(Oids.CrlDistributionPoints),
                       Plain(Oids.AuthorityKeyIdentifier), Plain(Oids.SubjectKeyIdentifier)],
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
        Extensions  = [Critical(Oids.KeyUsage), Plain(Oids.ExtendedKeyUsage), Critical(Oids.CertificatePolicies),
                       Plain(Oids.OcspNoCheck), Plain(Oids.AuthorityKeyIdentifier),
                       Plain(Oids.SubjectKeyIdentifier)],
    };

    private static ExtensionSlot Critical(string oid) => new(oid, Critical: true);

    private static ExtensionSlot Plain(string oid) => new(oid, Critical: false);
}
