using System.Formats.Asn1;

namespace Jpki.X509;

/// <summary>
/// A distinguished name, in its encoded order (country first). Keeps the DER it was read from. Two names are equal when
/// RFC 5280 7.1 says so, whatever strings they are encoded with. 識別名
/// </summary>
public sealed class Name : IEquatable<Name>
{
    private const int MaxRdns = 64;

    private readonly Lazy<string> matchKey;
    private int hash;

    private Name(ReadOnlyMemory<byte> der, IReadOnlyList<Rdn> rdns)
    {
        Der = der;
        Rdns = rdns;
        matchKey = new(() => NameMatching.Key(rdns));
    }

    public static Name Empty { get; } = Of(Enumerable.Empty<Rdn>());

    public ReadOnlyMemory<byte> Der { get; }

    public IReadOnlyList<Rdn> Rdns { get; }

    public bool IsEmpty => Rdns.Count == 0;

    public static Name Read(ReadOnlyMemory<byte> der)
    {
        var reader = X509.Der.OpenSequence(der);
        var rdns = new List<Rdn>();
        while (reader.HasData && rdns.Count < MaxRdns)
            rdns.Add(Rdn.Read(reader));
        reader.ThrowIfNotEmpty();
        return new(der, rdns);
    }

    /// <summary>Reads the name that comes next, keeping its bytes.</summary>
    public static Name ReadFrom(AsnReader reader) => Read(reader.ReadEncodedValue());

    /// <summary>From its RFC 4514 text: <c>CN=x,OU=y,C=JP</c>, the last encoded RDN first.</summary>
    public static Name Parse(string text)
    {
        try
        {
            return Of(NameText.Parse(text));
        }
        catch (Exception e) when (e is ArgumentException or AsnContentException) // an OID or string nobody can encode
        {
            throw new FormatException("not a distinguished name", e);
        }
    }

    /// <summary>One attribute per RDN, in encoded order; a type is a short name (<c>OU</c>) or an OID.</summary>
    public static Name Of(params (string Type, string Value)[] attributes) =>
        Of(attributes.Select(a => new Rdn([AttributeTypeAndValue.Of(NameText.OidOf(a.Type), a.Value)])));

    public static Name Of(IEnumerable<Rdn> rdns)
    {
        Rdn[] all = [.. rdns];
        var writer = X509.Der.NewWriter();
        using (writer.PushSequence())
        {
            foreach (var rdn in all)
                rdn.Write(writer);
        }

        return all.Length <= MaxRdns ? new(writer.Encode(), all) : throw new AsnContentException("a very long name");
    }

    /// <summary>The first value of that type in encoded order.</summary>
    public string? Value(string oid) => Values(oid).FirstOrDefault();

    public IEnumerable<string> Values(string oid) =>
        from rdn in Rdns from a in rdn.Attributes where a.Oid == oid && a.Text is not null select a.Text;

    /// <summary>This name with one more RDN below it.</summary>
    public Name With(string type, string value) =>
        Of([.. Rdns, new Rdn([AttributeTypeAndValue.Of(NameText.OidOf(type), value)])]);

    /// <summary>Is this name <paramref name="ancestor"/> itself or below it? (RFC 5280 7.1)</summary>
    public bool IsWithin(Name ancestor) => Rdns.Count >= ancestor.Rdns.Count
        && NameMatching.Key(Rdns.Take(ancestor.Rdns.Count)) == ancestor.matchKey.Value;

    public bool Equals(Name? other) => ReferenceEquals(this, other) || (other is not null
        && (Der.Span.SequenceEqual(other.Der.Span) || NameMatching.AreEqual(Rdns, other.Rdns)));

    public override bool Equals(object? obj) => Equals(obj as Name);

    public override int GetHashCode() =>
        hash != 0 ? hash : hash = matchKey.Value.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => NameText.Format(this);
}
