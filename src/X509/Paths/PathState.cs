namespace Jpki.X509.Paths;

/// <summary>The state variables of RFC 5280 6.1.2 after some certificates of a path. Immutable. 検証状態</summary>
internal sealed class PathState
{
    /// <summary>n + 1 in the standard: more than any path is long, and never counted down.</summary>
    private const int Unlimited = int.MaxValue;

    private int explicitPolicy;
    private int policyMapping;
    private int inhibitAnyPolicy;
    private int maxPathLength;
    private PolicyGraph? policies;
    private Limit? limits;

    private PathState(Facts last, PublicKey key) => (Last, Key) = (last, key);

    /// <summary>The certificate last taken: the anchor, at first.</summary>
    public Facts Last { get; }

    /// <summary>working_public_key, with the parameters it inherited.</summary>
    public PublicKey Key { get; }

    /// <summary>
    /// RFC 5280 6.1.2. An anchor's own name constraints bind as well (RFC 5937 3.2); nothing else of it does.
    /// </summary>
    public static PathState Start(Facts anchor, PathQuestion question) => new(anchor, anchor.Certificate.PublicKey)
    {
        explicitPolicy = question.RequireExplicitPolicy ? 0 : Unlimited,
        policyMapping = question.InhibitPolicyMapping ? 0 : Unlimited,
        inhibitAnyPolicy = question.InhibitAnyPolicy ? 0 : Unlimited,
        maxPathLength = question.MaxDepth ?? Unlimited,
        policies = PolicyGraph.Initial,
        limits = anchor.NameRules is { } rules ? new(rules, null) : null,
    };

    /// <summary>A text that states share from which the same certificates can follow.</summary>
    public string Fingerprint()
    {
        var names = string.Join(',', Limit.All(limits).Select(l => l.Rules.GetHashCode()).Distinct().Order());
        return $"{explicitPolicy}/{policyMapping}/{inhibitAnyPolicy}/{maxPathLength}/{names}/{policies?.Fingerprint()}";
    }

    /// <summary>RFC 5280 6.1.3: the checks that concern every certificate; null when it passes.</summary>
    public Objection? Check(Facts next, bool isLast, Work work)
    {
        // RFC 5280 6.1.4 (l): before an intermediate, so that hopeless ones cost no signature.
        if (!isLast && !next.IsSelfIssued && maxPathLength == 0)
            return next.Objection("RFC 5280 6.1.4(l)", "the path is longer than an authority above it allows");
        if (!work.IsSigned(next, Key))
            return work.Exhausted ?? next.Objection("RFC 5280 6.1.3(a)(1)", "the issuer's key did not sign it");
        return isLast || !next.IsSelfIssued ? CheckNames(next, work) : null;
    }

    /// <summary>
    /// RFC 5280 6.1.3 (d) to (f) and 6.1.4: the state after an intermediate; null when it may not follow.
    /// </summary>
    public PathState? Descend(Facts next, Work work, out Objection? objection)
    {
        objection = null;
        var graph = policies?.Restrict(next.Policies, inhibitAnyPolicy > 0 || next.IsSelfIssued);
        if (explicitPolicy == 0 && graph is null)
        {
            objection = NoPolicy(next);
            return null;
        }
        graph = graph?.Descend(next.Mappings, policyMapping > 0);
        if (graph?.Count > work.Limits.Policies)
            work.GiveUp($"more than {work.Limits.Policies} policies at one certificate");
        var step = next.IsSelfIssued ? 0 : 1;
        return new(next, next.Certificate.PublicKey.WithParametersOf(Key))
        {
            policies = graph,
            explicitPolicy = Least(Less(explicitPolicy, step), next.PolicyConstraints?.RequireExplicitPolicy),
            policyMapping = Least(Less(policyMapping, step), next.PolicyConstraints?.InhibitPolicyMapping),
            inhibitAnyPolicy = Least(Less(inhibitAnyPolicy, step), next.InhibitAnyPolicy),
            maxPathLength = Least(Less(maxPathLength, step), next.BasicConstraints?.PathLength),
            limits = next.NameRules is { } rules ? new(rules, limits) : limits,
        };
    }

    /// <summary>RFC 5280 6.1.3 (d) to (f) and 6.1.5 for the target.</summary>
    public Objection? Finish(Facts target, PathQuestion question, out IReadOnlyList<string> found)
    {
        var graph = policies?.Restrict(target.Policies, inhibitAnyPolicy > 0);
        found = graph?.UserConstrained(question.Policies) ?? [];
        if (explicitPolicy == 0 && graph is null)
            return NoPolicy(target);
        var left = Less(explicitPolicy, 1);
        if (target.PolicyConstraints?.RequireExplicitPolicy == 0)
            left = 0;
        return left == 0 && found.Count == 0
            ? target.Objection("RFC 5280 6.1.5(g)", "no policy that is required holds for the whole path")
            : null;
    }

    private static Objection NoPolicy(Facts at) =>
        at.Objection("RFC 5280 6.1.3(f)", "a policy is required, and none holds for the path so far");

    private static int Less(int counter, int step) => counter is 0 or Unlimited ? counter : counter - step;

    private static int Least(int counter, int? stated) => Math.Min(counter, stated ?? Unlimited);

    private Objection? CheckNames(Facts next, Work work)
    {
        foreach (var limit in Limit.All(limits))
        {
            if (limit.Rules.Objection(next.Names, work) is { } reason)
                return work.Exhausted ?? next.Objection("RFC 5280 6.1.3(b), (c)", reason);
        }
        return null;
    }

    /// <summary>
    /// permitted_subtrees and excluded_subtrees: all the rules from above, each of which must be kept.
    /// </summary>
    private sealed record Limit(NameRules Rules, Limit? Above)
    {
        public static IEnumerable<Limit> All(Limit? last)
        {
            for (var limit = last; limit is not null; limit = limit.Above)
                yield return limit;
        }
    }
}
