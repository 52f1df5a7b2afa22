using System.Security.Cryptography;
using Jpki.X509;

namespace Jpki.Repository;

/// <summary>One published object and the entry it hangs in. 公開情報 (CPS 2-6-1)</summary>
internal sealed record Leaf(Name Entry, AttributeType Type, ReadOnlyMemory<byte> Der, DateTimeOffset PublishedAt)
{
    /// <summary>SHA-256, lower-case hexadecimal.</summary>
    internal string Digest { get; } = Convert.ToHexStringLower(SHA256.HashData(Der.Span));

    internal bool IsList => Type == Schema.Crl || Type == Schema.Arl;
}

/// <summary>
/// Everything that is public as of one publication. Numbers rise by one from publication to publication.
/// </summary>
internal sealed record Shelf(long Version, DateTimeOffset PublishedAt, IReadOnlyList<Leaf> Leaves)
{
    internal static Shelf Empty { get; } = new(0, DateTimeOffset.UnixEpoch, []);

    internal IEnumerable<Leaf> Of(AttributeType type) => Leaves.Where(l => l.Type == type);
}
