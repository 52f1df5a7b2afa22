using Jpki.Forms;
using Jpki.X509;

namespace Jpki.Ocsp;

/// <summary>
/// The status of every certificate, as of one position of the feed. One thread writes, any number read. It lives in
/// memory only: a node that starts reads the feed from the beginning. 失効情報
/// </summary>
internal sealed class StatusMap
{
    private volatile Issuer[] issuers = [];
    private long position;

    /// <summary>Every change up to this one is in the map.</summary>
    public long Position => Volatile.Read(ref position);

    /// <summary>Ascending by generation.</summary>
    public IReadOnlyList<Issuer> Issuers => issuers;

    public Issuer? Newest => issuers is [.., var newest] ? newest : null;

    public Issuer? IssuerOf(CertId certId) => Array.Find(issuers, i => i.IsIssuerOf(certId));

    /// <summary>A generation may be introduced again at every connection; what is known of it stays.</summary>
    public void Introduce(FeedGeneration generation)
    {
        var known = Array.Find(issuers, i => i.Generation == generation.Generation);
        if (known is null)
            issuers = [.. issuers.Append(new(generation, new(generation.SerialKey))).OrderBy(i => i.Generation)];
        else if (!known.Certificate.Der.Span.SequenceEqual(generation.Certificate))
            throw new FormatException($"status feed: generation {generation.Generation} has another certificate now");
    }

    /// <exception cref="FormatException">It is not the next change: something was lost.</exception>
    public void Apply(in StatusChange change)
    {
        if (change.Position != position + 1)
            throw new FormatException($"status feed: change {change.Position} after {position}");
        var generation = change.Generation;
        var issuer = Array.Find(issuers, i => i.Generation == generation)
            ?? throw new FormatException($"status feed: nobody introduced generation {generation}");
        issuer.Apply(change);
        Volatile.Write(ref position, change.Position);
    }
}
