using System.Collections.Frozen;
using System.Globalization;
using Jpki.X509;

namespace Jpki.Repository;

/// <summary>The whole directory as of one publication: immutable, swapped whole. DIT (RFC 4512 2)</summary>
internal sealed class Tree
{
    private readonly FrozenDictionary<string, Entry> byKey;
    private readonly FrozenDictionary<string, Entry> byName;
    private readonly Entry[] inOrder;
    private readonly FrozenDictionary<string, int> positions;

    private Tree(IEnumerable<Entry> entries, string context)
    {
        // The border between RDNs sorts before every character, so each subtree is one run, its top first.
        inOrder = [.. entries.OrderBy(e => e.Dn.Key, StringComparer.Ordinal)];
        byKey = inOrder.ToFrozenDictionary(e => e.Dn.Key);
        byName = inOrder.ToFrozenDictionary(e => e.Name, StringComparer.OrdinalIgnoreCase);
        positions = inOrder.Select((e, i) => (e.Dn.Key, i)).ToFrozenDictionary(p => p.Key, p => p.i);
        RootDse = StandingEntries.RootDse(context);
    }

    internal Entry RootDse { get; }

    internal int Count => inOrder.Length;

    /// <summary>Every published object in its entry, and above it whatever entries its name implies.</summary>
    internal static Tree Of(
        Name authority, IEnumerable<Leaf> leaves, Func<Leaf, StoredOctets> octetsOf, DateTimeOffset at)
    {
        var leavesOf = leaves.ToLookup(l => Dn.Of(l.Entry).Key);
        Dictionary<string, Name> names = [];
        foreach (var name in leavesOf.Select(l => l.First().Entry).Append(authority))
        {
            for (var depth = 1; depth <= name.Rdns.Count; depth++)
            {
                var ancestor = Name.Of(name.Rdns.Take(depth));
                names.TryAdd(Dn.Of(ancestor).Key, ancestor);
            }
        }
        var parents = names.Keys.Select(k => new Dn(k).Parent.Key).ToHashSet();
        var entries = names.Select(n => EntryOf(new(n.Key), n.Value, [.. leavesOf[n.Key]], octetsOf,
            n.Value.Equals(authority), parents.Contains(n.Key), at));
        return new(entries, Name.Of(authority.Rdns.Take(1)).ToString());
    }

    /// <summary>The entry of that name in whatever spelling; null when there is none.</summary>
    internal Entry? Find(string name, out Dn dn)
    {
        if (byName.TryGetValue(name, out var entry))
        {
            dn = entry.Dn;
            return entry;
        }
        dn = Dn.Parse(name);
        return Find(dn);
    }

    internal Entry? Find(Dn dn) =>
        dn.IsRoot ? RootDse
        : dn == StandingEntries.Subschema.Dn ? StandingEntries.Subschema
        : byKey.GetValueOrDefault(dn.Key);

    /// <summary>The entry's place in the order that searches return; null when it is not in the tree.</summary>
    internal int? PositionOf(Dn dn) => positions.TryGetValue(dn.Key, out var at) ? at : null;

    internal Entry this[int position] => inOrder[position];

    /// <summary>The run of entries at and below that one.</summary>
    internal (int Start, int End) Subtree(Dn top)
    {
        if (top.IsRoot)
            return (0, inOrder.Length);
        if (PositionOf(top) is not { } start)
            return (0, 0);
        var end = start + 1;
        while (end < inOrder.Length && inOrder[end].Dn.IsWithin(top))
            end++;
        return (start, end);
    }

    /// <summary>The name of the nearest entry above one that does not exist: matchedDN. (RFC 4511 4.1.9)</summary>
    internal string NearestAbove(Dn missing)
    {
        var dn = missing.Parent;
        while (!dn.IsRoot && Find(dn) is null)
            dn = dn.Parent;
        return dn.IsRoot ? "" : Find(dn)!.Name;
    }

    private static Entry EntryOf(
        Dn dn, Name name, IReadOnlyList<Leaf> leaves, Func<Leaf, StoredOctets> octetsOf, bool isAuthority,
        bool hasSubordinates, DateTimeOffset at)
    {
        var rdn = name.Rdns[^1].Attributes;
        var structural = StructuralClassOf(rdn[0].Oid, leaves);
        List<StoredAttribute> attributes =
        [
            StoredAttribute.Of(Schema.ObjectClass, isAuthority ? ["top", structural, "pkiCA"] : ["top", structural]),
            .. rdn.Where(a => a.Text is not null).GroupBy(a => Schema.Find(a.Oid)).Where(g => g.Key is not null)
                .Select(g => StoredAttribute.Of(g.Key!, [.. g.Select(a => a.Text!)])),
            .. leaves.GroupBy(l => l.Type)
                .Select(g => StoredAttribute.OfOctets(g.Key, [.. g.Select(octetsOf)])),
            StoredAttribute.Of(Schema.StructuralObjectClass, structural),
            StoredAttribute.Of(Schema.EntryDn, name.ToString()),
            StoredAttribute.Of(Schema.SubschemaSubentry, StandingEntries.SubschemaName),
            StoredAttribute.Of(Schema.HasSubordinates, hasSubordinates ? "TRUE" : "FALSE"),
            StoredAttribute.Of(Schema.ModifyTimestamp, Time(leaves.Count > 0 ? leaves.Max(l => l.PublishedAt) : at)),
        ];
        return new(dn, name.ToString(), attributes);
    }

    private static string StructuralClassOf(string rdnType, IReadOnlyList<Leaf> leaves) => rdnType switch
    {
        Oids.CountryName => "country",
        Oids.OrganizationName => "organization",
        Oids.OrganizationalUnitName => "organizationalUnit",
        Oids.LocalityName or Oids.StateOrProvinceName => "locality",
        _ => leaves.Any(l => l.Type == Schema.Crl) ? "cRLDistributionPoint" : "applicationProcess",
    };

    private static string Time(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyyMMddHHmmss'Z'", CultureInfo.InvariantCulture);
}
