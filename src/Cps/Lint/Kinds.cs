using Jpki.X509;

namespace Jpki.Cps.Lint;

/// <summary>
/// Which of our kinds a certificate or list is, by what it says of itself; null for a stranger's, which is judged by
/// RFC 5280 alone.
/// </summary>
public static class Kinds
{
    public const string ProductionMark = "JPKI";
    public const string TestMark = "JPKI-TEST";

    private const string OperationsMark = "Operations";

    /// <summary>Of the two link certificates, alike but for their dates, it names OldWithNew.</summary>
    public static CertificateKind? Of(Certificate certificate)
    {
        if (!IsOurs(certificate.Issuer))
            return null;
        CertificateView view = new(certificate, null);
        return (view.IsAuthority || view.KeyUsage?.HasFlag(KeyUsages.KeyCertSign) == true)
            ? OfAuthority(view)
            : OfEndEntity(view);
    }

    public static CrlKind? Of(CrlView list) => !IsOurs(list.Crl.Issuer) ? null
        : IsOperations(list.Crl.Issuer) ? CrlKind.Operations
        : list.Point is { OnlyContainsCaCerts: true } ? CrlKind.Arl
        : CrlKind.Crl;

    private static bool IsOurs(Name issuer) =>
        issuer.Value(Oids.OrganizationName) is ProductionMark or TestMark;

    private static CertificateKind OfAuthority(CertificateView view)
    {
        if (!view.Certificate.IsSelfIssued)
            return CertificateKind.Cross;
        if (!view.IsSelfSigned)
            return CertificateKind.OldWithNew;
        return IsOperations(view.Certificate.Issuer) ? CertificateKind.OperationsCa : CertificateKind.SelfSigned;
    }

    private static CertificateKind? OfEndEntity(CertificateView view)
    {
        var purposes = view.Purposes ?? [];
        if (IsOperations(view.Certificate.Issuer))
            return purposes.Contains(Oids.ServerAuth) ? CertificateKind.Door : CertificateKind.Client;
        if (purposes.Contains(Oids.OcspSigning))
            return CertificateKind.OcspResponder;
        if (purposes.Contains(Oids.ScvpServer) || view.Policies?.Any(p => IsValidationServers(p.Policy)) == true)
            return CertificateKind.ValidationServer;
        // The national CAs' authentication certificates are none of ours.
        return view.KeyUsage?.HasFlag(KeyUsages.NonRepudiation) == true || HasHolderNames(view)
            ? CertificateKind.Resident
            : null;
    }

    private static bool IsOperations(Name issuer) =>
        issuer.Rdns[^1].Attributes is [{ Text: OperationsMark }];

    private static bool IsValidationServers(string policy) =>
        policy == PolicyOids.Production.ValidationServer || policy == PolicyOids.Test.ValidationServer;

    private static bool HasHolderNames(CertificateView view) =>
        view.SubjectAltName?.Any(n => HolderNames.Order.Contains(n.OtherNameOid ?? "")) == true;
}
