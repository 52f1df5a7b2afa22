namespace Jpki.X509.Paths;

/// <summary>
/// Everything a validator may use, in no order: anchors, which are trusted by name and key (RFC 5280 6.1.1 (d)), and
/// what strangers offer. Made once and good for any number of questions and threads. 検証材料
/// </summary>
public sealed class PathPool
{
    private readonly Dictionary<Name, List<Facts>> bySubject = [];
    private readonly Dictionary<Name, List<CrlFacts>> crls = [];

    public PathPool(IEnumerable<Certificate> anchors, IEnumerable<Certificate> certificates,
        IEnumerable<Crl> crls, IEnumerable<BasicOcspResponse>? answers = null)
    {
        Anchors = [.. anchors.DistinctBy(c => c.Der, Octets.Same).Select(c => new Facts(c))];
        Answers = [.. answers ?? []];
        foreach (var certificate in certificates.DistinctBy(c => c.Der, Octets.Same))
            Add(bySubject, certificate.Subject, new Facts(certificate));
        foreach (var crl in crls.DistinctBy(c => c.Der, Octets.Same))
            Add(this.crls, crl.Issuer, new CrlFacts(crl));
    }

    internal IReadOnlyList<Facts> Anchors { get; }

    internal IReadOnlyList<BasicOcspResponse> Answers { get; }

    internal IReadOnlyList<Facts> Certificates(Name subject) =>
        bySubject.TryGetValue(subject, out var found) ? found : [];

    internal IReadOnlyList<CrlFacts> Crls(Name issuer) => crls.TryGetValue(issuer, out var found) ? found : [];

    private static void Add<T>(Dictionary<Name, List<T>> index, Name name, T value)
    {
        if (!index.TryGetValue(name, out var values))
            index[name] = values = [];
        values.Add(value);
    }

    /// <summary>Equal octets; hashed with this process's own seed.</summary>
    private sealed class Octets : IEqualityComparer<ReadOnlyMemory<byte>>
    {
        public static readonly Octets Same = new();

        public bool Equals(ReadOnlyMemory<byte> x, ReadOnlyMemory<byte> y) => x.Span.SequenceEqual(y.Span);

        public int GetHashCode(ReadOnlyMemory<byte> octets)
        {
            HashCode hash = new();
            hash.AddBytes(octets.Span[^Math.Min(octets.Length, 64)..]); // the signature: enough to tell apart
            return hash.ToHashCode();
        }
    }
}
