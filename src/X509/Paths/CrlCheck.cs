namespace Jpki.X509.Paths;

/// <summary>CRL processing, RFC 5280 6.3.3, for one certificate of a path that is otherwise sound.</summary>
internal sealed class CrlCheck(PathPool pool, PathQuestion question, Work work, CrlIssuers issuers)
{
    private const string Section = "RFC 5280 6.3.3";

    /// <summary>All the reasons there are; bit 0 is not used (RFC 5280 6.3.2 (a)).</summary>
    private const ReasonSet AllReasons = ReasonSet.KeyCompromise | ReasonSet.CaCompromise
        | ReasonSet.AffiliationChanged | ReasonSet.Superseded | ReasonSet.CessationOfOperation
        | ReasonSet.CertificateHold | ReasonSet.PrivilegeWithdrawn | ReasonSet.AaCompromise;

    /// <summary>The point that every certificate has: it names neither a place nor a CRL issuer.</summary>
    private static readonly DistributionPoint[] IssuersOwn = [new(null)];

    public Finding Find(FoundPath path, int index)
    {
        Search search = new(path, index);
        foreach (var point in PointsOf(search.Certificate))
        {
            foreach (var crl in Candidates(search.Certificate, point))
            {
                if (Ask(search, point, crl) is { } revoked)
                    return new(Status.Revoked, revoked);
            }
        }
        return search.Finding();
    }

    /// <summary>
    /// Its own points, then its issuer's CRL without a partition; but not when every point names another CRL issuer:
    /// then its issuer has said that it does not keep the list itself.
    /// </summary>
    private static IEnumerable<DistributionPoint> PointsOf(Facts certificate)
    {
        var points = certificate.CrlPoints ?? [];
        if (points.Count == 0)
            return IssuersOwn;
        return points.All(p => p.CrlIssuer is not null) ? points : points.Concat(IssuersOwn);
    }

    /// <summary>(b)(1): by issuer's name. Delta CRLs come in with the CRL they add to.</summary>
    private IEnumerable<CrlFacts> Candidates(Facts certificate, DistributionPoint point)
    {
        if (point.CrlIssuer is null)
            return NewestFirst(pool.Crls(certificate.Issuer));
        return point.CrlIssuer.Where(n => n.DirectoryName is not null)
            .SelectMany(n => NewestFirst(pool.Crls(n.DirectoryName!))).Where(c => c.Scope is { IndirectCrl: true });
    }

    private static IEnumerable<CrlFacts> NewestFirst(IReadOnlyList<CrlFacts> crls) =>
        crls.Count < 2 ? crls : crls.OrderByDescending(c => c.Crl.ThisUpdate);

    /// <summary>The objection when the CRL revokes the certificate; else null, and the search knows more.</summary>
    private Objection? Ask(Search search, DistributionPoint point, CrlFacts crl)
    {
        if (crl.IsDelta || !CrlScope.Covers(crl, point, search.Certificate))
            return null;
        search.IsSpokenOf = true;
        // Once all reasons are covered the rest is only asked for a revocation, and older editions are not asked.
        if (search.Used.Exists(newer => newer.IsNewerEditionOf(crl)))
            return null;
        if (Unusable(search, crl, out var key, out var entry) is { } problem)
        {
            search.Problem ??= problem;
            return null;
        }
        if (Amend(search, crl, key!, entry) is { } revoked)
            return RevokedBy(search.Certificate, revoked);
        search.Mask |= ReasonsOf(crl, point);
        search.Used.Add(crl);
        return null;
    }

    /// <summary>(d): what this CRL covers of what this point covers.</summary>
    private static ReasonSet ReasonsOf(CrlFacts crl, DistributionPoint point) =>
        AllReasons & (crl.Scope?.OnlySomeReasons ?? AllReasons) & (point.Reasons ?? AllReasons);

    /// <summary>(a), (f), (g) and the entries: why nobody may rely on it.</summary>
    private string? Unusable(Search search, CrlFacts crl, out PublicKey? key, out RevokedEntry? entry)
    {
        (key, entry) = (null, null);
        if ((crl.Unusable ?? crl.ObjectionAt(question.At, question.MaxRevocationAge)) is { } objection)
            return objection;
        key = issuers.KeyOf(crl, search.Path, search.Index);
        if (key is null)
            return "no key that may sign it, and can be trusted to, signed it";
        return crl.TryFind(search.Certificate.Certificate, out entry) ? null : crl.Unusable;
    }

    /// <summary>(c), (h) to (k): what a delta CRL says comes after what the CRL says.</summary>
    private RevokedEntry? Amend(Search search, CrlFacts crl, PublicKey key, RevokedEntry? entry)
    {
        foreach (var delta in pool.Crls(crl.Crl.Issuer))
        {
            if (!Amends(delta, crl) || !work.IsSigned(delta, key)
                || !delta.TryFind(search.Certificate.Certificate, out var change) || change is null)
            {
                continue;
            }
            return change.Value.ReasonCode == (int)CrlReason.RemoveFromCrl ? null : change;
        }
        return entry is { ReasonCode: (int)CrlReason.RemoveFromCrl } ? null : entry;
    }

    private bool Amends(CrlFacts delta, CrlFacts crl) =>
        delta.BaseNumber is { } from && crl.Number >= from && delta.Number > crl.Number
        && delta.Unusable is null && delta.ObjectionAt(question.At, question.MaxRevocationAge) is null
        && delta.HasSameScope(crl);

    private static Objection RevokedBy(Facts certificate, RevokedEntry entry) => certificate.Objection(Section,
        $"it was revoked at {entry.RevokedAt:u}" + (entry.ReasonCode is { } reason ? $", {(CrlReason)reason}" : ""));

    /// <summary>What is known so far of one certificate.</summary>
    private sealed class Search(FoundPath path, int index)
    {
        public FoundPath Path => path;

        public int Index => index;

        public Facts Certificate => path.Certificates[index];

        /// <summary>reasons_mask.</summary>
        public ReasonSet Mask { get; set; }

        public List<CrlFacts> Used { get; } = new(1);

        public bool IsSpokenOf { get; set; }

        public string? Problem { get; set; }

        public Finding Finding()
        {
            if (Mask == AllReasons)
                return Paths.Finding.Good;
            if (!IsSpokenOf)
                return new(Status.Silent, Certificate.Objection(Section, "no CRL or OCSP answer speaks of it"));
            var reason = Problem is null ? "not all reasons are covered by a CRL" : $"its CRL is of no use: {Problem}";
            return new(Status.Undetermined, Certificate.Objection(Section, reason));
        }
    }
}
