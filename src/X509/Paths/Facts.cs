using System.Formats.Asn1;

namespace Jpki.X509.Paths;

/// <summary>What a certificate says that path validation asks about, read once.</summary>
internal sealed class Facts
{
    private readonly Lock gate = new();
    private Digest? digest;
    private ConstrainedNames? names;

    public Facts(Certificate certificate, Func<Name, Name>? known = null)
    {
        Certificate = certificate;
        Issuer = known?.Invoke(certificate.Issuer) ?? certificate.Issuer;
        IsSelfIssued = Issuer.Equals(certificate.Subject);
        Subject = IsSelfIssued ? Issuer : certificate.Subject;
        foreach (var extension in certificate.Extensions)
        {
            try
            {
                if (!Read(extension) && extension.Critical)
                    UnknownCritical ??= extension.Oid;
            }
            catch (AsnContentException e)
            {
                Malformed ??= $"extension {extension.Oid} cannot be read: {e.Message}";
            }
        }
    }

    public Certificate Certificate { get; }

    public Name Subject { get; }

    public Name Issuer { get; }

    public bool IsSelfIssued { get; }

    public Digest Digest
    {
        get
        {
            lock (gate)
                return digest ??= Digest.Of(Certificate.Der.Span);
        }
    }

    /// <summary>Subject and alternative names, as name constraints look at them.</summary>
    public ConstrainedNames Names => names ??= ConstrainedNames.Of(this);

    public BasicConstraints? BasicConstraints { get; private set; }

    public KeyUsages? KeyUsage { get; private set; }

    public IReadOnlyList<string>? Purposes { get; private set; }

    public IReadOnlyList<GeneralName>? AltNames { get; private set; }

    public NameRules? NameRules { get; private set; }

    public IReadOnlyList<PolicyInformation>? Policies { get; private set; }

    public IReadOnlyList<PolicyMapping> Mappings { get; private set; } = [];

    public PolicyConstraints? PolicyConstraints { get; private set; }

    public int? InhibitAnyPolicy { get; private set; }

    public ReadOnlyMemory<byte>? SubjectKeyId { get; private set; }

    public ReadOnlyMemory<byte>? AuthorityKeyId { get; private set; }

    public IReadOnlyList<DistributionPoint>? CrlPoints { get; private set; }

    public bool HasOcspNoCheck { get; private set; }

    /// <summary>A critical extension that this validator does not process (RFC 5280 4.2).</summary>
    public string? UnknownCritical { get; }

    public string? Malformed { get; }

    public bool IsCa => BasicConstraints is { IsCa: true };

    /// <summary>Does it allow that? An absent extension forbids nothing (RFC 5280 4.2.1.3).</summary>
    public bool Allows(KeyUsages usage) => KeyUsage is not { } usages || (usages & usage) == usage;

    public bool Allows(string purpose) => Purposes is not { } purposes
        || purposes.Contains(purpose) || purposes.Contains(Oids.AnyExtendedKeyUsage);

    public bool IsSameEntity(Facts other) =>
        Certificate.PublicKey.Equals(other.Certificate.PublicKey) && Subject.Equals(other.Subject);

    public Objection Objection(string section, string reason) => new(section, reason) { About = Certificate };

    /// <summary>False when this validator does not process such an extension.</summary>
    private bool Read(Extension e)
    {
        switch (e.Oid)
        {
            case Oids.BasicConstraints: BasicConstraints = Extensions.ReadBasicConstraints(e); return true;
            case Oids.KeyUsage: KeyUsage = Extensions.ReadKeyUsage(e); return true;
            case Oids.ExtendedKeyUsage: Purposes = Extensions.ReadExtendedKeyUsage(e); return true;
            case Oids.SubjectAltName: AltNames = Extensions.ReadSubjectAltName(e); return true;
            case Oids.NameConstraints: NameRules = NameRules.Of(Extensions.ReadNameConstraints(e)); return true;
            case Oids.CertificatePolicies: Policies = Extensions.ReadCertificatePolicies(e); return true;
            case Oids.PolicyMappings: Mappings = Extensions.ReadPolicyMappings(e); return true;
            case Oids.PolicyConstraints: PolicyConstraints = Extensions.ReadPolicyConstraints(e); return true;
            case Oids.InhibitAnyPolicy: InhibitAnyPolicy = Extensions.ReadInhibitAnyPolicy(e); return true;
            case Oids.CrlDistributionPoints: CrlPoints = Extensions.ReadCrlDistributionPoints(e); return true;
            case Oids.OcspNoCheck: HasOcspNoCheck = true; return true;
            case Oids.SubjectKeyIdentifier: SubjectKeyId = Hint(e, ReadSubjectKeyId); return false;
            case Oids.AuthorityKeyIdentifier: AuthorityKeyId = Hint(e, ReadAuthorityKeyId); return false;
            default: return false;
        }
    }

    /// <summary>Key identifiers only say where to look first (RFC 4158 3.5.12), so a bad one is none.</summary>
    private static ReadOnlyMemory<byte>? Hint(Extension extension, Func<Extension, byte[]?> read)
    {
        try
        {
            return read(extension) is { } identifier ? identifier : null;
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    private static byte[]? ReadSubjectKeyId(Extension e) => Extensions.ReadSubjectKeyIdentifier(e);

    private static byte[]? ReadAuthorityKeyId(Extension e) => Extensions.ReadAuthorityKeyIdentifier(e).KeyIdentifier;
}
