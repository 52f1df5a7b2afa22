using System.Formats.Asn1;
using System.Numerics;

namespace Jpki.X509.Paths;

/// <summary>What a CRL says of itself, read once.</summary>
internal sealed class CrlFacts
{
    /// <summary>Those that may be critical, and are processed.</summary>
    private static readonly string[] Processed = [Oids.IssuingDistributionPoint, Oids.DeltaCrlIndicator];

    private readonly Lazy<Digest> digest;

    public CrlFacts(Crl crl)
    {
        Crl = crl;
        digest = new(() => Digest.Of(crl.Der.Span));
        Unusable = crl.Extensions.FirstOrDefault(e => e.Critical && !Processed.Contains(e.Oid)) is { } unknown
            ? $"its critical extension {unknown.Oid} is not understood" : null;
        try
        {
            Scope = Read(Oids.IssuingDistributionPoint, Extensions.ReadIssuingDistributionPoint);
            Number = Read(Oids.CrlNumber, e => (BigInteger?)Extensions.ReadCrlNumber(e));
            BaseNumber = Read(Oids.DeltaCrlIndicator, e => (BigInteger?)Extensions.ReadCrlNumber(e));
            AuthorityKeyId = Read(Oids.AuthorityKeyIdentifier, Extensions.ReadAuthorityKeyIdentifier)?.KeyIdentifier;
        }
        catch (AsnContentException e)
        {
            Unusable = $"an extension cannot be read: {e.Message}";
        }
    }

    public Crl Crl { get; }

    public Digest Digest => digest.Value;

    public IssuingDistributionPoint? Scope { get; }

    public BigInteger? Number { get; }

    /// <summary>The number of the CRL it adds to, if it is a delta CRL (RFC 5280 5.2.4).</summary>
    public BigInteger? BaseNumber { get; }

    public bool IsDelta => BaseNumber is not null;

    public byte[]? AuthorityKeyId { get; }

    /// <summary>Why nobody may rely on it, whatever the time (RFC 5280 5.2, 5.3); null if they may.</summary>
    public string? Unusable { get; private set; }

    /// <summary>RFC 5280 6.3.3 (a): is it the one of that moment?</summary>
    public string? ObjectionAt(DateTimeOffset at, TimeSpan? maxAge) =>
        Crl.ThisUpdate > at ? "it is not valid yet"
        : Crl.NextUpdate < at ? "it is out of date"
        : at - Crl.ThisUpdate > maxAge ? "it is older than asked for"
        : null;

    /// <summary>
    /// The entry of a certificate; false with <see cref="Unusable"/> set when the list cannot be read.
    /// </summary>
    public bool TryFind(Certificate certificate, out RevokedEntry? entry)
    {
        entry = null;
        if (Unusable is not null)
            return false;
        try
        {
            entry = Crl.Index.Find(certificate.Serial, certificate.Issuer);
            if (Crl.Index.HasUnknownCriticalExtension)
                Unusable = "an entry's critical extension is not understood";
        }
        catch (AsnContentException e)
        {
            Unusable = $"an entry cannot be read: {e.Message}";
        }
        return Unusable is null;
    }

    /// <summary>The same list, as one key of its issuer wrote it later (or this very edition).</summary>
    public bool IsNewerEditionOf(CrlFacts other) => ReferenceEquals(this, other)
        || (Crl.ThisUpdate > other.Crl.ThisUpdate && HasSameScope(other)
            && AuthorityKeyId.AsSpan().SequenceEqual(other.AuthorityKeyId));

    /// <summary>RFC 5280 5.2.4: a delta CRL has the scope of the CRL it adds to.</summary>
    public bool HasSameScope(CrlFacts other) => Octets(Oids.IssuingDistributionPoint)
        .SequenceEqual(other.Octets(Oids.IssuingDistributionPoint));

    private ReadOnlySpan<byte> Octets(string oid) => Crl.Find(oid) is { } extension ? extension.Value.Span : default;

    private T? Read<T>(string oid, Func<Extension, T> read) => Crl.Find(oid) is { } e ? read(e) : default;
}
