using System.Formats.Asn1;
using Jpki.X509;

namespace Jpki.Validation;

/// <summary>Where the certificates at hand say that more is to be found. 取得先</summary>
internal sealed class Wanted(FetchLimits limits)
{
    private const string CertificateAttributes = "cACertificate;binary,crossCertificatePair;binary";
    private const string CrlAttributes =
        "certificateRevocationList;binary,authorityRevocationList;binary,deltaRevocationList;binary";

    /// <summary>In the order in which it is worth asking: the target's own places first.</summary>
    public IEnumerable<Uri> Places(Evidence evidence, bool withCrls)
    {
        List<Certificate> below = [evidence.Target!, .. evidence.Certificates];
        var known = evidence.Certificates.Concat(evidence.Anchors).Select(c => c.Subject).ToHashSet();
        return below.SelectMany(c => Above(c, known))
            .Concat(withCrls ? below.SelectMany(CrlsOf) : [])
            .Concat(evidence.Anchors.Concat(evidence.Certificates).SelectMany(Below))
            .Distinct();
    }

    /// <summary>The issuer's certificates: caIssuers, and the issuer's entry.</summary>
    private IEnumerable<Uri> Above(Certificate certificate, HashSet<Name> known)
    {
        var stated = Uris(certificate, Oids.AuthorityInfoAccess, Oids.AccessCaIssuers);
        return known.Contains(certificate.Issuer)
            ? stated : stated.Concat(Entry(certificate.Issuer, CertificateAttributes));
    }

    /// <summary>What an authority issued or holds: caRepository, and its own entry with the cross pairs.</summary>
    private IEnumerable<Uri> Below(Certificate certificate) =>
        Uris(certificate, Oids.SubjectInfoAccess, Oids.AccessCaRepository)
            .Concat(Entry(certificate.Subject, CertificateAttributes));

    private IEnumerable<Uri> CrlsOf(Certificate certificate)
    {
        foreach (var point in Points(certificate))
        {
            var issuers = point.CrlIssuer?.Select(n => n.DirectoryName).OfType<Name>() ?? [certificate.Issuer];
            if (point.Name is null)
            {
                foreach (var place in issuers.SelectMany(i => Entry(i, CrlAttributes)))
                    yield return place;
            }
            else if (point.Name.NameRelativeToCrlIssuer is { } rdn)
            {
                foreach (var place in issuers.SelectMany(i => Entry(Name.Of(i.Rdns.Append(rdn)), CrlAttributes)))
                    yield return place;
            }
            foreach (var name in point.Name?.FullName ?? [])
            {
                foreach (var place in name.DirectoryName is { } entry ? Entry(entry, CrlAttributes) : ReadUri(name))
                    yield return place;
            }
        }
    }

    /// <summary>Its distribution points, or its issuer's own list.</summary>
    private static IReadOnlyList<DistributionPoint> Points(Certificate certificate) =>
        Read(certificate, Oids.CrlDistributionPoints, Extensions.ReadCrlDistributionPoints)
        ?? [new(null, null, [GeneralName.Of(certificate.Issuer)])];

    private static IEnumerable<Uri> Uris(Certificate certificate, string extension, string method) =>
        (Read(certificate, extension, Extensions.ReadAuthorityInfoAccess) ?? [])
            .Where(d => d.Method == method).SelectMany(d => ReadUri(d.Location));

    /// <summary>An entry of the directory that should hold it, if one is configured (RFC 4516).</summary>
    private IEnumerable<Uri> Entry(Name name, string attributes) => name.IsEmpty || Holding(name) is not { } directory
        ? []
        : [new Uri(directory, $"/{Uri.EscapeDataString(name.ToString())}?{attributes}?base")];

    private Uri? Holding(Name name) =>
        limits.Directories.FirstOrDefault(d => name.IsWithin(d.Context))?.Place ?? limits.Directory;

    private static IEnumerable<Uri> ReadUri(GeneralName name) =>
        name.Kind == GeneralNameKind.UniformResourceIdentifier
        && Uri.TryCreate(name.Text, UriKind.Absolute, out var place) ? [place] : [];

    private static T? Read<T>(Certificate certificate, string oid, Func<Extension, T> read)
        where T : class
    {
        try
        {
            return certificate.Find(oid) is { } extension ? read(extension) : null;
        }
        catch (AsnContentException)
        {
            return null; // a place that cannot be read is no place
        }
    }
}
