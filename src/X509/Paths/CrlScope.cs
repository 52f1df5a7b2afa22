namespace Jpki.X509.Paths;

/// <summary>
/// Is a certificate in the scope of a CRL that was found by one of its distribution points? (RFC 5280 6.3.3 (b))
/// </summary>
internal static class CrlScope
{
    public static bool Covers(CrlFacts crl, DistributionPoint point, Facts certificate) => crl.Scope is not { } scope
        || (CoversKind(scope, certificate) && CoversName(scope, point, crl.Crl.Issuer)
            && !IsUnaskedIndirect(scope, point, certificate));

    /// <summary>(b)(2)(ii) to (iv). Of a v1 or v2 certificate nobody can tell what it is.</summary>
    private static bool CoversKind(IssuingDistributionPoint scope, Facts certificate) =>
        !scope.OnlyContainsAttributeCerts
        && (!scope.OnlyContainsUserCerts || (!certificate.IsCa && certificate.Certificate.Version == 3))
        && (!scope.OnlyContainsCaCerts || certificate.IsCa);

    /// <summary>(b)(2)(i): a name of the CRL's must be a name of the point's, or of its CRL issuer's.</summary>
    private static bool CoversName(IssuingDistributionPoint scope, DistributionPoint point, Name issuer)
    {
        if (scope.Name is null)
            return true;
        var theirs = point.Name is { } name ? Full(name, CrlIssuerOf(point) ?? issuer)
            : point.CrlIssuer ?? [GeneralName.Of(issuer)];
        return Full(scope.Name, issuer).Any(ours => theirs.Any(their => IsSame(ours, their)));
    }

    /// <summary>
    /// A certificate that names a place and no other CRL issuer says that its own issuer's CRL is there; one that
    /// claims to be an indirect CRL is then not the one meant (RFC 5280 4.2.1.13).
    /// </summary>
    private static bool IsUnaskedIndirect(IssuingDistributionPoint scope, DistributionPoint point, Facts certificate) =>
        scope is { IndirectCrl: true, Name: not null } && point.CrlIssuer is null && certificate.CrlPoints is not null;

    private static Name? CrlIssuerOf(DistributionPoint point) =>
        point.CrlIssuer?.FirstOrDefault(n => n.DirectoryName is not null)?.DirectoryName;

    /// <summary>nameRelativeToCRLIssuer stands below the CRL issuer's name (RFC 5280 4.2.1.13).</summary>
    private static IReadOnlyList<GeneralName> Full(DistributionPointName name, Name crlIssuer) =>
        name.NameRelativeToCrlIssuer is { } rdn
            ? [GeneralName.Of(Name.Of(crlIssuer.Rdns.Append(rdn)))]
            : name.FullName;

    private static bool IsSame(GeneralName left, GeneralName right) => left.Kind == right.Kind
        && (left.DirectoryName is { } name
            ? name.Equals(right.DirectoryName) : left.Der.Span.SequenceEqual(right.Der.Span));
}
