using System.Formats.Asn1;
using Jpki.X509;
using static Jpki.X509.Extensions;

namespace Jpki.Cps.Lint;

/// <summary>
/// A certificate as the rules see it: every extension that is known here unpacked once, and what its readers gloss
/// over. An extension that cannot be unpacked is null here and stands in <see cref="Undecoded"/>.
/// </summary>
public sealed class CertificateView
{
    private const int UniqueIdentifierTags = 2;

    private List<string>? undecoded;

    /// <param name="certificate">What is judged.</param>
    /// <param name="kind">Which profile to judge it by; null for RFC 5280's alone.</param>
    public CertificateView(Certificate certificate, CertificateKind? kind)
    {
        Certificate = certificate;
        foreach (var extension in certificate.Extensions)
            Unpack(extension);
        Kind = kind;
        Profile = kind is { } known ? Profiles.Of(known) : null;
        (TimeForms, HasUniqueIdentifiers) = ReadRaw(certificate);
    }

    public Certificate Certificate { get; }

    public CertificateKind? Kind { get; }

    public CertificateProfile? Profile { get; }

    public KeyUsages? KeyUsage { get; private set; }

    public BasicConstraints? BasicConstraints { get; private set; }

    public IReadOnlyList<string>? Purposes { get; private set; }

    public IReadOnlyList<PolicyInformation>? Policies { get; private set; }

    public IReadOnlyList<PolicyMapping>? Mappings { get; private set; }

    public PolicyConstraints? PolicyConstraints { get; private set; }

    public IReadOnlyList<GeneralName>? SubjectAltName { get; private set; }

    public IReadOnlyList<GeneralName>? IssuerAltName { get; private set; }

    public IReadOnlyList<DistributionPoint>? Points { get; private set; }

    public AuthorityKeyIdentifier? AuthorityKey { get; private set; }

    public byte[]? SubjectKey { get; private set; }

    public IReadOnlyList<AccessDescription>? Access { get; private set; }

    /// <summary>OIDs of extensions whose value is not what its standard says.</summary>
    public IReadOnlyList<string> Undecoded => undecoded ?? [];

    /// <summary>The types of notBefore and notAfter.</summary>
    public (UniversalTagNumber NotBefore, UniversalTagNumber NotAfter) TimeForms { get; }

    public bool HasUniqueIdentifiers { get; }

    public bool IsAuthority => BasicConstraints is { IsCa: true };

    /// <summary>By its key identifiers; the signature is not asked.</summary>
    public bool IsSelfSigned => Certificate.IsSelfIssued
        && (AuthorityKey?.KeyIdentifier is not { } key || key.AsSpan().SequenceEqual(SubjectKey));

    public bool Has(string oid) => Certificate.Find(oid) is not null;

    /// <summary>Is it there and marked critical?</summary>
    public bool IsCritical(string oid) => Certificate.Find(oid) is { Critical: true };

    /// <summary>Is it there and not marked critical?</summary>
    public bool IsPlain(string oid) => Certificate.Find(oid) is { Critical: false };

    private void Unpack(Extension extension)
    {
        try
        {
            UnpackKnown(extension);
        }
        catch (AsnContentException)
        {
            (undecoded ??= []).Add(extension.Oid);
        }
    }

    private void UnpackKnown(Extension extension)
    {
        switch (extension.Oid)
        {
            case Oids.KeyUsage: KeyUsage = Decoded.Of(extension, ReadKeyUsage); break;
            case Oids.BasicConstraints: BasicConstraints = Decoded.Of(extension, ReadBasicConstraints); break;
            case Oids.ExtendedKeyUsage: Purposes = Decoded.Of(extension, ReadExtendedKeyUsage); break;
            case Oids.CertificatePolicies: Policies = Decoded.Of(extension, ReadCertificatePolicies); break;
            case Oids.PolicyMappings: Mappings = ReadPolicyMappings(extension); break;
            case Oids.PolicyConstraints: PolicyConstraints = ReadPolicyConstraints(extension); break;
            case Oids.SubjectAltName: SubjectAltName = ReadSubjectAltName(extension); break;
            case Oids.IssuerAltName: IssuerAltName = Decoded.Of(extension, ReadIssuerAltName); break;
            case Oids.CrlDistributionPoints: Points = Decoded.Of(extension, ReadCrlDistributionPoints); break;
            case Oids.AuthorityKeyIdentifier: AuthorityKey = Decoded.Of(extension, ReadAuthorityKeyIdentifier); break;
            case Oids.SubjectKeyIdentifier: SubjectKey = ReadSubjectKeyIdentifier(extension); break;
            case Oids.AuthorityInfoAccess: Access = ReadAuthorityInfoAccess(extension); break;
            case Oids.SubjectInfoAccess: ReadAuthorityInfoAccess(extension); break;
            case Oids.FreshestCrl: ReadCrlDistributionPoints(extension); break;
            case Oids.NameConstraints: ReadNameConstraints(extension); break;
            case Oids.InhibitAnyPolicy: ReadInhibitAnyPolicy(extension); break;
            case Oids.OcspNoCheck: ReadOcspNoCheck(extension); break;
        }
    }

    private static ((UniversalTagNumber, UniversalTagNumber), bool) ReadRaw(Certificate certificate)
    {
        AsnReader reader = new(certificate.ToBeSigned, AsnEncodingRules.DER);
        reader = reader.ReadSequence();
        if (reader.PeekTag().TagClass == TagClass.ContextSpecific)
            reader.ReadEncodedValue();
        for (var field = 0; field < 3; field++)                // serialNumber, signature, issuer
            reader.ReadEncodedValue();
        var validity = reader.ReadSequence();
        var notBefore = (UniversalTagNumber)validity.PeekTag().TagValue;
        validity.ReadEncodedValue();
        var notAfter = (UniversalTagNumber)validity.PeekTag().TagValue;
        reader.ReadEncodedValue();                            // subject
        reader.ReadEncodedValue();                            // subjectPublicKeyInfo
        return ((notBefore, notAfter), reader.HasData && reader.PeekTag().TagValue <= UniqueIdentifierTags);
    }
}
