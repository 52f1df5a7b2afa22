namespace Jpki.X509.Paths;

/// <summary>
/// The valid policy graph of RFC 9618: at each certificate every policy stands once, with all its parents, so it grows
/// with the policies that certificates state and not with the ways through them. Immutable; null is the empty graph.
/// 有効ポリシグラフ
/// </summary>
internal sealed class PolicyGraph
{
    private static readonly IReadOnlySet<string> UnderAnyPolicy = new HashSet<string>();

    /// <summary>Each expected policy, with the policies above it that expect it; an empty set stands for anyPolicy.</summary>
    private readonly Dictionary<string, IReadOnlySet<string>> nodes;
    private readonly PolicyGraph? above;

    private PolicyGraph(PolicyGraph? above, Dictionary<string, IReadOnlySet<string>> nodes, bool hasAnyPolicy)
    {
        this.above = above;
        this.nodes = nodes;
        HasAnyPolicy = hasAnyPolicy;
    }

    /// <summary>RFC 9618 5.1: before the first certificate any policy is expected.</summary>
    public static PolicyGraph Initial { get; } = new(null, [], true);

    public bool HasAnyPolicy { get; }

    public int Count => nodes.Count;

    /// <summary>RFC 9618 5.3 (d) and (e): what remains valid after a certificate's policies; null when nothing does.</summary>
    public PolicyGraph? Restrict(IReadOnlyList<PolicyInformation>? policies, bool isAnyPolicyAllowed)
    {
        if (policies is null)
            return null;
        var hasAny = isAnyPolicyAllowed && policies.Any(p => p.Policy == Oids.AnyPolicy);
        var kept = hasAny ? new Dictionary<string, IReadOnlySet<string>>(nodes) : [];
        foreach (var policy in policies.Select(p => p.Policy).Where(p => p != Oids.AnyPolicy))
        {
            if (nodes.TryGetValue(policy, out var parents))
                kept[policy] = parents;
            else if (HasAnyPolicy)
                kept[policy] = UnderAnyPolicy;
        }
        var graph = new PolicyGraph(above, kept, HasAnyPolicy && hasAny);
        return graph.Count > 0 || graph.HasAnyPolicy ? graph : null;
    }

    /// <summary>RFC 9618 5.4 (b), and one certificate further down; null when nothing remains.</summary>
    public PolicyGraph? Descend(IReadOnlyList<PolicyMapping> mappings, bool isMappingAllowed)
    {
        var from = isMappingAllowed ? WithMapped(mappings) : Without(mappings);
        Dictionary<string, IReadOnlySet<string>> below = [];
        if (isMappingAllowed)
        {
            foreach (var mapping in mappings.Where(m => from.nodes.ContainsKey(m.IssuerDomainPolicy)))
                Add(below, mapping.SubjectDomainPolicy, mapping.IssuerDomainPolicy);
        }
        var mapped = mappings.Select(m => m.IssuerDomainPolicy).ToHashSet();
        foreach (var policy in from.nodes.Keys.Where(p => !mapped.Contains(p)))
            Add(below, policy, policy);
        return below.Count > 0 || from.HasAnyPolicy ? new(from, below, from.HasAnyPolicy) : null;
    }

    /// <summary>RFC 9618 5.6: the authority-constrained set, within what the user asked for.</summary>
    public IReadOnlyList<string> UserConstrained(IReadOnlyList<string> initial)
    {
        var acceptsAny = initial.Contains(Oids.AnyPolicy);
        var found = Roots().Where(p => acceptsAny || initial.Contains(p)).ToHashSet();
        if (HasAnyPolicy && acceptsAny)
            found.Add(Oids.AnyPolicy);
        else if (HasAnyPolicy)
            found.UnionWith(initial);
        return [.. found.Order(StringComparer.Ordinal)];
    }

    /// <summary>A text that graphs share which admit the same futures.</summary>
    public string Fingerprint() => string.Join(' ', Roots().Order(StringComparer.Ordinal)) + (HasAnyPolicy ? "|*|" : "|")
        + string.Join(' ', nodes.Keys.Order(StringComparer.Ordinal));

    /// <summary>valid_policy_node_set: policies right below anyPolicy that still reach down to the last certificate.</summary>
    private HashSet<string> Roots()
    {
        HashSet<string> roots = [];
        var wanted = nodes.Keys.ToHashSet();
        for (var level = this; level is not null; level = level.above)
        {
            HashSet<string> parents = [];
            foreach (var policy in wanted)
            {
                if (!level.nodes.TryGetValue(policy, out var above))
                    continue;
                if (above.Count == 0)
                    roots.Add(policy);
                parents.UnionWith(above);
            }
            wanted = parents;
        }
        return roots;
    }

    private PolicyGraph WithMapped(IReadOnlyList<PolicyMapping> mappings)
    {
        if (!HasAnyPolicy || mappings.All(m => nodes.ContainsKey(m.IssuerDomainPolicy)))
            return this;
        var grown = new Dictionary<string, IReadOnlySet<string>>(nodes);
        foreach (var mapping in mappings)
            grown.TryAdd(mapping.IssuerDomainPolicy, UnderAnyPolicy);
        return new(above, grown, true);
    }

    private PolicyGraph Without(IReadOnlyList<PolicyMapping> mappings)
    {
        if (mappings.Count == 0)
            return this;
        var left = new Dictionary<string, IReadOnlySet<string>>(nodes);
        foreach (var mapping in mappings)
            left.Remove(mapping.IssuerDomainPolicy);
        return new(above, left, HasAnyPolicy);
    }

    private static void Add(Dictionary<string, IReadOnlySet<string>> level, string policy, string parent)
    {
        if (level.TryGetValue(policy, out var parents))
            ((HashSet<string>)parents).Add(parent);
        else
            level[policy] = new HashSet<string> { parent };
    }
}
