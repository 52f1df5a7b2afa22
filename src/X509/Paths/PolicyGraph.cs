namespace Jpki.X509.Paths;

/// <summary>
/// The valid policy graph of RFC 9618: at each certificate every policy stands once, with all its parents, so it grows
/// with the policies that certificates state and not with the ways through them. Immutable; null is the empty graph.
/// 有効ポリシグラフ
/// </summary>
internal sealed class PolicyGraph
{
    /// <summary>Up to so many are searched one by one, which is faster than hashing.</summary>
    private const int Few = 8;

    private readonly PolicyGraph? above;
    private readonly Node[] nodes;
    private readonly Dictionary<string, Node>? index;

    private PolicyGraph(PolicyGraph? above, Node[] nodes, bool hasAnyPolicy)
    {
        (this.above, this.nodes, HasAnyPolicy) = (above, nodes, hasAnyPolicy);
        index = nodes.Length > Few ? nodes.ToDictionary(n => n.Policy) : null;
    }

    /// <summary>RFC 9618 5.1: before the first certificate any policy is expected.</summary>
    public static PolicyGraph Initial { get; } = new(null, [], true);

    public bool HasAnyPolicy { get; }

    public int Count => nodes.Length;

    /// <summary>
    /// RFC 9618 5.3 (d) and (e): what remains valid after a certificate's policies; null when nothing does.
    /// </summary>
    public PolicyGraph? Restrict(IReadOnlyList<PolicyInformation>? policies, bool isAnyPolicyAllowed)
    {
        if (policies is null)
            return null;
        var hasAny = false;
        List<Node> kept = [];
        foreach (var stated in policies)
        {
            if (stated.Policy == Oids.AnyPolicy)
                hasAny = isAnyPolicyAllowed;
            else if (Find(stated.Policy) is { } node)
                kept.Add(node);
            else if (HasAnyPolicy)
                kept.Add(new(stated.Policy, []));
        }
        if (hasAny)
            kept.AddRange(nodes.Except(kept));
        return kept.Count > 0 || (HasAnyPolicy && hasAny) ? new(above, [.. kept], HasAnyPolicy && hasAny) : null;
    }

    /// <summary>RFC 9618 5.4 (b), and one certificate further down; null when nothing remains.</summary>
    public PolicyGraph? Descend(IReadOnlyList<PolicyMapping> mappings, bool isMappingAllowed)
    {
        if (mappings.Count == 0)
            return new(this, Array.ConvertAll(nodes, n => new Node(n.Policy, [n.Policy])), HasAnyPolicy);
        var mapped = mappings.Select(m => m.IssuerDomainPolicy).ToHashSet();
        var from = isMappingAllowed ? WithMapped(mapped) : this;
        var below = from.nodes.Where(n => !mapped.Contains(n.Policy))
            .ToDictionary(n => n.Policy, n => new HashSet<string> { n.Policy });
        foreach (var mapping in isMappingAllowed ? mappings : [])
        {
            if (from.Find(mapping.IssuerDomainPolicy) is null)
                continue;
            if (!below.TryGetValue(mapping.SubjectDomainPolicy, out var parents))
                below[mapping.SubjectDomainPolicy] = parents = [];
            parents.Add(mapping.IssuerDomainPolicy);
        }
        return below.Count > 0 || HasAnyPolicy
            ? new(from, [.. below.Select(n => new Node(n.Key, [.. n.Value]))], HasAnyPolicy) : null;
    }

    /// <summary>RFC 9618 5.6: the authority-constrained set, within what the user asked for.</summary>
    public IReadOnlyList<string> UserConstrained(IReadOnlyList<string> initial)
    {
        var acceptsAny = initial.Contains(Oids.AnyPolicy);
        var found = Roots();
        if (!acceptsAny)
            found.IntersectWith(initial);
        if (HasAnyPolicy && acceptsAny)
            found.Add(Oids.AnyPolicy);
        else if (HasAnyPolicy)
            found.UnionWith(initial);
        return [.. found];
    }

    /// <summary>A text that graphs share which admit the same futures.</summary>
    public string Fingerprint() => string.Join(' ', Roots()) + (HasAnyPolicy ? "|*|" : "|")
        + string.Join(' ', nodes.Select(n => n.Policy).Order(StringComparer.Ordinal));

    /// <summary>
    /// valid_policy_node_set: policies right below anyPolicy that still reach down to the last certificate.
    /// </summary>
    private SortedSet<string> Roots()
    {
        SortedSet<string> roots = new(StringComparer.Ordinal);
        var wanted = nodes;
        for (var level = this; level is not null && wanted.Length > 0; level = level.above)
        {
            foreach (var node in wanted.Where(n => n.Parents.Length == 0))
                roots.Add(node.Policy);
            wanted = level.above is null ? []
                : [.. wanted.SelectMany(n => n.Parents).Distinct().Select(level.above.Find).OfType<Node>()];
        }
        return roots;
    }

    private Node? Find(string policy) => index is not null
        ? index.GetValueOrDefault(policy) : Array.Find(nodes, n => n.Policy == policy);

    /// <summary>(b)(1): what is mapped and comes under anyPolicy gets a node of its own.</summary>
    private PolicyGraph WithMapped(HashSet<string> mapped)
    {
        if (!HasAnyPolicy || mapped.All(p => Find(p) is not null))
            return this;
        return new(above, [.. nodes, .. mapped.Where(p => Find(p) is null).Select(p => new Node(p, []))], true);
    }

    /// <summary>An expected policy, and those above that expect it; none stands for anyPolicy.</summary>
    private sealed record Node(string Policy, string[] Parents);
}
