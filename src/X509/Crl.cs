using System.Formats.Asn1;

namespace Jpki.X509;

/// <summary>
/// A certificate revocation list as it was read (RFC 5280 5.1). The frame is read at once, the entries only when they
/// are asked for; whoever hands the bytes over must not change them. 失効リスト
/// </summary>
public sealed class Crl
{
    private const int V2 = 1;

    private readonly Signed signed;
    private readonly CrlEntries entries;
    private readonly Lazy<CrlIndex> index;

    private Crl(ReadOnlyMemory<byte> der)
    {
        Der = der;
        signed = Signed.Read(der);
        var reader = X509.Der.OpenSequence(signed.ToBeSigned);
        Version = ReadVersion(reader);
        signed.ReadSameAlgorithm(reader);
        Issuer = Name.ReadFrom(reader);
        ThisUpdate = reader.ReadTime();
        NextUpdate = reader.NextIsTime() ? reader.ReadTime() : null;
        entries = CrlEntries.Read(reader, Version);
        Extensions = ReadExtensions(reader);
        reader.ThrowIfNotEmpty();
        index = new(() => CrlIndex.Of(entries, Issuer));
        if (Issuer.IsEmpty) // RFC 5280 5.1.2.3
            throw new AsnContentException("the issuer has no name");
    }

    public ReadOnlyMemory<byte> Der { get; }

    /// <summary>The octets under the signature.</summary>
    public ReadOnlyMemory<byte> ToBeSigned => signed.ToBeSigned;

    public SignatureAlgorithm Algorithm => signed.Algorithm;

    public ReadOnlyMemory<byte> Signature => signed.Signature;

    /// <summary>1 or 2.</summary>
    public int Version { get; }

    public Name Issuer { get; }

    public DateTimeOffset ThisUpdate { get; }

    /// <summary>RFC 5280 5.1.2.5 demands it of issuers; others have left it out.</summary>
    public DateTimeOffset? NextUpdate { get; }

    public IReadOnlyList<Extension> Extensions { get; }

    public static Crl Read(ReadOnlyMemory<byte> der) => new(der);

    public Extension? Find(string oid) => Extensions.FirstOrDefault(e => e.Oid == oid);

    /// <summary>Reads entry after entry; a malformed one throws when its turn comes.</summary>
    public IEnumerable<RevokedEntry> Entries() => entries.All();

    /// <summary>
    /// Where each serial stands: made in one pass when first asked for, which reads every entry's form; throws
    /// <see cref="AsnContentException"/> for the first malformed one.
    /// </summary>
    public CrlIndex Index => index.Value;

    /// <summary>
    /// The first entry of that serial, found by looking through all; who asks often asks the <see cref="Index"/>. In an
    /// indirect CRL the certificate's issuer must be given as well, where it is not the CRL's.
    /// </summary>
    public RevokedEntry? Find(SerialNumber serial, Name? certificateIssuer = null)
    {
        var isIndirect = Find(Oids.IssuingDistributionPoint) is { } point
            && X509.Extensions.ReadIssuingDistributionPoint(point).IndirectCrl;
        return isIndirect ? FindIndirect(serial, certificateIssuer ?? Issuer) : entries.Find(serial);
    }

    public bool IsSignedBy(PublicKey key) => signed.IsSignedBy(key);

    private RevokedEntry? FindIndirect(SerialNumber serial, Name issuer)
    {
        foreach (var entry in Entries())
        {
            if (entry.Serial == serial && issuer.Equals(entry.CertificateIssuer ?? Issuer))
                return entry;
        }

        return null;
    }

    /// <summary>Version OPTIONAL: when it is there it must be v2 (RFC 5280 5.1.2.1).</summary>
    private static int ReadVersion(AsnReader reader)
    {
        if (!reader.NextIs(UniversalTagNumber.Integer))
            return 1;
        return reader.TryReadInt32(out var version) && version == V2
            ? 2
            : throw new AsnContentException("not a CRL version");
    }

    private IReadOnlyList<Extension> ReadExtensions(AsnReader reader)
    {
        if (reader.HasData && Version != 2)
            throw new AsnContentException("only a v2 CRL has extensions");
        return reader.ReadExplicit(X509.Der.Context(0, constructed: true), Extension.ReadList) ?? [];
    }
}
