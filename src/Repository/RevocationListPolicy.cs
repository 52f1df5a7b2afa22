using Jpki.Cps;
using Jpki.X509;

namespace Jpki.Repository;

/// <summary>Which CRLs and ARLs may replace the present ones. 失効記録 (CPS 4-4-9, 7-2)</summary>
internal sealed class RevocationListPolicy(
    PrefectureNames names, ShelfFiles files, IReadOnlyList<PublicKey> keys, DateTimeOffset at)
{
    /// <summary>How far the Authority's clock may be ahead of ours.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The lists as they stand afterwards: each entry has the newest of each of the governor's keys. A list that is
    /// there already is not read again.
    /// </summary>
    internal Outcome<List<Leaf>> Take(IReadOnlyList<string> offered, IReadOnlyList<Leaf> present)
    {
        var shelf = present.ToDictionary(l => (l.Entry, l.List!.Key));
        var known = present.ToDictionary(l => l.Digest, l => l.List!);
        HashSet<(Name, string)> seen = [];
        foreach (var digest in offered.Distinct())
        {
            var isNew = !known.TryGetValue(digest, out var list);
            if (isNew && files.Look(digest, Examine).IsRefused(out var no, out list))
                return no;
            var place = (list!.Entry, list.Key);
            if (!seen.Add(place))
                return new Refusal("4-4-4-4", $"two lists for {list.Entry} in one publication");
            if (!isNew)
                continue;
            if (shelf.TryGetValue(place, out var old) && ObjectionAfter(old.List!, list) is { } late)
                return late;
            shelf[place] = new(list.Entry, TypeOf(list.Entry), digest, at, list);
        }
        return WithoutPast(shelf.Values).ToList();
    }

    private Outcome<ListFacts> Examine(ReadOnlyMemory<byte> octets)
    {
        var list = Crl.Read(octets);
        return Objection(list) is { } no ? no : ListFacts.Of(list);
    }

    /// <summary>
    /// A key that is gone leaves nothing behind: expired lists go, but an entry keeps the only one it has.
    /// </summary>
    private IEnumerable<Leaf> WithoutPast(IEnumerable<Leaf> lists) => lists.GroupBy(l => l.Entry).SelectMany(entry =>
        entry.Where(l => l.List!.NextUpdate > at) is var live && live.Any() ? live : entry);

    private AttributeType TypeOf(Name entry) => entry.Equals(names.Authority) ? Schema.Arl : Schema.Crl;

    private Refusal? Objection(Crl list) =>
        ObjectionToSigner(list) ?? ObjectionToScope(list) ?? ObjectionToExtensions(list) ?? ObjectionToTimes(list);

    private Refusal? ObjectionToSigner(Crl list)
    {
        if (!list.Issuer.Equals(names.Authority))
            return new("7-2-1", $"a list of {list.Issuer}, not of the governor");
        // All generations share one name, so the key identifier tells which key it was.
        var key = keys.FirstOrDefault(k => Convert.ToHexString(k.KeyIdentifier) == ListFacts.KeyOf(list));
        if (key is null)
            return new("7-2-1", "no published certificate holds the key that the list's authorityKeyIdentifier names");
        return list.IsSignedBy(key) ? null : new("7-2-1", "the list's signature is wrong");
    }

    private Refusal? ObjectionToScope(Crl list)
    {
        if (list.Find(Oids.IssuingDistributionPoint) is not { Critical: true } extension)
            return new("4-4-4-4", "a list without a critical issuingDistributionPoint");
        var point = Extensions.ReadIssuingDistributionPoint(extension);
        if (EntryOf(list) is not { } entry)
            return new("4-4-4-4", "the list's distribution point is not one directory name");
        if (point.IndirectCrl || point.OnlySomeReasons is not null || point.OnlyContainsAttributeCerts)
            return new("4-4-4-4", $"the list for {entry} is indirect, or leaves out reasons");
        if (entry.Equals(names.Authority))
            return point.OnlyContainsCaCerts ? null : new("7-2-2", "the list in the governor's entry is not an ARL");
        if (!entry.IsWithin(names.DistributionPoints) || entry.Rdns.Count != names.DistributionPoints.Rdns.Count + 1)
            return new("4-4-4-4", $"{entry} is no municipality's distribution point");
        return point.OnlyContainsUserCerts
            ? null : new("7-2-1", $"the list for {entry} is not of residents' certificates alone");
    }

    private static Refusal? ObjectionToExtensions(Crl list)
    {
        if (list.Find(Oids.CrlNumber) is null)
            return new("7-2-1", $"the list for {EntryOf(list)} has no number");
        return list.Extensions.FirstOrDefault(e => e.Critical && e.Oid != Oids.IssuingDistributionPoint) is { } unknown
            ? new("7-2-1", $"the list for {EntryOf(list)} has the critical extension {unknown.Oid}")
            : null;
    }

    private Refusal? ObjectionToTimes(Crl list)
    {
        if (list.ThisUpdate > at + ClockSkew)
            return new("7-2-1", $"the list for {EntryOf(list)} begins in the future");
        if (list.NextUpdate is not { } end || end - list.ThisUpdate > Periods.CrlValidity)
        {
            return new(
                "4-4-9", $"the list for {EntryOf(list)} is valid for more than {Periods.CrlValidity.TotalHours} hours");
        }

        return end > at ? null : new("4-4-10", $"the list for {EntryOf(list)} has expired");
    }

    private static Refusal? ObjectionAfter(ListFacts old, ListFacts list)
    {
        if (list.Number <= old.Number)
        {
            return new(
                "4-4-9",
                $"the list for {list.Entry} has number {list.Number}; number {old.Number} is published already");
        }

        return list.ThisUpdate < old.ThisUpdate
            ? new("4-4-9", $"the list for {list.Entry} is older than the one published")
            : null;
    }

    private static Name? EntryOf(Crl list) => ListFacts.EntryOf(list);
}
