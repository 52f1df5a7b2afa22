namespace Jpki.X509.Paths;

/// <summary>
/// Builds and validates certification paths (RFC 5280 6, RFC 9618, RFC 4158). Pure: everything it may use is in the
/// pool. One validator serves any number of threads and remembers the signatures that it has seen. 認証パス検証
/// </summary>
public sealed class PathValidator(SignatureMemory memory, TimeProvider clock, WorkLimits limits)
{
    public PathValidator(TimeProvider clock)
        : this(new(), clock, new())
    {
    }

    public PathAnswer Validate(PathPool pool, PathQuestion question) =>
        new Run(pool, question, new(limits, memory, clock)).Answer();

    /// <summary>One question, and its meter.</summary>
    private sealed class Run
    {
        private readonly PathPool pool;
        private readonly PathQuestion question;
        private readonly Work work;
        private readonly Revocation revocation;

        public Run(PathPool pool, PathQuestion question, Work work)
        {
            (this.pool, this.question, this.work) = (pool, question, work);
            revocation = new(pool, question, work, new CrlIssuers(pool, work, IsValidCrlIssuer));
        }

        public PathAnswer Answer()
        {
            Facts target = new(question.Target, pool.Known);
            if (CertificateRules.ForTarget(target, question) is { } objection)
                return Refusal([target], objection);
            PathSearch search = new(pool, pool.Anchors, question, target, work);
            if (Find(search) is not { } found)
                return Refusal(search.Furthest, work.Exhausted ?? search.Obstacle ?? WhyNot(target));
            return new()
            {
                Path = [.. found.Certificates.Select(f => f.Certificate)],
                Policies = found.Policies,
                Tried = work.Tried,
                SignatureChecks = work.SignatureChecks,
            };
        }

        /// <summary>The first path none of whose certificates is revoked.</summary>
        private FoundPath? Find(PathSearch search)
        {
            while (search.Find() is { } found)
            {
                if (question.Revocation == RevocationMode.None || revocation.Check(found) is not { } obstacle)
                    return found;
                search.Forbid(found, obstacle.Index, obstacle.Objection);
            }
            return null;
        }

        /// <summary>RFC 5280 6.3.3 (f): from the same anchor, and for any policy.</summary>
        private bool IsValidCrlIssuer(Facts issuer, Facts anchor)
        {
            PathQuestion asked = new()
            {
                Target = issuer.Certificate,
                At = question.At,
                RequiredUsage = KeyUsages.CrlSign,
            };
            return CertificateRules.ForTarget(issuer, asked) is null
                && Find(new(pool, [anchor], asked, issuer, work)) is not null;
        }

        /// <summary>Nothing led down to the target: what was wrong nearest to it.</summary>
        private Objection WhyNot(Facts target) => work.Tried.FirstOrDefault()
            ?? target.Objection("RFC 5280 6.1.3(a)(4)", "no way leads up from it to a trust anchor");

        private PathAnswer Refusal(IReadOnlyList<Facts> path, Objection objection) => new()
        {
            Objection = objection,
            IsGivenUp = work.Exhausted is not null,
            Path = [.. path.Select(f => f.Certificate)],
            Tried = [.. work.Tried.Where(o => o != objection)],
            SignatureChecks = work.SignatureChecks,
        };
    }
}
