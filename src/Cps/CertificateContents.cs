using System.Collections.Concurrent;
using Jpki.X509;

namespace Jpki.Cps;

/// <summary>What is the certificate's own, whatever its kind.</summary>
public sealed record CertificateFrame(SerialNumber Serial, Validity Validity, PublicKey Key);

/// <summary>
/// Fills the profiles of chapter 7 with one certificate's values, slot by slot in the profile's order. (CPS 7-1)
/// What comes out is a value: <c>content with { … }</c> bends it. This file: what the governor signs for end entities.
/// </summary>
public static partial class CertificateContents
{
    private static readonly ConcurrentDictionary<(string, string), Name> Places = [];

    /// <param name="issuer">The generation that signs.</param>
    /// <param name="frame">Serial number, validity, the holder's key.</param>
    /// <param name="municipality">Where the holder lives.</param>
    /// <param name="commonName">28 characters: time, sequence, terminal.</param>
    /// <param name="holder">The four attributes as texts.</param>
    public static CertificateContent Resident(
        IssuingAuthority issuer, CertificateFrame frame, Municipality municipality, string commonName,
        HolderNames holder) => Issued(issuer, frame, Profiles.Resident) with
        {
            Subject = PlaceOf(issuer.Names, municipality.LocalityOf(holder.Address) ?? municipality.Romaji)
                .With("CN", commonName),
            Extensions = Fill(Profiles.Resident, oid => oid switch
            {
                Oids.SubjectAltName => holder.ToExtension(),
                Oids.CertificatePolicies => issuer.Policy(issuer.Names.Policies.Certificates),
                Oids.CrlDistributionPoints => issuer.PointOf(municipality),
                Oids.AuthorityInfoAccess => OcspAt(issuer.Choices.ResidentOcspUri),
                _ => Common(issuer, frame, Profiles.Resident, oid),
            }),
        };

    public static CertificateContent OcspResponder(IssuingAuthority issuer, CertificateFrame frame, string node) =>
        Issued(issuer, frame, Profiles.OcspResponder) with
        {
            Subject = OcspResponderName(issuer.Names, node),
            Extensions = Fill(Profiles.OcspResponder, oid => oid switch
            {
                Oids.ExtendedKeyUsage => Extensions.ExtendedKeyUsage(Oids.OcspSigning),
                Oids.CertificatePolicies => issuer.Policy(issuer.Names.Policies.OcspResponder),
                Oids.OcspNoCheck => Extensions.OcspNoCheck(),
                _ => Common(issuer, frame, Profiles.OcspResponder, oid),
            }),
        };

    public static CertificateContent ValidationServer(IssuingAuthority issuer, CertificateFrame frame, string server) =>
        Issued(issuer, frame, Profiles.ValidationServer) with
        {
            Subject = Office(issuer.Names, "Validation Server", server),
            Extensions = Fill(Profiles.ValidationServer, oid => oid switch
            {
                Oids.ExtendedKeyUsage when issuer.Choices.ValidationServerPurposes.IsEmpty => null,
                Oids.ExtendedKeyUsage => Extensions.ExtendedKeyUsage([.. issuer.Choices.ValidationServerPurposes]),
                Oids.CertificatePolicies => issuer.Policy(issuer.Names.Policies.ValidationServer),
                Oids.CrlDistributionPoints => issuer.PointOf(null),
                _ => Common(issuer, frame, Profiles.ValidationServer, oid),
            }),
        };

    public static Name OcspResponderName(PrefectureNames names, string node) => Office(names, "OCSP Responder", node);

    /// <summary>
    /// The name of an OCSP node or validation server: the CA's name without its last part, and itself.
    /// </summary>
    private static Name Office(PrefectureNames names, string office, string id) =>
        Name.Of(names.Authority.Rdns.SkipLast(1)).With("OU", office).With("CN", id);

    private static Name PlaceOf(PrefectureNames names, string locality) => Places.GetOrAdd(
        (names.Prefecture, locality),
        place => Name.Of(("C", "JP"), ("L", place.Item1), ("L", place.Item2)));

    private static Extension? OcspAt(string? uri) => uri is null ? null : Extensions.AuthorityInfoAccess(
        new AccessDescription(
            Oids.AccessOcsp, GeneralName.Of(GeneralNameKind.UniformResourceIdentifier, uri)));

    private static CertificateContent Issued(
        IssuingAuthority issuer, CertificateFrame frame, CertificateProfile profile) => new()
        {
            Serial = frame.Serial,
            Algorithm = issuer.Algorithm,
            Issuer = issuer.Names.Authority,
            // A link certificate's subject; every other kind says its own.
            Subject = profile.IsAuthority ? issuer.Names.Authority : Name.Empty,
            NotBefore = frame.Validity.NotBefore,
            NotAfter = frame.Validity.NotAfter,
            PublicKey = frame.Key,
        };

    /// <summary>The extensions that say the same in every kind of certificate that has them.</summary>
    private static Extension? Common(
        IssuingAuthority issuer, CertificateFrame frame, CertificateProfile profile, string oid) => oid switch
        {
            Oids.KeyUsage => profile.KeyUsageExtension,
            Oids.IssuerAltName => issuer.AltName,
            Oids.AuthorityKeyIdentifier => issuer.KeyIdentifier,
            Oids.SubjectKeyIdentifier => Extensions.SubjectKeyIdentifier(frame.Key.KeyIdentifier),
            _ => null,
        };

    private static List<Extension> Fill(CertificateProfile profile, Func<string, Extension?> value)
    {
        List<Extension> filled = new(profile.Extensions.Length);
        foreach (var slot in profile.Extensions)
        {
            var extension = value(slot.Oid);
            if (extension is null && !slot.IsOptional)
                throw new InvalidOperationException($"{profile.Kind} has no value for {slot.Oid}");
            if (extension is not null && extension.Critical != slot.Critical)
                extension = extension with { Critical = slot.Critical };
            if (extension is not null)
                filled.Add(extension);
        }
        return filled;
    }
}
