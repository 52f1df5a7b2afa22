using System.Numerics;
using Jpki.X509;

namespace Jpki.Repository;

/// <summary>
/// One published object and the entry it hangs in; its octets are in the file of its digest. 公開情報 (CPS 2-6-1)
/// </summary>
/// <param name="Entry">Where it hangs.</param>
/// <param name="Type">As what.</param>
/// <param name="Digest">SHA-256, lower-case hexadecimal.</param>
/// <param name="PublishedAt">Since when.</param>
/// <param name="List">What it says of itself if it is a list.</param>
internal sealed record Leaf(
    Name Entry, AttributeType Type, string Digest, DateTimeOffset PublishedAt, ListFacts? List = null);

/// <summary>What a list says of itself, in memory of its own: the list's octets need not be.</summary>
internal sealed record ListFacts(
    Name Entry, string Key, BigInteger Number, DateTimeOffset ThisUpdate, DateTimeOffset NextUpdate)
{
    /// <summary>Of a list that the policy has no objection to.</summary>
    internal static ListFacts Of(Crl list) => new(
        Name.Read(EntryOf(list)!.Der.ToArray()), KeyOf(list), NumberOf(list), list.ThisUpdate,
        list.NextUpdate ?? DateTimeOffset.MinValue);

    /// <summary>Where it belongs; null when it does not say so in one directory name.</summary>
    internal static Name? EntryOf(Crl list) =>
        list.Find(Oids.IssuingDistributionPoint) is { } extension
            && Extensions.ReadIssuingDistributionPoint(extension).Name?.FullName is [{ DirectoryName: { } name }]
                ? name
                : null;

    /// <summary>The identifier of the key that signed it; empty when it names none.</summary>
    internal static string KeyOf(Crl list) => list.Find(Oids.AuthorityKeyIdentifier) is { } extension
        ? Convert.ToHexString(Extensions.ReadAuthorityKeyIdentifier(extension).KeyIdentifier ?? [])
        : "";

    private static BigInteger NumberOf(Crl list) => Extensions.ReadCrlNumber(list.Find(Oids.CrlNumber)!);
}

/// <summary>
/// Everything that is public as of one publication. Numbers rise by one from publication to publication.
/// </summary>
internal sealed record Shelf(long Version, DateTimeOffset PublishedAt, IReadOnlyList<Leaf> Leaves)
{
    internal static Shelf Empty { get; } = new(0, DateTimeOffset.UnixEpoch, []);

    internal IEnumerable<Leaf> Of(AttributeType type) => Leaves.Where(l => l.Type == type);
}
