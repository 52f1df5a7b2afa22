namespace Jpki.X509.Paths;

/// <summary>
/// Whose key may sign a CRL: the certificate issuer's own, or another of the CRL issuer's name with a valid path from
/// the same anchor (RFC 5280 6.3.3 (f)).
/// </summary>
internal sealed class CrlIssuers(PathPool pool, Work work, Func<Facts, Facts, bool> isValid)
{
    /// <summary>A CRL issuer whose own CRL issuer needs a CRL issuer …: longer rows are nobody's need.</summary>
    private const int MaxDepth = 8;

    private readonly Dictionary<(Digest Issuer, Digest Anchor), bool> verdicts = [];
    private readonly Stack<Facts> asked = [];

    /// <summary>The key that signed it; null when none may have.</summary>
    public PublicKey? KeyOf(CrlFacts crl, FoundPath path, int index) =>
        OnPath(crl, path, index) ?? OffPath(crl, path.Certificates[0]);

    /// <summary>Authorities above the certificate have a valid path already: the anchor, and all in between.</summary>
    private PublicKey? OnPath(CrlFacts crl, FoundPath path, int index)
    {
        for (var i = index - 1; i >= 0; i--)
        {
            if (MaySign(path.Certificates[i], crl) && work.IsSigned(crl, path.Keys[i]))
                return path.Keys[i];
        }
        return null;
    }

    private PublicKey? OffPath(CrlFacts crl, Facts anchor)
    {
        var candidates = pool.Certificates(crl.Crl.Issuer).Where(c => MaySign(c, crl));
        foreach (var candidate in candidates.OrderBy(c => Contradicts(c, crl)))
        {
            var key = candidate.Certificate.PublicKey.WithParametersOf(anchor.Certificate.PublicKey);
            if (work.IsSigned(crl, key) && IsTrusted(candidate, anchor))
                return key;
        }
        return null;
    }

    private static bool MaySign(Facts certificate, CrlFacts crl) =>
        certificate.Subject.Equals(crl.Crl.Issuer) && certificate.Allows(KeyUsages.CrlSign);

    private static bool Contradicts(Facts certificate, CrlFacts crl) => crl.AuthorityKeyId is { } wanted
        && certificate.SubjectKeyId is { } there && !there.Span.SequenceEqual(wanted);

    /// <summary>
    /// A CRL issuer that is being validated may vouch for itself, as its authority appointed it to do; for nobody
    /// else may it speak before it is known to be valid.
    /// </summary>
    private bool IsTrusted(Facts candidate, Facts anchor)
    {
        if (asked.TryPeek(out var current) && current.Digest == candidate.Digest)
            return true;
        if (asked.Count == MaxDepth || asked.Any(a => a.Digest == candidate.Digest))
            return false;
        if (verdicts.TryGetValue((candidate.Digest, anchor.Digest), out var verdict))
            return verdict;
        asked.Push(candidate);
        verdict = isValid(candidate, anchor);
        asked.Pop();
        verdicts[(candidate.Digest, anchor.Digest)] = verdict;
        return verdict;
    }
}
