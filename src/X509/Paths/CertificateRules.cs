namespace Jpki.X509.Paths;

/// <summary>What must hold of a certificate on its own, whatever path it stands in.</summary>
internal static class CertificateRules
{
    public static Objection? ForTarget(Facts target, PathQuestion question) =>
        ForAny(target, question)
        ?? (target.Allows(question.RequiredUsage) ? null
            : target.Objection("RFC 5280 4.2.1.3", $"its key is not for {question.RequiredUsage}"))
        ?? (question.Names.FirstOrDefault(name => !PeerNames.Has(target, name)) is { } missing
            ? target.Objection("RFC 9525 6", $"it is not for the {missing.Kind} name asked for") : null);

    /// <summary>RFC 5280 6.1.4 (a), (k) and (n).</summary>
    public static Objection? ForAuthority(Facts authority, PathQuestion question) =>
        ForAny(authority, question)
        ?? (authority.IsCa ? null
            : authority.Objection("RFC 5280 6.1.4(k)", "it is not a certification authority's"))
        ?? (authority.Allows(KeyUsages.KeyCertSign) ? null
            : authority.Objection("RFC 5280 6.1.4(n)", "its key is not for signing certificates"))
        ?? (authority.Mappings.Count > 0 && authority.Mappings.Any(MapsAny)
            ? authority.Objection("RFC 5280 6.1.4(a)", "it maps the special policy anyPolicy") : null);

    private static bool MapsAny(PolicyMapping mapping) =>
        mapping.IssuerDomainPolicy == Oids.AnyPolicy || mapping.SubjectDomainPolicy == Oids.AnyPolicy;

    private static Objection? ForAny(Facts facts, PathQuestion question)
    {
        if (facts.Malformed is { } malformed)
            return facts.Objection("RFC 5280 4.2", malformed);
        if (question.At < facts.Certificate.NotBefore)
            return facts.Objection("RFC 5280 6.1.3(a)(2)", $"it is valid only from {facts.Certificate.NotBefore:u}");
        if (question.At > facts.Certificate.NotAfter)
            return facts.Objection("RFC 5280 6.1.3(a)(2)", $"it expired at {facts.Certificate.NotAfter:u}");
        if (facts.UnknownCritical is { } oid)
            return facts.Objection("RFC 5280 6.1.4(o), 6.1.5(f)", $"its critical extension {oid} is not processed");
        return question.Purpose is { } purpose && !facts.Allows(purpose)
            ? facts.Objection("RFC 5280 4.2.1.12", $"it is not for the purpose {purpose}")
            : null;
    }
}
