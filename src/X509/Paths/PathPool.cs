namespace Jpki.X509.Paths;

/// <summary>
/// Everything a validator may use, in no order: anchors, which are trusted by name and key (RFC 5280 6.1.1 (d)), and
/// what strangers offer. Made once and good for any number of questions and threads. 検証材料
/// </summary>
public sealed class PathPool
{
    private readonly Dictionary<Name, List<Facts>> bySubject = [];
    private readonly Dictionary<Name, List<CrlFacts>> crls = [];
    private readonly Dictionary<ReadOnlyMemory<byte>, Name> names = new(Octets.Same);

    public PathPool(IEnumerable<Certificate> anchors, IEnumerable<Certificate> certificates,
        IEnumerable<Crl> crls, IEnumerable<BasicOcspResponse>? answers = null)
    {
        Anchors = [.. anchors.DistinctBy(c => c.Der, Octets.Same).Select(c => new Facts(c, Known))];
        Answers = [.. answers ?? []];
        foreach (var anchor in Anchors)
            names.TryAdd(anchor.Subject.Der, anchor.Subject);
        foreach (var certificate in certificates.DistinctBy(c => c.Der, Octets.Same))
            Add(bySubject, certificate.Subject, new Facts(certificate, Known));
        foreach (var crl in crls.DistinctBy(c => c.Der, Octets.Same))
            Add(this.crls, crl.Issuer, new CrlFacts(crl));
    }

    internal IReadOnlyList<Facts> Anchors { get; }

    internal IReadOnlyList<BasicOcspResponse> Answers { get; }

    internal IReadOnlyList<Facts> Certificates(Name subject) =>
        bySubject.TryGetValue(subject, out var found) ? found : [];

    internal IReadOnlyList<CrlFacts> Crls(Name issuer) => crls.TryGetValue(issuer, out var found) ? found : [];

    /// <summary>The same name as it is known here, whose hash is known too.</summary>
    internal Name Known(Name name) => names.TryGetValue(name.Der, out var known) ? known : name;

    private void Add<T>(Dictionary<Name, List<T>> index, Name name, T value)
    {
        names.TryAdd(name.Der, name);
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
